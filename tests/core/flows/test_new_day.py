"""A new day in New York: nothing is sent on what was compared yesterday."""

from datetime import timedelta

from core.flows.reconcile import AFTER_RESET
from core.model.order import OrderState
from core.rules.new_york import NEW_YORK
from tests.builders import FDMX, MONDAY, NOW, QRVX, a_bar
from tests.harness.core import House, turns, until


TUESDAY = MONDAY + timedelta(days=1)


async def test_the_days_first_order_waits_for_a_pass_of_that_day(house: House) -> None:
    async with house.trading():
        before = house.broker.passes
        house.clock.forward(days=1)
        for stock in (QRVX, FDMX):
            house.quote(stock)
            house.market.bars[stock.con_id] = (a_bar(), a_bar(day=TUESDAY))
        orders = await house.yes()

    assert {order.state for order in orders} == {OrderState.FILLED}
    assert house.broker.passes == before + 1


async def test_a_pass_serves_all_orders_of_its_day(house: House) -> None:
    async with house.trading():
        before = house.broker.passes
        await house.yes()

    assert house.broker.passes == before


async def test_a_new_day_is_compared_by_itself_after_ibs_nightly_reset(
    house: House,
) -> None:
    async with house.trading():
        before = house.broker.passes
        local = NOW.astimezone(NEW_YORK)
        house.clock.forward(hours=24 - local.hour, minutes=1 - local.minute)
        house.engine.look()
        await turns()
        at_midnight = house.broker.passes
        house.clock.forward(hours=AFTER_RESET.hour)
        house.engine.look()
        await until(lambda: house.broker.passes == before + 1)
        await house.ready()
        house.engine.look()
        await turns()

    assert at_midnight == before
    assert house.broker.passes == before + 1
