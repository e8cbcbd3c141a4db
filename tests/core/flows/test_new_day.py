"""A new day in New York: nothing is sent on what was compared yesterday."""

from datetime import timedelta

from core.model.order import OrderState
from core.rules.new_york import NEW_YORK
from core.rules.sessions import AFTER_RESET
from tests.builders import FDMX, MONDAY, NOW, QRVX, a_bar
from tests.harness.core import Harness
from tests.harness.waiting import turns, until


TUESDAY = MONDAY + timedelta(days=1)


async def test_the_days_first_order_waits_for_a_pass_of_that_day(
    harness: Harness,
) -> None:
    async with harness.trading():
        before = harness.broker.passes
        harness.clock.forward(days=1)
        for stock in (QRVX, FDMX):
            harness.quote(stock, close=a_bar().close)
            harness.market.bars[stock.con_id] = (a_bar(), a_bar(day=TUESDAY))
        orders = await harness.yes()

    assert {order.state for order in orders} == {OrderState.FILLED}
    assert harness.broker.passes == before + 1


async def test_a_pass_serves_all_orders_of_its_day(harness: Harness) -> None:
    async with harness.trading():
        before = harness.broker.passes
        await harness.yes()

    assert harness.broker.passes == before


async def test_a_new_day_is_compared_by_itself_after_ibs_nightly_reset(
    harness: Harness,
) -> None:
    async with harness.trading():
        before = harness.broker.passes
        local = NOW.astimezone(NEW_YORK)
        harness.clock.forward(hours=24 - local.hour, minutes=1 - local.minute)
        harness.engine.look()
        await turns()
        at_midnight = harness.broker.passes
        harness.clock.forward(hours=AFTER_RESET.hour)
        harness.engine.look()
        await until(lambda: harness.broker.passes == before + 1)
        await harness.ready()
        harness.engine.look()
        await turns()

    assert at_midnight == before
    assert harness.broker.passes == before + 1
