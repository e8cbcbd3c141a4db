"""/panic where IB, the line or the account is not as it should be."""

from dataclasses import replace

from core.model.evidence import LineState
from core.model.news import NothingToSell
from core.model.proposal import Choice
from tests.builders import FDMX, QRVX
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness, when
from tests.harness.panics import hold, panic, the_question
from tests.harness.waiting import turns, until


async def test_a_sale_that_the_gateway_swallows_keeps_no_other_back(
    harness: Harness,
) -> None:
    async with harness.trading():
        hold(harness)
        panic(harness)
        card = await the_question(harness)

        def then_filled() -> None:
            harness.broker.behaviour = BrokerBehaviour.FILLS

        harness.broker.behaviour = BrokerBehaviour.SWALLOWS
        harness.reached = when("sent", then_filled)
        harness.tap(card, Choice.YES)
        await until(lambda: "unknown" in harness.states(card))
        await harness.ready()
        await until(lambda: "filled" in harness.states(card))

    assert harness.states(card) == ["unknown", "filled"]


async def test_what_is_refused_is_told_and_the_other_is_sold(harness: Harness) -> None:
    async with harness.trading():
        hold(harness)
        panic(harness)
        card = await the_question(harness)
        harness.broker.behaviour = BrokerBehaviour.REFUSES
        harness.reached = when(
            "W5", lambda: setattr(harness.broker, "behaviour", BrokerBehaviour.FILLS)
        )
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert harness.states(card) == ["rejected", "filled"]


async def test_the_line_falls_between_two_sales_and_the_second_is_sold_when_it_is_back(
    harness: Harness,
) -> None:
    async with harness.trading():
        hold(harness)
        panic(harness)
        card = await the_question(harness)
        harness.reached = when("W5", lambda: harness.broker.go(LineState.DOWN, "gone"))
        harness.tap(card, Choice.YES)
        await turns()
        harness.reached = lambda _: None
        harness.broker.connect()
        await harness.ready()
        harness.engine.look()
        await harness.until_settled(card)

    assert harness.states(card) == ["filled", "filled"]


async def test_where_nothing_can_be_sold_here_it_names_what_is_held(
    harness: Harness,
) -> None:
    """ "Nothing to sell" alone would say that the account is empty."""
    async with harness.trading():
        harness.broker.trade_by_hand(FDMX, 50)
        position = harness.broker.held[FDMX.con_id]
        abroad = replace(FDMX, currency="EUR")
        harness.broker.held[FDMX.con_id] = replace(position, instrument=abroad)
        panic(harness)
        await until(lambda: harness.news(NothingToSell))

    [told] = harness.news(NothingToSell)
    assert told.stays == "Not in this sale: 50 FDMX (in EUR: /sell FDMX asks about it)."


async def test_what_an_earlier_one_sells_is_named_as_being_sold(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        harness.broker.trade_by_hand(QRVX, 100)
        panic(harness)
        card = await the_question(harness)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        panic(harness, "panic:2")
        await until(lambda: harness.news(NothingToSell))

    [told] = harness.news(NothingToSell)
    assert "100 QRVX (being sold already" in told.stays


async def test_a_holding_of_which_no_price_is_known_is_named_with_the_reason(
    harness: Harness,
) -> None:
    async with harness.trading():
        hold(harness)
        position = harness.broker.held[FDMX.con_id]
        harness.broker.held[FDMX.con_id] = replace(
            position, price=None, average_cost=None, market_value=None
        )
        harness.market.known.pop(FDMX.con_id)
        panic(harness)
        card = await the_question(harness)

    assert card.note == "Not in this sale: 50 FDMX (no price known: sell it in TWS)."


async def test_where_ib_answers_nothing_the_reason_does_not_speak_of_other_sales(
    harness: Harness,
) -> None:
    async with harness.trading():
        hold(harness)
        panic(harness)
        card = await the_question(harness)
        harness.freeze()
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    reasons = [order.reason or "" for order in harness.orders(card)]
    assert harness.states(card) == ["lapsed", "lapsed"]
    assert all("IB did not answer" in reason for reason in reasons)
    assert "IB did not list QRVX" in reasons[0]
    assert not any("being sold already" in reason for reason in reasons)
