"""The lives of orders: sent, acknowledged, filled, changed, cancelled, listed."""

from collections.abc import Mapping
from typing import Any

from core.sandbox.orders import OrderTicket
from core.sandbox.shapes import Shape
from tests.conformance.clients import Conversation, Heard, hung_up
from tests.conformance.stage import EVENING, MID_MORNING, NEXT_OPEN, Stage, check
from tests.conformance.vocabulary import (
    AAPL,
    ACCOUNT,
    MSFT,
    Described,
    everything,
    order,
    stock,
)


TODAY = MID_MORNING.date()
CALM = Shape(on=TODAY, open=100, last=100, spread=0.02, bid_size=500, ask_size=500)
CALM_MARKET = {"AAPL": CALM, "MSFT": CALM}
ASK, BID = 100.01, 99.99
NEVER = 1e9


async def place(
    client: Conversation, wish: Described, con_id: int = AAPL, *, number: int = 0
) -> int:
    """Send an order under the next id, or that one; wait for the acknowledgement."""
    number = number or new_id(client)
    here = client.mark()
    client.ask("placeOrder", number, stock(con_id=con_id), wish)
    await client.hears("openOrder", orderId=number, since=here)
    return number


def new_id(client: Conversation) -> int:
    """Return an order id that this conversation has not used."""
    used = [each["orderId"] for each in client.all("openOrder")]
    first = client.all("nextValidId")[0]["orderId"]
    return int(max([first, *(each + 1 for each in used)]))


async def status(client: Conversation, number: int, wish: str, **more: Any) -> Heard:
    """Wait for a status of an order."""
    return await client.hears("orderStatus", orderId=number, status=wish, **more)


async def filled(client: Conversation, wish: Described, con_id: int = AAPL) -> int:
    """Send an order, and wait until it is filled and paid."""
    number = await place(client, wish, con_id)
    await status(client, number, "Filled")
    await client.hears("commissionReport")
    return number


def fills(client: Conversation, number: int) -> list[Mapping[str, Any]]:
    """Return the executions of an order."""
    heard = client.all("execDetails", execution__orderId=number)
    return [each["execution"] for each in heard]


@check(
    "MKT in session: PreSubmitted, execution, Filled, commission, in that order",
    shapes=CALM_MARKET,
)
async def market_order(stage: Stage) -> None:
    client = await stage.client()
    number = await filled(client, order("BUY", 100, orderRef="p1.gain"))

    seen = [
        (each.name, each.args.get("status"))
        for each in client.heard
        if each.name in {"orderStatus", "execDetails", "commissionReport"}
    ]

    assert seen == [
        ("orderStatus", "PreSubmitted"),
        ("execDetails", None),
        ("orderStatus", "Filled"),
        ("commissionReport", None),
    ]
    assert client.all("openOrder", orderId=number)[-1]["state"]["status"] == "Filled"


@check(
    "a fill carries price, totals, account, orderRef, permId and its own id",
    shapes=CALM_MARKET,
)
async def fill_details(stage: Stage) -> None:
    client = await stage.client()

    number = await filled(client, order("BUY", 100, orderRef="p1.gain"))

    (fill,) = fills(client, number)
    assert (fill["price"], fill["shares"]) == (ASK, 100)
    assert (fill["cumQty"], fill["avgPrice"]) == (100, ASK)
    assert (fill["side"], fill["acctNumber"]) == ("BOT", ACCOUNT)
    assert fill["orderRef"] == "p1.gain"
    assert fill["execId"].count(".") == 3
    done = await status(client, number, "Filled", remaining=0, average=ASK)
    assert fill["permId"] == done["permId"] > 0
    report = client.all("commissionReport")[0]["report"]
    assert report["execId"] == fill["execId"]
    assert report["commission"] > 0


@check(
    "openOrder gives back what was asked: type, tif, reference, account",
    shapes=CALM_MARKET,
)
async def given_back(stage: Stage) -> None:
    client = await stage.client()

    wish = order("BUY", 7, "LMT", lmtPrice=90.5, tif="GTC", orderRef="p2.pct")
    number = await place(client, wish)

    shown = client.all("openOrder", orderId=number)[0]
    assert shown["contract"]["conId"] == AAPL
    asked = ("action", "orderType", "tif", "orderRef", "totalQuantity", "lmtPrice")
    assert [shown["order"][word] for word in asked] == [
        "BUY",
        "LMT",
        "GTC",
        "p2.pct",
        7,
        90.5,
    ]
    assert shown["order"]["account"] == ACCOUNT
    assert shown["order"]["permId"] > 0


@check(
    "MKT GTC in the evening is held with 399, and fills after the open", clock=EVENING
)
async def held_until_the_open(stage: Stage) -> None:
    client = await stage.client()

    number = await place(client, order("BUY", 100, tif="GTC"))

    held = await client.refused(399, reqId=number)
    assert "09:30:00" in held["text"]
    await status(client, number, "PreSubmitted", filled=0)
    assert not fills(client, number)
    stage.server.set_clock(NEXT_OPEN)
    await status(client, number, "Filled", filled=100)
    client.ask("reqCompletedOrders", False)
    await client.hears("completedOrdersEnd")
    assert client.all("completedOrder", order__tif="GTC")


@check("an order placed in the evening as DAY also waits for the open", clock=EVENING)
async def day_order_at_night(stage: Stage) -> None:
    client = await stage.client()

    number = await place(client, order("BUY", 1))

    await client.refused(399, reqId=number)
    stage.server.set_clock(NEXT_OPEN)
    await status(client, number, "Filled")


@check(
    "a limit order works at its price, and fills once it is changed", shapes=CALM_MARKET
)
async def limit_order(stage: Stage) -> None:
    client = await stage.client()
    number = await place(client, order("BUY", 10, "LMT", lmtPrice=90))
    await status(client, number, "Submitted", filled=0, remaining=10)

    await place(client, order("BUY", 10, "LMT", lmtPrice=101), number=number)

    await status(client, number, "Filled")
    assert fills(client, number)[0]["price"] == ASK
    ids = {each["permId"] for each in client.all("orderStatus", orderId=number)}
    assert len(ids) == 1


@check(
    "a market order takes what is visible, and fills in parts",
    shapes={"AAPL": Shape(on=TODAY, open=100, last=100, ask_size=40, refill_seconds=0)},
)
async def in_parts(stage: Stage) -> None:
    client = await stage.client()

    number = await filled(client, order("BUY", 100))

    parts = fills(client, number)
    assert [each["shares"] for each in parts] == [40, 40, 20]
    assert [each["cumQty"] for each in parts] == [40, 80, 100]
    assert len({each["execId"] for each in parts}) == 3
    await status(client, number, "Submitted", filled=40, remaining=60)


@check(
    "the rest of a part fill can be cancelled, the shares stay",
    shapes={"AAPL": Shape(ask_size=30, refill_seconds=NEVER)},
)
async def rest_cancelled(stage: Stage) -> None:
    client = await stage.client()
    number = await place(client, order("BUY", 100))
    await status(client, number, "Submitted", filled=30)

    client.ask("cancelOrder", number)

    await status(client, number, "Cancelled", filled=30, remaining=70)
    await client.refused(202, reqId=number)


@check(
    "a cancel is confirmed by status and by 202, only for what is live",
    shapes=CALM_MARKET,
)
async def cancelled(stage: Stage) -> None:
    client = await stage.client()
    number = await place(client, order("BUY", 10, "LMT", lmtPrice=90))

    client.ask("cancelOrder", number)
    await status(client, number, "Cancelled", remaining=10)
    await client.refused(202, reqId=number)
    client.ask("cancelOrder", number)
    client.ask("cancelOrder", number + 50)

    await client.refused(10148, reqId=number)
    await client.refused(10147, reqId=number + 50)


@check(
    "one client cannot cancel another's order, the global cancel can",
    shapes=CALM_MARKET,
)
async def global_cancel(stage: Stage) -> None:
    mine, other = await stage.client(1), await stage.client(2)
    number = await place(mine, order("BUY", 10, "LMT", lmtPrice=90))

    other.ask("cancelOrder", number)
    await other.refused(10147, reqId=number)
    other.ask("reqGlobalCancel")

    await status(mine, number, "Cancelled")


@check(
    "open orders: one's own, everybody's; what is done is in neither",
    shapes=CALM_MARKET,
)
async def open_orders(stage: Stage) -> None:
    mine, other = await stage.client(1), await stage.client(2)
    await filled(mine, order("BUY", 1))
    live = await place(mine, order("BUY", 10, "LMT", lmtPrice=90))
    here = other.mark()

    other.ask("reqOpenOrders")
    await other.hears("openOrderEnd", since=here)
    assert not other.all("openOrder", since=here)
    here = other.mark()
    other.ask("reqAllOpenOrders")
    await other.hears("openOrderEnd", since=here)

    (shown,) = other.all("openOrder", since=here)
    assert (shown["orderId"], shown["order"]["clientId"]) == (live, 1)
    assert other.all("orderStatus", since=here, orderId=live, clientId=1)


@check(
    "completed orders: filled and cancelled ones of today, by permId",
    shapes=CALM_MARKET,
)
async def completed(stage: Stage) -> None:
    mine, other = await stage.client(1), await stage.client(2)
    done = await filled(mine, order("BUY", 3, orderRef="done"))
    dead = await place(mine, order("BUY", 4, "LMT", lmtPrice=90, orderRef="dead"))
    mine.ask("cancelOrder", dead)
    await status(mine, dead, "Cancelled")

    other.ask("reqCompletedOrders", False)
    await other.hears("completedOrdersEnd")

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
    shapes=CALM_MARKET,
)
async def executions(stage: Stage) -> None:
    mine, other = await stage.client(1), await stage.client(2)
    await filled(mine, order("BUY", 3, orderRef="p3.x"))

    other.ask("reqExecutions", 40, everything())
    mine.ask("reqExecutions", 41, everything())
    await other.hears("execDetailsEnd", reqId=40)
    await mine.hears("execDetailsEnd", reqId=41)

    (theirs,) = other.all("execDetails", reqId=40)
    assert theirs["execution"]["orderRef"] == "p3.x"
    assert not other.all("commissionReport")
    assert len(mine.all("execDetails", reqId=-1)) == 1
    assert len(mine.all("execDetails", reqId=41)) == 1
    assert len(mine.all("commissionReport")) == 2


@check("executions can be filtered by symbol and side", shapes=CALM_MARKET)
async def executions_filtered(stage: Stage) -> None:
    client = await stage.client()
    await filled(client, order("BUY", 3))
    await filled(client, order("BUY", 4), MSFT)
    await filled(client, order("SELL", 1), MSFT)

    client.ask("reqExecutions", 40, {**everything(), "symbol": "MSFT", "side": "SELL"})
    await client.hears("execDetailsEnd", reqId=40)

    (only,) = client.all("execDetails", reqId=40)
    assert (only["contract"]["symbol"], only["execution"]["side"]) == ("MSFT", "SLD")


@check("at midnight executions and completed orders are forgotten", shapes=CALM_MARKET)
async def forgotten(stage: Stage) -> None:
    client = await stage.client()
    await filled(client, order("BUY", 3))
    stage.server.set_clock(MID_MORNING.replace(day=31, hour=0, minute=5))

    client.ask("reqExecutions", 40, everything())
    client.ask("reqCompletedOrders", False)

    await client.hears("execDetailsEnd", reqId=40)
    await client.hears("completedOrdersEnd")
    assert not client.all("execDetails", reqId=40)
    assert not client.all("completedOrder")


@check(
    "what-if answers with margin and commission, and places nothing", shapes=CALM_MARKET
)
async def what_if(stage: Stage) -> None:
    client = await stage.client()

    number = await place(client, order("BUY", 100, whatIf=True))

    (shown,) = client.all("openOrder", orderId=number)
    state = shown["state"]
    assert float(state["initMarginChange"]) > 0
    assert float(state["maintMarginAfter"]) > 0
    fee = state.get("commission") or state["commissionAndFees"]
    assert 0 < float(fee) < 10
    await client.settled()
    assert stage.server.orders() == []
    assert not client.all("orderStatus")


@check(
    "an order lives on when its client goes, and can be cancelled by the next",
    shapes=CALM_MARKET,
)
async def survives_its_client(stage: Stage) -> None:
    client = await stage.client()
    number = await place(client, order("BUY", 10, "LMT", lmtPrice=90))
    stage.server.cut()
    await hung_up(client)

    again = await stage.client()
    again.ask("reqOpenOrders")
    await again.hears("openOrder", orderId=number)
    again.ask("cancelOrder", number)

    await status(again, number, "Cancelled")


@check(
    "the master client hears of every client's orders",
    shapes=CALM_MARKET,
    master_client_id=9,
)
async def master(stage: Stage) -> None:
    mine, boss = await stage.client(1), await stage.client(9)

    number = await filled(mine, order("BUY", 3))

    await status(boss, number, "Filled", clientId=1)
    await boss.hears("execDetails", execution__orderId=number)
    await boss.hears("commissionReport")


@check(
    "orders typed into the terminal are seen, and bound to client 0", shapes=CALM_MARKET
)
async def by_hand(stage: Stage) -> None:
    client = await stage.client(0)
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
    stage.server.place_by_hand(typed)

    await client.hears("openOrder", order__orderType="LMT")
