"""What IB says goes into the journal in the order in which it was said."""

from dataclasses import replace
from itertools import repeat

import pytest

from core.model.evidence import (
    ChargeMessage,
    CodeMessage,
    FillMessage,
    Meaning,
    StatusMessage,
)
from core.model.market import Side
from core.model.news import Ghost
from core.model.order import Order, OrderState
from core.model.proposal import Choice, Proposal
from tests.builders import a_fill, a_fill_message, money, price, some_names
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness
from tests.harness.waiting import turns, until


async def a_working_order(harness: Harness) -> tuple[Proposal, Order]:
    """IB holds one order of ours."""
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    card = await harness.scan()
    harness.tap(card, Choice.FIRST)
    await until(lambda: harness.states(card) == ["acked"])
    return card, harness.orders(card)[0]


async def test_an_order_works_fills_in_parts_and_is_charged(harness: Harness) -> None:
    async with harness.trading():
        card, order = await a_working_order(harness)
        harness.broker.fill(order, 40)
        await until(lambda: harness.states(card) == ["partial"])
        harness.broker.fill(order, 60)
        await until(lambda: harness.orders(card)[0].commission == money("2.00"))

    (filled,) = harness.orders(card)
    assert filled.state is OrderState.FILLED
    assert filled.average_price == price("10.00")
    assert filled.perm_id is not None


async def test_a_charge_may_overtake_its_fill(harness: Harness) -> None:
    async with harness.trading():
        card, order = await a_working_order(harness)
        fill = a_fill(shares=100)
        harness.broker.say(
            ChargeMessage(exec_id=fill.exec_id, commission=money("1.25"))
        )
        harness.broker.say(
            FillMessage(
                names=harness.broker.names(order),
                con_id=order.instrument.con_id,
                side=Side.BUY,
                fill=fill,
            )
        )
        await until(lambda: harness.states(card) == ["filled"])

    assert harness.orders(card)[0].commission == money("1.25")


@pytest.mark.attack(7)
async def test_an_execution_that_ib_tells_of_two_orders_counts_once_and_halts(
    harness: Harness,
) -> None:
    harness.broker.perm_ids = repeat(77)  # and executions are named by them
    async with harness.trading():
        card = await harness.scan()
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        assert harness.states(card) == ["filled", "acked"]
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["filled", "unknown"])

    first, second = harness.orders(card)
    assert (first.filled, second.filled) == (100, 0)
    assert second.reason == "IB says it is over, and does not show all of its fills"
    (halt,) = harness.journal.memory.halts()
    assert f"the execution 4d.01 of two orders, {first.ref} and {second.ref}" in (
        halt.reason
    )


async def test_words_without_our_ref_are_known_by_their_ids(harness: Harness) -> None:
    async with harness.trading():
        card, order = await a_working_order(harness)
        names = replace(harness.broker.names(order), ref="")
        harness.broker.say(StatusMessage(names=names, status="Cancelled"))
        await until(lambda: harness.states(card) == ["cancelled"])


async def test_a_code_is_shown_and_does_not_end_what_ib_has_named(
    harness: Harness,
) -> None:
    async with harness.trading():
        card, order = await a_working_order(harness)
        harness.broker.say(
            CodeMessage(
                order_id=order.order_id or 0,
                code=10349,
                text="TIF was set to DAY",
                meaning=Meaning.NOTE,
            )
        )
        await until(lambda: bool(harness.orders(card)[0].reason))

    (noted,) = harness.orders(card)
    assert noted.state is OrderState.ACKED
    assert noted.reason == "TIF was set to DAY (TWS 10349)"


async def test_an_order_by_hand_is_not_ours(harness: Harness) -> None:
    async with harness.trading():
        strange = some_names(ref="", client_id=0, order_id=-3, perm_id=5)
        harness.broker.say(a_fill_message(names=strange))
        harness.broker.say(StatusMessage(names=strange, status="Submitted"))
        harness.broker.say(
            CodeMessage(order_id=77, code=201, text="no", meaning=Meaning.DEAD)
        )
        await turns()

    assert harness.engine.queries.orders() == ()


async def test_a_live_order_with_our_prefix_that_nobody_wrote_is_a_ghost(
    harness: Harness,
) -> None:
    async with harness.trading():
        harness.broker.say(
            StatusMessage(names=some_names(ref="tb-zzzzzzzzzz-2"), status="Submitted")
        )
        await until(lambda: harness.engine.queries.status().halted is not None)

    assert harness.news(Ghost)[0].ref == "tb-zzzzzzzzzz-2"


async def test_what_is_said_twice_is_written_once(harness: Harness) -> None:
    async with harness.trading():
        card, order = await a_working_order(harness)
        harness.broker.fill(order, 40)
        await until(lambda: harness.states(card) == ["partial"])
        lines = len(list(harness.journal.trail.lines()))
        for each in harness.broker.book[order.ref].fills:
            harness.broker.say(each)
        await turns()

    assert len(list(harness.journal.trail.lines())) == lines
