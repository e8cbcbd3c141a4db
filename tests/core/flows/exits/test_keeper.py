"""Exits stand as they were approved: placed once, for what is held, and for no more."""

import asyncio

import pytest

from core.model.exits.news import Unprotected
from core.model.exits.plan import ExitKind
from core.model.market import OrderType, Side
from core.model.order import OrderState
from core.model.points import ignore
from tests.builders import QRVX, price
from tests.core.game import KilledError, die
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness, when
from tests.harness.exits import alive, bought, exits, protected, with_exits
from tests.harness.waiting import turns, until


async def _fill_and_die(harness: Harness, point: str) -> None:
    """The purchase is filled, and the process is killed at *point* on its way to the
    protection."""
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.reached = when(point, die)
        harness.broker.fill(entry, 100)
        await asyncio.sleep(5)


async def test_what_was_bought_gets_its_exits_as_one_group(harness: Harness) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, target = await protected(harness)

    assert (stop.exit, stop.order_type, stop.stop) == (
        ExitKind.STOP,
        OrderType.STOP,
        price("4.59"),
    )
    assert (target.exit, target.order_type, target.limit) == (
        ExitKind.TARGET,
        OrderType.LIMIT,
        price("5.31"),
    )
    assert stop.oca_group == target.oca_group != ""
    assert {(o.side, o.shares, o.tif) for o in (stop, target)} == {
        (Side.SELL, 100, "GTC")
    }


async def test_no_exits_are_placed_where_none_were_approved(harness: Harness) -> None:
    async with harness.trading():
        await bought(harness)
        harness.engine.look()
        await turns()

    assert exits(harness) == ()
    assert harness.journal.memory.protections() == ()


async def test_of_a_part_fill_so_much_is_protected_and_then_the_rest(
    harness: Harness,
) -> None:
    """The part is not left alone until the rest comes."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.fill(entry, 30)
        first = await protected(harness, 30)
        harness.broker.fill(entry, 70)
        both = await protected(harness, 100)

    assert [order.shares for order in first] == [30, 30]
    assert [order.shares for order in both] == [30, 30, 70, 70]
    assert len({order.oca_group for order in both}) == 2


@pytest.mark.parametrize("point", ["W4", "pre-exits", "exits", "pre-W2", "W2", "sent"])
async def test_killed_between_fill_and_protection_it_is_protected_after_the_start(
    harness: Harness, point: str
) -> None:
    """Exactly once, whatever was written and sent before."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    with pytest.raises(BaseExceptionGroup) as death:
        await _fill_and_die(harness, point)
    assert death.group_contains(KilledError)
    harness.reached = ignore
    harness.restart()
    async with harness.trading():
        harness.engine.look()
        stop, target = await protected(harness)
        harness.engine.look()
        await turns()

    assert {stop.exit, target.exit} == {ExitKind.STOP, ExitKind.TARGET}
    at_ib = [b for b in harness.broker.book.values() if b.works]
    assert len(at_ib) == 2
    assert len(alive(harness)) == 2


async def test_what_filled_while_the_bot_was_dead_is_protected_after_the_start(
    harness: Harness,
) -> None:
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
    harness.stop()
    harness.broker.fill(entry, 60)
    harness.broker.hang_up()
    harness.start()
    async with harness.trading():
        found = await protected(harness, 60)

    assert [order.shares for order in found] == [60, 60]


async def test_a_stop_whose_price_has_passed_is_not_placed_anew(
    harness: Harness,
) -> None:
    """Placed anew it would sell at once: that is asked, not done."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        harness.engine.named.panic(by="Ada", key="panic:1")
        await until(lambda: not alive(harness))
        harness.quote(QRVX, last=price("4.40"), bid=price("4.39"))
        harness.engine.resume(by="Ada", named=harness.engine.queries.halts())
        await until(lambda: bool(harness.news(Unprotected)))

    assert alive(harness) == []
    assert "passed the stop" in harness.news(Unprotected)[0].reason


async def test_where_nobody_knows_the_step_a_stop_is_not_placed(
    harness: Harness,
) -> None:
    with_exits(harness, "stop 5%")
    harness.market.steps[QRVX.con_id] = ()
    async with harness.trading():
        await bought(harness)
        await until(lambda: bool(harness.news(Unprotected)))

    assert exits(harness) == ()


async def test_what_was_bought_below_its_stop_by_now_is_sold_as_approved(
    harness: Harness,
) -> None:
    """The first time it is placed: IB sells at once, as the stop would have."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
    harness.stop()
    harness.broker.fill(entry, 100)
    harness.broker.hang_up()
    harness.start()
    harness.quote(QRVX, last=price("4.00"), bid=price("3.99"))
    async with harness.trading():
        found = await protected(harness)

    assert [order.exit for order in found] == [ExitKind.STOP, ExitKind.TARGET]


async def test_an_exit_that_never_reached_ib_is_placed_anew_with_its_group(
    harness: Harness,
) -> None:
    """A target alone is no protection."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.behaviour = BrokerBehaviour.LOSES
        harness.broker.fill(entry, 100)
        await until(lambda: any(o.state is OrderState.ABSENT for o in exits(harness)))
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        found = await protected(harness)

    assert [order.exit for order in found] == [ExitKind.STOP, ExitKind.TARGET]
    assert len([b for b in harness.broker.book.values() if b.works]) == 2


async def test_what_was_held_before_is_not_covered_by_the_purchase(
    harness: Harness,
) -> None:
    """The plan was approved for what the card buys."""
    with_exits(harness)
    harness.broker.trade_by_hand(QRVX, 500)
    async with harness.trading():
        await bought(harness)
        found = await protected(harness)
        harness.engine.look()
        await turns()

    assert {order.shares for order in found} == {100}
    assert len(exits(harness)) == 2
