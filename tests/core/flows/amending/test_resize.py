"""A tap on a size shows another card in the same place, and approves nothing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from core.model.exits.plan import Distance, ExitPlan, Unit
from core.model.money import Shares, Size
from core.model.order import Order
from core.model.proposal import (
    Choice,
    ChooseExits,
    Decision,
    Proposal,
    Resize,
    Token,
    Verdict,
)
from tests.builders import QRVX, a_shown, an_account, money
from tests.harness.core import Harness, an_open_harness
from tests.harness.waiting import turns


FIVE_HUNDRED = Size(dollars=money("500"))
THOUSAND = Size(dollars=money("1000"))
FIFTY = Size(shares=Shares(50))
ONE_PERCENT = Size(risk=Decimal(1))


def resized(harness: Harness, card: Proposal, size: Size) -> Decision:
    """The owner taps a size on the card as he sees it."""
    return harness.engine.resize(Resize(token=card.token, size=size, shown=card.shown))


def shares(orders: tuple[Order, ...] | Proposal) -> list[int]:
    legs = orders.legs if isinstance(orders, Proposal) else orders
    return [each.shares for each in legs]


async def test_yes_buys_the_size_that_the_card_shows(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        decision = resized(harness, card, FIVE_HUNDRED)
        assert harness.orders(card) == ()
        harness.tap(harness.card(), Choice.YES)
        await harness.until_settled(card)

    assert decision.verdict is Verdict.RESIZED
    assert sorted(order.shares for order in harness.broker.sent) == [18, 103]


async def test_a_yes_to_an_older_size_buys_nothing(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        resized(harness, card, FIVE_HUNDRED)

        decision = harness.tap(card, Choice.YES)
        await turns()

    assert decision.verdict is Verdict.NOT_NOW
    assert "asked anew" in decision.reasons[0]
    assert harness.orders(card) == ()
    assert harness.broker.sent == []


async def test_of_two_sizes_tapped_fast_the_last_one_stands(harness: Harness) -> None:
    """Both taps carry the token of the card that was there before."""
    async with harness.trading():
        card = await harness.scan()
        resized(harness, card, FIVE_HUNDRED)
        decision = resized(harness, card, THOUSAND)

    assert decision.verdict is Verdict.RESIZED
    assert shares(harness.card()) == [37, 207]


async def test_the_same_size_twice_changes_nothing(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        resized(harness, card, FIVE_HUNDRED)
        once = harness.card()
        resized(harness, once, FIVE_HUNDRED)

    assert harness.card() == once


async def test_a_size_tapped_after_the_yes_changes_no_order(harness: Harness) -> None:
    """The Yes is on disk; its orders are being judged."""
    async with harness.trading():
        card = await harness.scan()
        harness.tap(card, Choice.YES)
        decision = resized(harness, card, FIFTY)
        await harness.until_settled(card)

    assert decision.verdict is Verdict.ALREADY
    assert [order.shares for order in harness.broker.sent] == [100, 100]


async def test_a_size_on_an_offer_that_has_ended_is_too_late(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.clock.moment = card.expires_at + timedelta(seconds=1)
        decision = resized(harness, card, FIFTY)

    assert decision.verdict is Verdict.EXPIRED
    assert harness.broker.sent == []


async def test_a_size_tapped_elsewhere_is_not_valid(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        there = a_shown(message=card.shown.message + 1)
        forged = Resize(token=Token("forged"), size=FIFTY, shown=there)

        assert harness.engine.resize(forged).verdict is Verdict.UNKNOWN
        elsewhere = replace(forged, token=card.token)
        assert harness.engine.resize(elsewhere).verdict is Verdict.UNKNOWN

    assert harness.card() == card


async def test_a_sum_that_buys_no_share_of_one_leaves_the_other(
    harness: Harness,
) -> None:
    """FDMX costs 26.61."""
    async with harness.trading():
        card = await harness.scan()
        resized(harness, card, Size(dollars=money("20")))
        looked = harness.cards_to_look_at().card(card.id)
        harness.tap(harness.card(), Choice.YES)
        await harness.until_settled(card)

    assert looked is not None
    [leg] = [leg for leg in card.legs if leg.instrument == QRVX]
    assert looked.fitting == (leg.number,)
    assert "buys no whole share of FDMX" in looked.refused[0]
    [sent] = harness.broker.sent
    assert (sent.instrument, sent.shares) == (QRVX, 4)


async def test_a_sum_that_buys_no_share_at_all_is_said_and_sends_nothing(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        resized(harness, card, Size(dollars=money("1")))
        decision = harness.tap(harness.card(), Choice.YES)
        await turns()

    assert decision.verdict is Verdict.NOT_NOW
    assert decision.reasons == ("This size buys no whole share.",)
    assert harness.orders(card) == ()


async def test_caps_are_said_before_the_yes(harness: Harness) -> None:
    """10,000 shares of both are more than an order and a day may cost."""
    async with harness.trading():
        card = await harness.scan()
        resized(harness, card, Size(shares=Shares(10_000)))
        looked = harness.cards_to_look_at().card(card.id)

    assert looked is not None
    assert any("an order" in each for each in looked.refused)
    assert any("a day" in each for each in looked.refused)
    assert looked.fitting == ()


async def test_an_account_that_is_not_known_has_no_percent_at_risk(
    tmp_path: Path,
) -> None:
    """An account in euros without IB's rate is worth an unknown sum of dollars."""
    with an_open_harness(tmp_path) as harness:
        harness.broker.summary = an_account(net_liquidation=None)
        async with harness.trading():
            card = await harness.scan()
            stop = ExitPlan(stop=Distance(amount=Decimal(5), unit=Unit.PERCENT))
            legs = tuple(replace(leg, exits=stop) for leg in card.legs)
            with harness.journal.transaction():
                harness.journal.proposals.amend(replace(card, legs=legs))
            resized(harness, card, ONE_PERCENT)
            looked = harness.cards_to_look_at().card(card.id)

    assert looked is not None
    assert "IB has not sent the account's value" in looked.refused[0]
    assert looked.fitting == ()


async def test_the_default_size_is_the_owners(tmp_path: Path) -> None:
    with an_open_harness(tmp_path, size=FIVE_HUNDRED) as harness:
        async with harness.trading():
            card = await harness.scan()

        assert (card.size, shares(card)) == (None, [18, 103])


async def test_a_sum_is_the_same_sum_when_the_card_asks_again(
    harness: Harness,
) -> None:
    """QRVX went from 4.83 to 5.20 on the way: 500 dollars are 96 shares by now."""
    async with harness.trading():
        card = await harness.scan()
        resized(harness, card, FIVE_HUNDRED)
        moved = money("5.20")
        harness.quote(QRVX, last=moved, ask=moved)
        [leg] = [leg for leg in card.legs if leg.instrument == QRVX]
        harness.tap(harness.card(), Choice(f"{leg.number}"))
        await harness.until_settled(card)

    again = harness.card()
    assert (again.id != card.id, shares(again)) == (True, [96])
    assert harness.broker.sent == []


def with_stop(harness: Harness, percent: int | None) -> Decision:
    """The owner taps a stop so many percent below, or no exits at all."""
    stop = percent and Distance(amount=Decimal(percent), unit=Unit.PERCENT)
    card = harness.card()
    plan = ExitPlan(stop=stop or None)
    return harness.engine.choose_exits(
        ChooseExits(token=card.token, plan=plan, shown=card.shown)
    )


async def test_another_stop_is_another_size_by_risk(harness: Harness) -> None:
    """1 % of 101,240 dollars over 5 and 10 % of 26.61 and of 4.83; none without a stop."""
    async with harness.trading():
        await harness.scan()
        with_stop(harness, 5)
        resized(harness, harness.card(), ONE_PERCENT)
        near = shares(harness.card())
        with_stop(harness, 10)
        far = shares(harness.card())
        with_stop(harness, None)
        none = shares(harness.card())
        decision = harness.tap(harness.card(), Choice.YES)
        await turns()

    assert near == [760, 4192]
    assert far == [380, 2096]
    assert none == [0, 0]
    assert decision.verdict is Verdict.NOT_NOW
    assert harness.broker.sent == []
