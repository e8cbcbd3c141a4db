"""A stop, a trailing stop and a target in one OCA group, as ib_async places them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from ib_async import IB, Order, Trade

from core.sandbox.market.shapes import Shape
from core.sandbox.server import GatewayServer
from core.sandbox.trading.holdings import AccountSpec
from tests.harness.ib_client import AAPL, ACCOUNT, MORNING, a_client, a_server
from tests.harness.waiting import until


SOON: Final = MORNING + timedelta(minutes=5)
LATER: Final = MORNING + timedelta(minutes=10)
STEADY: Final = Shape(
    on=date(2026, 7, 30), open=100.0, last=100.0, spread=0.02, refill_seconds=7200.0
)
HELD: Final = (AccountSpec(positions=(("AAPL", 100.0, 95.0),)),)

Legs = tuple[Trade, Trade, Trade]
"""Stop, trailing stop, target."""


@asynccontextmanager
async def holding(**changes: Any) -> AsyncIterator[tuple[GatewayServer, IB]]:
    """100 AAPL in the account, standing at 100.00 until something is said."""
    settings: dict[str, Any] = {"accounts": HELD, "shapes": {"AAPL": STEADY}}
    async with a_server(**(settings | changes)) as server, a_client(server) as ib:
        yield server, ib


def an_exit(order_type: str, oca_type: int, **price: Any) -> Order:
    return Order(
        action="SELL",
        totalQuantity=100,
        orderType=order_type,
        tif="GTC",
        account=ACCOUNT,
        ocaGroup="exits",
        ocaType=oca_type,
        **price,
    )


async def protected(ib: IB, oca_type: int = 2, **trail: Any) -> Legs:
    """The three exits of the holding, all of them live."""
    stop, trailed, target = (
        ib.placeOrder(AAPL, an_exit(order_type, oca_type, **price))
        for order_type, price in (
            ("STP", {"auxPrice": 95.0}),
            ("TRAIL", trail or {"trailingPercent": 4.0}),
            ("LMT", {"lmtPrice": 110.0}),
        )
    )
    await until(lambda: target.orderStatus.status == "Submitted")
    await until(lambda: trailed.orderStatus.whyHeld == "trigger")
    return stop, trailed, target


def goes_to(server: GatewayServer, price: float, **changes: Any) -> None:
    """The price stands there from now on, five minutes on."""
    server.set_override("AAPL", replace(STEADY, last=price, **changes))
    server.set_clock(server.clock.now() + timedelta(minutes=5))


def ends(legs: Legs) -> list[str]:
    return [leg.orderStatus.status for leg in legs]


def live(server: GatewayServer) -> dict[str, float]:
    """The order types that are live, and how many shares each would still sell."""
    return {o.ticket.order_type: o.remaining for o in server.orders()}


async def test_stops_wait_for_their_trigger_and_a_target_works() -> None:
    async with holding() as (_, ib):
        stop, trailed, target = await protected(ib)

    assert ends((stop, trailed, target)) == [
        "PreSubmitted",
        "PreSubmitted",
        "Submitted",
    ]
    assert [leg.orderStatus.whyHeld for leg in (stop, trailed, target)] == [
        "trigger",
        "trigger",
        "",
    ]


@pytest.mark.parametrize(
    ("price", "sold"), [(111.0, "LMT"), (95.5, "TRAIL"), (90.0, "STP")]
)
async def test_what_is_reached_sells_all_and_cancels_the_others(
    price: float, sold: str
) -> None:
    async with holding() as (server, ib):
        legs = await protected(ib, trailingPercent=4.0 if sold == "TRAIL" else 20.0)

        goes_to(server, price)
        await until(lambda: all(leg.isDone() for leg in legs))

    filled = [leg for leg in legs if leg.orderStatus.status == "Filled"]
    assert [leg.order.orderType for leg in filled] == [sold]
    assert sorted(ends(legs)) == ["Cancelled", "Cancelled", "Filled"]
    assert [fill.execution.shares for fill in filled[0].fills] == [100]
    assert server.orders() == []


@pytest.mark.parametrize("trail", [{"trailingPercent": 4.0}, {"auxPrice": 4.0}])
async def test_a_trailing_stop_follows_up_and_sells_on_the_way_down(
    trail: dict[str, Any],
) -> None:
    async with holding() as (server, ib):
        _, trailed, _ = await protected(ib, **trail)

        goes_to(server, 109.0)  # pulls it to 104.64 by per cent, to 105 by dollars
        server.orders()
        goes_to(server, 105.5)
        await until(lambda: server.clock.now() >= LATER)
        assert not trailed.fills
        goes_to(server, 104.5)
        await until(trailed.isDone)

    assert trailed.orderStatus.status == "Filled"
    assert trailed.fills[0].execution.price == 104.49


@pytest.mark.parametrize("oca_type", [2, 3])
async def test_a_part_that_is_sold_is_taken_off_the_other_exits(oca_type: int) -> None:
    async with holding() as (server, ib):
        legs = await protected(ib, oca_type)

        goes_to(server, 111.0, bid_size=30)
        await until(lambda: legs[2].filled() == 30)
        await until(lambda: legs[0].orderStatus.remaining == 70)
        rest = live(server)
        goes_to(server, 90.0, bid_size=500)
        await until(lambda: all(leg.isDone() for leg in legs))
        sold = sum(done.execution.shares for done in server.executions())

    assert rest == {"STP": 70, "TRAIL": 70, "LMT": 70}
    assert sold == 100  # never more than there is
    assert legs[2].filled() == 30


async def test_a_part_cancels_the_other_exits_of_type_1() -> None:
    async with holding() as (server, ib):
        legs = await protected(ib, 1)

        goes_to(server, 111.0, bid_size=30)
        await until(lambda: legs[0].isDone() and legs[1].isDone())

        assert live(server) == {"LMT": 70}


async def test_cancelling_one_exit_cancels_the_group() -> None:
    async with holding() as (server, ib):
        legs = await protected(ib)

        ib.cancelOrder(legs[2].order)
        await until(lambda: all(leg.isDone() for leg in legs))

        assert ends(legs) == ["Cancelled", "Cancelled", "Cancelled"]
        assert live(server) == {}


async def test_an_exit_can_be_moved_and_stays_in_its_group() -> None:
    async with holding() as (server, ib):
        stop, trailed, target = await protected(ib, trailingPercent=20.0)

        stop.order.auxPrice = 99.0
        ib.placeOrder(AAPL, stop.order)
        await until(lambda: any(o.stop_price == 99.0 for o in server.orders()))
        goes_to(server, 98.5)
        await until(lambda: trailed.isDone() and target.isDone())

    assert ends((stop, trailed, target)) == ["Filled", "Cancelled", "Cancelled"]


async def test_a_trailing_stop_can_be_widened() -> None:
    async with holding() as (server, ib):
        _, trailed, _ = await protected(ib)

        trailed.order.trailingPercent = 10.0
        ib.placeOrder(AAPL, trailed.order)

        await until(lambda: any(o.stop_price == 90.0 for o in server.orders()))


async def test_exits_survive_a_restart_of_the_gateway(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    async with holding(state=path) as (server, ib):
        await protected(ib, auxPrice=4.0)
        goes_to(server, 109.0, bid_size=30)
        await until(lambda: any(o.stop_price == 105.0 for o in server.orders()))
        before = {o.perm_id: (o.ticket, o.stop_price) for o in server.orders()}

    high = {"AAPL": replace(STEADY, last=109.0)}
    async with holding(state=path, clock=LATER, shapes=high) as (server, ib):
        shown = {trade.orderStatus.permId: trade for trade in ib.openTrades()}
        after = {o.perm_id: (o.ticket, o.stop_price) for o in server.orders()}
        goes_to(server, 104.5)
        await until(lambda: not ib.openTrades())
        sold = sum(done.execution.shares for done in server.executions())

    assert after == before
    assert {trade.order.ocaGroup for trade in shown.values()} == {"exits"}
    assert shown.keys() == before.keys()
    assert sold == 100


async def test_a_stop_is_reached_while_the_gateway_is_down(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    async with holding(state=path) as (_, ib):
        stop, _, _ = await protected(ib, trailingPercent=20.0)

    fallen = {"AAPL": replace(STEADY, jump_at=SOON, jump_to=90.0)}
    async with holding(state=path, clock=LATER, shapes=fallen) as (server, ib):
        (fill,) = await ib.reqExecutionsAsync()

        assert fill.execution.permId == stop.orderStatus.permId
        assert server.orders() == []
        assert not ib.positions()
