"""A sale through a kill, a loss, a doubt, a halt, and an IB that says nothing."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.model.errors import BrokerAway
from core.model.evidence import LineState
from core.model.market import Freshness
from core.model.money import Shares
from core.model.points import W2
from core.model.proposal import Choice, Verdict
from core.rules.selling.amount import Amount
from tests.builders import QRVX, price
from tests.core.flows.named.selling import ALL, a_card, left, sold
from tests.core.flows.test_before_it_leaves import once
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness, when
from tests.harness.waiting import until
from tests.simulation.loop import SimulatedLoop


async def test_killed_between_the_yes_and_the_send_it_is_sold_once(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_card(harness)
    harness.tap(card, Choice.YES)  # W1 is on disk, nobody runs
    harness.restart()
    async with harness.trading():
        await harness.until_settled(card)

    assert harness.states(card) == ["filled"]
    assert (sold(harness), left(harness)) == (100, 0)


async def test_killed_between_w2_and_the_answer_it_is_never_sold_again(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_card(harness)
        harness.reached = when("W2", harness.drop_events)
        harness.tap(card, Choice.YES)
        await until(lambda: len(harness.broker.sent) == 1)
    harness.restart()
    async with harness.trading():
        await harness.until_settled(card)

    assert harness.states(card) == ["filled"]
    assert (sold(harness), left(harness)) == (100, 0)


async def test_a_sale_that_is_lost_is_told_and_its_shares_are_free_again(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.LOSES
    async with harness.trading():
        card = await a_card(harness)
        harness.tap(card, Choice.YES)
        await until(lambda: harness.states(card) == ["absent"])
        await harness.ready()
        again = await a_card(harness, key="again")

    assert again.legs[0].shares == 100
    assert len(harness.broker.sent) == 1


async def test_a_sale_in_doubt_blocks_its_shares(harness: Harness) -> None:
    harness.broker.behaviour = BrokerBehaviour.SWALLOWS
    async with harness.trading():
        card = await a_card(harness, Amount(shares=Shares(70)))
        harness.tap(card, Choice.YES)
        await until(lambda: harness.states(card) == ["unknown"])
        await harness.ready()
        rest = await a_card(harness, key="rest")

    assert rest.legs[0].shares == 30


async def test_a_price_that_fell_asks_again_with_the_same_shares(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_card(harness)
        harness.quote(QRVX, bid=price("4.60"), last=price("4.61"), ask=price("4.62"))
        harness.tap(card, Choice.YES)
        await until(lambda: harness.states(card) == ["needs reconfirm"])
        again = harness.card()
        harness.tap(again, Choice.YES)
        await harness.until_settled(again)

    assert harness.states(card) == ["needs reconfirm"]
    assert again.legs[0].bid == price("4.60")
    assert (again.note or "").startswith("Not sold.")
    assert (sold(harness), left(harness)) == (100, 0)


@pytest.mark.attack(4)
@pytest.mark.parametrize("is_quoted", [False, True], ids=["no quote", "nobody bids"])
async def test_a_price_that_is_gone_asks_again_once(
    harness: Harness, *, is_quoted: bool
) -> None:
    """It may have fallen as far as one that asks again."""
    async with harness.trading():
        card = await a_card(harness)
        if is_quoted:
            harness.quote(QRVX, bid=None, last=None)
        else:
            del harness.market.known[QRVX.con_id]
            harness.market.unquoted[QRVX.con_id] = "no subscription"
        harness.tap(card, Choice.YES)
        await until(lambda: harness.states(card) == ["needs reconfirm"])
        again = harness.card()
        harness.tap(again, Choice.YES)
        await harness.until_settled(again)

    assert again.legs[0].freshness is Freshness.UNKNOWN
    assert (again.note or "").startswith("Not sold. QRVX has no price now")
    assert (sold(harness), left(harness)) == (100, 0)


async def test_what_was_cancelled_while_it_was_judged_is_not_asked_about_again(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_card(harness)
        harness.quote(QRVX, bid=price("4.60"), last=price("4.61"), ask=price("4.62"))

        def cancel() -> None:
            harness.engine.named.cancel_all(by="Ada")

        harness.broker.meanwhile = cancel
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed"]
    assert harness.journal.proposals.offers() == ()


@pytest.mark.attack(1)
@pytest.mark.parametrize("is_judged", [False, True], ids=["listed", "judged"])
async def test_a_sale_that_is_cancelled_behind_its_yes_never_leaves(
    harness: Harness, *, is_judged: bool
) -> None:
    """While IB lists what is held, and right before the journal's line."""

    def cancel() -> None:
        harness.engine.cancel(harness.orders(card)[0].ref, by=OWNER)

    async with harness.trading():
        card = await a_card(harness)
        if is_judged:
            harness.reached = when(W2.before, once(cancel))
        else:
            harness.broker.meanwhile = once(cancel)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert (harness.states(card), sold(harness)) == (["lapsed"], 0)


async def test_while_halted_nothing_is_sold(harness: Harness) -> None:
    async with harness.trading():
        card = await a_card(harness)
        harness.engine.halt(by="Ada", reason="/halt by Ada")
        decision = harness.tap(card, Choice.YES)

    assert decision.verdict is Verdict.NOT_NOW
    assert "halted" in decision.reasons[0]
    assert harness.broker.sent == []


async def test_a_halt_right_after_the_yes_keeps_the_sale_back(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_card(harness)
    harness.tap(card, Choice.YES)
    harness.engine.halt(by="Ada", reason="/halt by Ada")
    harness.restart()
    async with harness.trading():
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed"]
    assert harness.broker.sent == []


async def test_without_a_line_there_is_no_card(harness: Harness) -> None:
    async with harness.trading():
        harness.broker.trade_by_hand(QRVX, 100)
        harness.broker.go(LineState.DOWN, "gone")
        with pytest.raises(BrokerAway):
            await harness.engine.named.sell("QRVX", ALL, key="s")


async def test_where_ib_does_not_list_what_is_held_nothing_is_sold(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_card(harness)

        harness.freeze()
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed"]
    assert harness.broker.sent == []


async def test_a_listing_that_takes_long_does_not_make_the_judgement_old(
    harness: Harness,
) -> None:
    """What was judged is as old as the listing's end, not as its beginning."""
    async with harness.trading():
        card = await a_card(harness)
        harness.broker.meanwhile = lambda: takes_long(harness)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert harness.states(card) == ["filled"]


def takes_long(harness: Harness) -> None:
    """Three seconds pass, and the machine is awake."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, SimulatedLoop)
    harness.clock.forward(seconds=3)
    loop.skip(3)


async def test_a_yes_that_was_heard_late_is_asked_once_more(harness: Harness) -> None:
    async with harness.trading():
        card = await a_card(harness)
        late = replace(harness.a_tap(card, Choice.YES), waited=timedelta(minutes=2))
        decision = harness.engine.decide(late)
        again = harness.card()
        harness.tap(again, Choice.YES)
        await harness.until_settled(again)

    assert decision.verdict is Verdict.NOT_NOW
    assert "Nothing was sold. Tap again to sell" in (again.note or "")
    assert left(harness) == 0


@pytest.mark.parametrize("behind", [0, 20])
async def test_a_clock_behind_ibs_makes_no_share_of_a_sale_free_again(
    harness: Harness, behind: int
) -> None:
    """The purchase is stamped later than the sale was sent, which is no purchase since;
    and the sale is not listed yet."""
    harness.broker.fill_price = price("4.83")
    async with harness.trading():
        bought = await harness.scan()
        harness.tap(bought, Choice.SECOND)
        await harness.until_settled(bought)
        harness.clock.turn(seconds=-behind)
        await harness.engine.named.sell("QRVX", Amount(shares=Shares(40)), key="s")
        sale = harness.card()
        stale = dict(harness.broker.held)
        harness.tap(sale, Choice.YES)
        await harness.until_settled(sale)
        harness.broker.held.update(stale)
        await harness.engine.named.sell("QRVX", Amount(), key="t")
        card = harness.card()

    assert [leg.shares for leg in card.legs] == [60]
