"""Orders, as ib_async sees them."""

import asyncio
from datetime import datetime, timedelta

import pytest
from ib_async import IB, LimitOrder, OrderState, Stock, Trade

from core.sandbox.market.shapes import Shape
from core.sandbox.market.universe import DEFAULT_SEED, universe
from core.sandbox.protocol.order_replies import completed_order
from core.sandbox.trading.fills import VENUES
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trading.order_state import BookOrder, OrderStatus
from core.sandbox.trading.tickets import OrderTicket
from core.sandbox.trouble.scenarios import LIBRARY
from tests.core.sandbox.gateway.requests.test_scans import codes_of
from tests.core.sandbox.talking import Talker, a_gateway, contract, of_kind
from tests.harness.ib_client import (
    AAPL,
    ACCOUNT,
    EVENING,
    SPY,
    a_client,
    a_market_order,
    a_server,
    buy,
)
from tests.harness.waiting import until


def a_low_bid(shares: float = 10) -> LimitOrder:
    return LimitOrder("BUY", shares, 1.0, tif="GTC", account=ACCOUNT)


def statuses(trade: Trade) -> list[str]:
    """The statuses it went through, each once."""
    return list(dict.fromkeys(entry.status for entry in trade.log))


async def test_a_market_order_is_acknowledged_filled_and_paid_for() -> None:
    async with a_server() as server, a_client(server) as ib:
        order = a_market_order(100, ref="tb-one")

        trade = ib.placeOrder(AAPL, order)
        await until(lambda: trade.fills and trade.fills[0].commissionReport.execId)
        await until(trade.isDone)

    assert statuses(trade) == ["PendingSubmit", "PreSubmitted", "Filled"]
    assert trade.orderStatus.permId > 0
    assert trade.filled() == 100
    assert {fill.execution.orderRef for fill in trade.fills} == {"tb-one"}
    assert trade.fills[0].commissionReport.commission > 0


async def test_a_fill_shows_in_positions_portfolio_and_cash() -> None:
    async with a_server() as server, a_client(server) as ib:
        trade = buy(ib)
        await until(lambda: ib.positions() and ib.portfolio())

        held, shown = ib.positions()[0], ib.portfolio()[0]

    assert (held.contract.symbol, held.position) == ("AAPL", trade.filled())
    assert (shown.position, shown.averageCost) == (10, held.avgCost)


async def test_a_market_order_in_the_evening_is_held_with_399() -> None:
    async with a_server(clock=EVENING) as server, a_client(server) as ib:
        received = codes_of(ib)

        trade = buy(ib)
        await until(lambda: server.orders() and received)
        status = server.orders()[0].status
        server.set_clock(server.clock.now().replace(hour=13, minute=31))
        await until(trade.isDone)

    assert received[0] == (trade.order.orderId, 399)
    assert status == "PreSubmitted"
    assert trade.orderStatus.status == "Filled"


async def test_a_resting_order_can_be_changed_and_cancelled() -> None:
    async with a_server() as server, a_client(server) as ib:
        trade = ib.placeOrder(AAPL, a_low_bid())
        await until(lambda: trade.orderStatus.status == "Submitted")

        trade.order.lmtPrice = 2.0
        ib.placeOrder(AAPL, trade.order)
        await until(lambda: server.orders()[0].ticket.limit_price == 2.0)
        ib.cancelOrder(trade.order)
        await until(trade.isDone)

    assert trade.orderStatus.status == "Cancelled"


async def test_a_preview_names_margin_and_commission_and_places_nothing() -> None:
    async with a_server() as server, a_client(server) as ib:
        state = await asyncio.wait_for(ib.whatIfOrderAsync(AAPL, a_market_order()), 2)

        placed = server.orders() + server.completed()

    assert isinstance(state, OrderState)
    assert float(state.initMarginChange) > 0
    assert state.commission > 0
    assert placed == []


async def test_a_preview_warns_of_what_ib_would_do_to_the_price() -> None:
    shapes = {"AAPL": Shape(price_cap=150.0)}
    async with a_server(shapes=shapes) as server, a_client(server) as ib:
        state = await asyncio.wait_for(ib.whatIfOrderAsync(AAPL, a_market_order()), 2)

    assert "we will initially cap (or limit) the price" in state.warningText


async def test_order_ids_only_grow_and_survive_a_reconnect() -> None:
    async with a_server() as server:
        async with a_client(server) as ib:
            trade = buy(ib)
            await until(trade.isDone)
        await until(lambda: not server.gateway.sessions)

        async with a_client(server) as again:
            next_id = again.client.getReqId()

    assert next_id > trade.order.orderId


async def test_open_orders_are_this_clients_and_all_orders_are_everybodys() -> None:
    async with (
        a_server() as server,
        a_client(server, client_id=1) as one,
        a_client(server, client_id=2) as two,
    ):
        one.placeOrder(AAPL, a_low_bid())
        await until(server.orders)

        own = await two.reqOpenOrdersAsync()
        every = await two.reqAllOpenOrdersAsync()

    assert own == []
    assert [(t.order.clientId, t.order.orderType) for t in every] == [(1, "LMT")]


async def test_another_clients_order_cannot_be_cancelled() -> None:
    async with (
        a_server() as server,
        a_client(server, client_id=1) as one,
        a_client(server, client_id=2) as two,
    ):
        received = codes_of(two)
        trade = one.placeOrder(AAPL, a_low_bid())
        await until(server.orders)

        two.cancelOrder(trade.order)
        await until(lambda: received)

        assert received == [(trade.order.orderId, 10147)]
        assert len(server.orders()) == 1


async def test_a_global_cancel_reaches_every_client() -> None:
    async with (
        a_server() as server,
        a_client(server, client_id=1) as one,
        a_client(server, client_id=2) as two,
    ):
        trade = one.placeOrder(AAPL, a_low_bid())
        await until(lambda: trade.orderStatus.status == "Submitted")

        two.reqGlobalCancel()  # type: ignore[no-untyped-call]  # ib_async's own
        await until(trade.isDone)

    assert trade.orderStatus.status == "Cancelled"


async def test_the_master_client_sees_what_others_do() -> None:
    async with (
        a_server(master_client_id=9) as server,
        a_client(server, client_id=9) as master,
        a_client(server, client_id=1) as one,
    ):
        buy(one)
        await until(master.fills)

        seen = master.fills()[0].execution

    assert seen.clientId == 1


async def test_completed_orders_and_executions_tell_the_day() -> None:
    async with a_server() as server, a_client(server, client_id=1) as one:
        trade = one.placeOrder(AAPL, a_market_order(10, ref="tb-two"))
        await until(trade.isDone)
        async with a_client(server, client_id=2) as two:
            completed = await two.reqCompletedOrdersAsync(apiOnly=False)
            fills = await two.reqExecutionsAsync()

    (ended,) = completed
    assert (ended.order.orderRef, ended.order.filledQuantity) == ("tb-two", 10)
    assert ended.order.orderId == 0
    assert [fill.execution.orderRef for fill in fills] == ["tb-two"]


async def test_yesterdays_fills_are_gone_after_midnight() -> None:
    async with a_server() as server, a_client(server) as ib:
        trade = buy(ib)
        await until(trade.isDone)

        server.set_clock(server.clock.now() + timedelta(days=1))
        fills = await ib.reqExecutionsAsync()
        completed = await ib.reqCompletedOrdersAsync(apiOnly=False)

    assert fills == []
    assert completed == []


async def test_an_order_placed_by_hand_is_seen_by_all_orders() -> None:
    async with a_server() as server, a_client(server) as ib:
        server.place_by_hand(
            OrderTicket(
                client_id=0,
                order_id=0,
                con_id=SPY.conId,
                action="BUY",
                quantity=5,
                order_type="LMT",
                limit_price=1.0,
                tif="GTC",
            ),
        )

        every = await ib.reqAllOpenOrdersAsync()

    assert [(t.contract.symbol, t.order.totalQuantity) for t in every] == [("SPY", 5)]


async def test_an_unknown_stock_is_refused_with_200() -> None:
    async with a_server() as server, a_client(server) as ib:
        received = codes_of(ib)
        nowhere = Stock("NOSUCH", "SMART", "USD", conId=999_999_999)

        trade = buy(ib, nowhere)
        await until(lambda: received)

    assert received == [(trade.order.orderId, 200)]


async def test_funds_are_checked_with_201() -> None:
    poor = (AccountSpec(cash=500.0),)
    async with a_server(accounts=poor) as server, a_client(server) as ib:
        received = codes_of(ib)

        trade = buy(ib, SPY, 100)
        await until(lambda: received)

    assert received[0] == (trade.order.orderId, 201)


@pytest.mark.parametrize(
    ("settings", "code"),
    [({"largest_order": 50}, 383), ({"largest_value": 100}, 451)],
)
async def test_presets_refuse_large_orders(
    settings: dict[str, float], code: int
) -> None:
    async with a_server(**settings) as server, a_client(server) as ib:
        received = codes_of(ib)

        buy(ib, AAPL, 60)
        await until(lambda: received)

        assert received[0][1] == code
        assert server.orders() == server.completed() == []


async def test_a_read_only_gateway_refuses_orders_and_listings_with_321() -> None:
    scenario = LIBRARY["read-only"]
    async with a_server(scenario=scenario) as server:
        ib = IB()
        received = codes_of(ib)
        await ib.connectAsync("127.0.0.1", server.port, 7, timeout=3, readonly=True)

        trade = buy(ib)
        await until(lambda: (trade.order.orderId, 321) in received)
        ib.reqAllOpenOrdersAsync()
        await until(lambda: (-1, 321) in received)

        ib.disconnect()
        assert server.orders() == []


def test_a_fill_names_the_venue_that_it_was_done_at() -> None:
    talker = Talker(a_gateway()).start()
    wish = ("BUY", 10, "MKT", "", "", "GTC", "", "DU1234567", "O", 0, "ref", 1)
    talker.ask(3, 1, *contract("265598"), "", "", *wish, *[""] * 84)

    talker.wait(1.0)
    (done,) = of_kind(talker.received, 11)

    assert (done[7], done[10]) == ("0.0", done[17])  # strike, and the contract's venue
    assert done[17] in VENUES


async def test_what_has_ended_says_how_and_when_it_would_have() -> None:
    async with a_server() as server, a_client(server) as ib:
        gone = ib.placeOrder(AAPL, a_low_bid())
        await until(lambda: gone.orderStatus.status == "Submitted")
        ib.cancelOrder(gone.order)
        filled = ib.placeOrder(AAPL, a_market_order(5, tif="DAY"))
        await until(lambda: gone.isDone() and filled.isDone())
        ended = await ib.reqCompletedOrdersAsync(apiOnly=False)

    told = {t.order.permId: t for t in ended}
    cancelled, done = told[gone.order.permId], told[filled.order.permId]
    assert cancelled.orderStatus.status == "Cancelled"
    assert cancelled.order.autoCancelDate == "20261231 16:00:00 US/Eastern"
    assert done.order.autoCancelDate == ""


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        ("2026-01-02", "20260630"),
        ("2026-04-12", "20260930"),
        ("2026-08-24", "20261231"),
        ("2026-12-31", "20270331"),
    ],
)
def test_a_gtc_order_is_taken_off_at_the_end_of_the_next_quarter(
    day: str, ends: str
) -> None:
    placed = datetime.fromisoformat(f"{day}T15:00:00+00:00")
    ticket = OrderTicket(
        client_id=1, order_id=1, con_id=1, action="BUY", quantity=1, tif="GTC"
    )
    order = BookOrder(
        ticket=ticket, perm_id=1, status=OrderStatus.CANCELLED, placed_at=placed
    )

    shown = completed_order(order, universe(DEFAULT_SEED).stocks[0])

    assert f"{ends} 16:00:00 US/Eastern" in shown
