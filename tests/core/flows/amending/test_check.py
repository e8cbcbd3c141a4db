"""What IB says of a card's orders on a tap: asked seldom, and nothing is placed."""

from dataclasses import replace
from decimal import Decimal

from core.model.card import Check
from core.model.evidence import LineState
from core.model.exits.plan import Distance, ExitPlan, Unit
from core.model.money import Shares, Size
from core.model.portfolio import BaseFigures
from core.model.proposal import Choice
from tests.builders import an_account, money
from tests.fakes.broker import A_PREVIEW, BrokerBehaviour
from tests.harness.core import Harness


async def checked(harness: Harness) -> Check:
    return await harness.engine.check(harness.card())


async def test_each_leg_is_asked_about_and_nothing_is_sent(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        found = await checked(harness)

    assert [each.preview for each in found.legs] == [A_PREVIEW, A_PREVIEW]
    assert [each.shares for each in harness.broker.previewed] == [100, 100]
    assert harness.broker.sent == []
    assert harness.orders(card) == ()
    assert harness.card() == card


async def test_a_second_tap_within_a_minute_asks_nothing(harness: Harness) -> None:
    async with harness.trading():
        await harness.scan()
        await checked(harness)
        harness.clock.forward(seconds=59)
        second = await checked(harness)
        assert len(harness.broker.previewed) == 2
        harness.clock.forward(seconds=1)
        third = await checked(harness)

    assert (second.legs, second.wait) == ((), 1.0)
    assert third.wait is None
    assert len(harness.broker.previewed) == 4


async def test_the_id_of_a_question_is_never_an_orders(harness: Harness) -> None:
    """I4, over a restart too."""
    async with harness.trading():
        card = await harness.scan()
        await checked(harness)
        asked = {each.order_id for each in harness.broker.previewed}
        given_away = harness.journal.memory.order_id_high()
        harness.tap(card, Choice.FIRST)
        await harness.until_settled(card)
    high = harness.journal.memory.order_id_high()
    harness.restart()

    ids = {each.order_id for each in harness.broker.sent}
    assert len(asked) == 2
    assert all(each is not None and each <= given_away for each in asked)
    assert not asked & ids
    assert harness.journal.memory.order_id_high() == high
    assert all(each is not None and each <= high for each in ids | asked)


async def test_what_ib_would_refuse_and_what_it_does_not_answer(
    harness: Harness,
) -> None:
    async with harness.trading():
        await harness.scan()
        harness.broker.behaviour = BrokerBehaviour.REFUSES
        refused = await checked(harness)
        harness.clock.forward(seconds=60)
        harness.broker.silent = True
        silent = await checked(harness)

    assert {each.is_refused for each in refused.legs} == {True}
    assert "not today" in (refused.legs[0].problem or "")
    assert {each.is_refused for each in silent.legs} == {False}
    assert "within 5 s" in (silent.legs[0].problem or "")
    assert harness.broker.sent == []


async def test_no_share_is_nothing_to_ask_about(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        legs = tuple(replace(leg, shares=Shares(0)) for leg in card.legs)
        none = replace(card, legs=legs, size=Size(dollars=money("1")))
        found = await harness.engine.check(none)

    assert "buys no whole share" in (found.legs[0].problem or "")
    assert harness.broker.previewed == []


async def test_the_rate_that_lacks_is_named_and_not_the_accounts_value(
    harness: Harness,
) -> None:
    """The account is in euros, and IB has sent its value but not the rate."""
    base = BaseFigures(
        currency="EUR",
        per_dollar=None,
        net_liquidation=Decimal(90_000),
        available_funds=Decimal(80_000),
    )
    async with harness.trading():
        card = await harness.scan()
        stop = ExitPlan(stop=Distance(amount=Decimal(5), unit=Unit.PERCENT))
        legs = tuple(replace(leg, shares=Shares(0), exits=stop) for leg in card.legs)
        none = replace(card, legs=legs, size=Size(risk=Decimal(1)))
        harness.broker.summary = an_account(base=base)
        found = await harness.engine.check(replace(none, net_liquidation=None))

    assert {each.problem for each in found.legs} == {
        "IB has not sent the rate of EUR, in which the account is kept."
    }


async def test_margin_is_in_the_accounts_own_currency(harness: Harness) -> None:
    base = BaseFigures(
        currency="EUR",
        per_dollar=Decimal("0.9"),
        net_liquidation=Decimal(90_000),
        available_funds=Decimal(80_000),
    )
    harness.broker.summary = an_account(base=base)
    async with harness.trading():
        await harness.scan()
        found = await checked(harness)

    assert found.currency == "EUR"


async def test_a_gateway_that_is_not_proven_simulated_is_asked_nothing(
    harness: Harness,
) -> None:
    """In sandbox mode: a real one would be handed an order's message."""
    async with harness.trading():
        await harness.scan()
        harness.broker.go(LineState.UP, is_sandbox=False)
        found = await checked(harness)
        harness.broker.connect()
        await harness.ready()
        then = await checked(harness)

    assert found.legs == ()
    assert "not proven to be Openbell's own" in (found.unfit or "")
    assert then.unfit is None
    assert len(harness.broker.previewed) == len(then.legs) == 2


async def test_an_account_that_the_gateway_does_not_offer_is_asked_nothing(
    harness: Harness,
) -> None:
    async with harness.trading():
        await harness.scan()
        harness.broker.go(LineState.UP, accounts=("DU7654321",))
        found = await checked(harness)

    assert found.legs == ()
    assert "IB does not offer the account" in (found.unfit or "")


async def test_a_gateway_that_changes_between_two_legs_is_asked_no_more(
    harness: Harness,
) -> None:
    async with harness.trading():
        await harness.scan()
        harness.broker.meanwhile = lambda: harness.broker.go(
            LineState.UP, is_sandbox=False
        )
        first, second = (await checked(harness)).legs

    assert first.preview is not None
    assert "not proven to be Openbell's own" in (second.problem or "")
    assert len(harness.broker.previewed) == 1
