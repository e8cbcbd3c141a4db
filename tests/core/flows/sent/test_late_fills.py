"""What IB counts as filled and no execution told: it is asked for, once."""

import pytest

from core.flows.sent.late_fills import WAIT
from core.model.news import InDoubt, TradingHalted
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


@pytest.mark.parametrize("sold", [40, 100])
async def test_what_a_stop_sold_on_an_earlier_day_while_the_bot_was_off_is_told(
    harness: Harness, sold: int
) -> None:
    """IB lists the executions of the day alone; what is known is that it counts them."""
    with_exits(harness, "stop 5%")
    async with harness.trading():
        await bought(harness)
        (stop,) = await protected(harness)
    harness.stop()
    harness.clock.forward(hours=2)
    harness.broker.fill(stop, sold)
    for each in harness.broker.book.values():
        each.end_the_day()
    harness.clock.forward(hours=24)
    harness.broker.hang_up()
    harness.start()
    async with harness.trading():
        for _ in range(30):
            harness.clock.forward(seconds=5)
            harness.engine.look()
            await turns()
        told = [news.reason for news in harness.news(TradingHalted)]
        asked = [news.ref for news in harness.news(InDoubt)]

    if sold == 100:  # it is gone from IB's open orders, and nobody can say why
        assert asked == [stop.ref]
    else:
        assert asked == []
        assert ["IB counts 40 of SELL 100 QRVX" in each for each in told] == [True]
