"""What the gateway tells of orders afterwards, and to whom."""

from core.sandbox.trading.tickets import OrderTicket
from tests.conformance.checks.placing import STEADY_MARKET, filled, place, status
from tests.conformance.clients import hung_up
from tests.conformance.vocabulary import (
    AAPL,
    MSFT,
    everything,
    order,
)
from tests.harness.client import MID_MORNING, ClientHarness, check


@check(
    "open orders: one's own, everybody's; what is done is in neither",
    shapes=STEADY_MARKET,
)
async def open_orders(harness: ClientHarness) -> None:
    mine, other = await harness.client(1), await harness.client(2)
    await filled(mine, order("BUY", 1))
    live = await place(mine, order("BUY", 10, "LMT", lmtPrice=90))
    here = other.mark()

    other.ask("reqOpenOrders")
    await other.receives("openOrderEnd", since=here)
    assert not other.all("openOrder", since=here)
    here = other.mark()
    other.ask("reqAllOpenOrders")
    await other.receives("openOrderEnd", since=here)

    (shown,) = other.all("openOrder", since=here)
    assert (shown["orderId"], shown["order"]["clientId"]) == (live, 1)
    assert other.all("orderStatus", since=here, orderId=live, clientId=1)


@check(
    "completed orders: filled and cancelled ones of today, by permId",
    shapes=STEADY_MARKET,
)
async def completed(harness: ClientHarness) -> None:
    mine, other = await harness.client(1), await harness.client(2)
    done = await filled(mine, order("BUY", 3, orderRef="done"))
    dead = await place(mine, order("BUY", 4, "LMT", lmtPrice=90, orderRef="dead"))
    mine.ask("cancelOrder", dead)
    await status(mine, dead, "Cancelled")

    other.ask("reqCompletedOrders", False)
    await other.receives("completedOrdersEnd")

    shown = {each["order"]["orderRef"]: each for each in other.all("completedOrder")}
    assert set(shown) == {"done", "dead"}
    first = (await status(mine, done, "Filled"))["permId"]
    assert shown["done"]["order"]["permId"] == first
    assert shown["done"]["state"]["status"] == "Filled"
    assert shown["done"]["order"]["filledQuantity"] == 3
    assert shown["dead"]["state"]["status"] == "Cancelled"
    assert not shown["done"]["order"].get("orderId")


@check(
    "executions: everybody's since midnight, commissions to their owner",
    shapes=STEADY_MARKET,
)
async def executions(harness: ClientHarness) -> None:
    mine, other = await harness.client(1), await harness.client(2)
    await filled(mine, order("BUY", 3, orderRef="p3.x"))

    other.ask("reqExecutions", 40, everything())
    mine.ask("reqExecutions", 41, everything())
    await other.receives("execDetailsEnd", reqId=40)
    await mine.receives("execDetailsEnd", reqId=41)

    (theirs,) = other.all("execDetails", reqId=40)
    assert theirs["execution"]["orderRef"] == "p3.x"
    assert not other.all("commissionReport")
    assert len(mine.all("execDetails", reqId=-1)) == 1
    assert len(mine.all("execDetails", reqId=41)) == 1
    assert len(mine.all("commissionReport")) == 2


@check("executions can be filtered by symbol and side", shapes=STEADY_MARKET)
async def executions_filtered(harness: ClientHarness) -> None:
    client = await harness.client()
    await filled(client, order("BUY", 3))
    await filled(client, order("BUY", 4), MSFT)
    await filled(client, order("SELL", 1), MSFT)

    client.ask("reqExecutions", 40, {**everything(), "symbol": "MSFT", "side": "SELL"})
    await client.receives("execDetailsEnd", reqId=40)

    (only,) = client.all("execDetails", reqId=40)
    assert (only["contract"]["symbol"], only["execution"]["side"]) == ("MSFT", "SLD")


@check(
    "at midnight executions and completed orders are forgotten", shapes=STEADY_MARKET
)
async def forgotten(harness: ClientHarness) -> None:
    client = await harness.client()
    await filled(client, order("BUY", 3))
    harness.server.set_clock(MID_MORNING.replace(day=31, hour=0, minute=5))

    client.ask("reqExecutions", 40, everything())
    client.ask("reqCompletedOrders", False)

    await client.receives("execDetailsEnd", reqId=40)
    await client.receives("completedOrdersEnd")
    assert not client.all("execDetails", reqId=40)
    assert not client.all("completedOrder")


@check(
    "an order lives on when its client goes, and can be cancelled by the next",
    shapes=STEADY_MARKET,
)
async def survives_its_client(harness: ClientHarness) -> None:
    client = await harness.client()
    number = await place(client, order("BUY", 10, "LMT", lmtPrice=90))
    harness.server.cut()
    await hung_up(client)

    again = await harness.client()
    again.ask("reqOpenOrders")
    await again.receives("openOrder", orderId=number)
    again.ask("cancelOrder", number)

    await status(again, number, "Cancelled")


@check(
    "the master client hears of every client's orders",
    shapes=STEADY_MARKET,
    master_client_id=9,
)
async def master(harness: ClientHarness) -> None:
    mine, boss = await harness.client(1), await harness.client(9)

    number = await filled(mine, order("BUY", 3))

    await status(boss, number, "Filled", clientId=1)
    await boss.receives("execDetails", execution__orderId=number)
    await boss.receives("commissionReport")


@check(
    "orders typed into the terminal are seen, and bound to client 0",
    shapes=STEADY_MARKET,
)
async def by_hand(harness: ClientHarness) -> None:
    client = await harness.client(0)
    client.ask("reqAutoOpenOrders", True)
    await client.settled()

    typed = OrderTicket(
        client_id=0,
        order_id=0,
        con_id=AAPL,
        action="BUY",
        quantity=5,
        order_type="LMT",
        limit_price=90,
        tif="DAY",
    )
    other = await harness.client(1)
    harness.server.place_by_hand(typed)

    bound = await client.receives("openOrder", order__orderType="LMT")
    assert bound["orderId"] < 0
    other.ask("reqAllOpenOrders")
    seen = await other.receives("openOrder", order__orderType="LMT")
    assert (seen["orderId"], seen["order"]["clientId"]) == (0, 0)
    client.ask("cancelOrder", bound["orderId"])
    await client.receives("orderStatus", orderId=bound["orderId"], status="Cancelled")
