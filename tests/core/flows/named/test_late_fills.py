"""What IB counts as filled and no execution told: it is asked for, once."""

import pytest

from core.flows.named.late_fills import WAIT
from core.model.order import Order, OrderState
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness
from tests.harness.exits import alive, bought, exits, protected, with_exits
from tests.harness.waiting import turns, until


pytestmark = pytest.mark.attack(23)


def fill_without_execution(harness: Harness, order: Order, shares: int) -> None:
    """IB fills so many shares of *order*; its status is heard, the execution is not."""
    harness.broker.events_dropped = True
    harness.broker.fill(order, shares)
    harness.broker.events_dropped = False
    harness.broker.resize(order, order.shares)  # to what it is: its status again


async def after_the_wait(harness: Harness) -> int:
    """How many passes it brings that some seconds are over."""
    before = harness.broker.passes
    await turns()
    harness.engine.look()
    harness.clock.forward(seconds=WAIT)
    harness.engine.look()
    await turns()
    await harness.ready()
    return harness.broker.passes - before


async def test_a_purchase_whose_execution_was_not_heard_is_booked_and_protected(
    harness: Harness,
) -> None:
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        fill_without_execution(harness, entry, 100)
        await after_the_wait(harness)
        await protected(harness)
        [order] = harness.journal.orders.in_states([OrderState.FILLED])

    assert order.filled == 100


async def test_a_stop_whose_execution_was_not_heard_has_sold(harness: Harness) -> None:
    with_exits(harness, "stop 5%")
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.fill(entry, 100)
        (stop,) = await protected(harness)
        fill_without_execution(harness, stop, 100)
        await after_the_wait(harness)
        await until(lambda: not alive(harness))
        [sold] = exits(harness)

    assert (sold.state, sold.filled) == (OrderState.FILLED, 100)


async def test_an_execution_that_comes_after_its_status_is_not_asked_for(
    harness: Harness,
) -> None:
    async with harness.trading():
        card, order = await harness.a_working_order()
        fill_without_execution(harness, order, 40)
        await turns()
        harness.broker.say(harness.broker.book[order.ref].fills[-1])
        passes = await after_the_wait(harness)

    assert passes == 0
    assert harness.orders(card)[0].filled == 40


async def test_what_no_listing_has_either_is_asked_for_once(harness: Harness) -> None:
    async with harness.trading():
        _, order = await harness.a_working_order()
        fill_without_execution(harness, order, 40)
        harness.broker.book[order.ref].fills.clear()
        passes = [await after_the_wait(harness) for _ in range(3)]

    assert passes == [1, 0, 0]
