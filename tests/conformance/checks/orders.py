"""The lives of orders: sent, acknowledged, filled, changed, cancelled."""

from dataclasses import replace

from core.sandbox.market.shapes import Shape
from tests.conformance.checks.placing import (
    ASK,
    NEVER,
    STEADY,
    STEADY_MARKET,
    TODAY,
    filled,
    fills,
    place,
    status,
)
from tests.conformance.vocabulary import (
    AAPL,
    ACCOUNT,
    order,
)
from tests.harness.client import EVENING, NEXT_OPEN, ClientHarness, check


@check(
    "MKT in session: PreSubmitted, execution, Filled, commission, in that order",
    shapes=STEADY_MARKET,
)
async def market_order(harness: ClientHarness) -> None:
    client = await harness.client()
    number = await filled(client, order("BUY", 100, orderRef="p1.gain"))

    seen = [
        (each.name, each.args.get("status"))
        for each in client.received
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
    shapes=STEADY_MARKET,
)
async def fill_details(harness: ClientHarness) -> None:
    client = await harness.client()

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
    shapes=STEADY_MARKET,
)
async def given_back(harness: ClientHarness) -> None:
    client = await harness.client()

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
async def held_until_the_open(harness: ClientHarness) -> None:
    client = await harness.client()

    number = await place(client, order("BUY", 100, tif="GTC"))

    held = await client.refused(399, reqId=number)
    assert "09:30:00" in held["text"]
    await status(client, number, "PreSubmitted", filled=0)
    assert not fills(client, number)
    harness.server.set_clock(NEXT_OPEN)
    await status(client, number, "Filled", filled=100)
    client.ask("reqCompletedOrders", False)
    await client.receives("completedOrdersEnd")
    assert client.all("completedOrder", order__tif="GTC")


@check("an order placed in the evening as DAY also waits for the open", clock=EVENING)
async def day_order_at_night(harness: ClientHarness) -> None:
    client = await harness.client()

    number = await place(client, order("BUY", 1))

    await client.refused(399, reqId=number)
    harness.server.set_clock(NEXT_OPEN)
    await status(client, number, "Filled")


@check(
    "a limit order works at its price, and fills once it is changed",
    shapes=STEADY_MARKET,
)
async def limit_order(harness: ClientHarness) -> None:
    client = await harness.client()
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
async def in_parts(harness: ClientHarness) -> None:
    client = await harness.client()

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
async def rest_cancelled(harness: ClientHarness) -> None:
    client = await harness.client()
    number = await place(client, order("BUY", 100))
    await status(client, number, "Submitted", filled=30)

    client.ask("cancelOrder", number)

    await status(client, number, "Cancelled", filled=30, remaining=70)
    await client.refused(202, reqId=number)


@check(
    "a cancel is confirmed by status and by 202, only for what is live",
    shapes=STEADY_MARKET,
)
async def cancelled(harness: ClientHarness) -> None:
    client = await harness.client()
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
    shapes=STEADY_MARKET,
)
async def global_cancel(harness: ClientHarness) -> None:
    mine, other = await harness.client(1), await harness.client(2)
    number = await place(mine, order("BUY", 10, "LMT", lmtPrice=90))

    other.ask("cancelOrder", number)
    await other.refused(10147, reqId=number)
    other.ask("reqGlobalCancel")

    await status(mine, number, "Cancelled")


@check(
    "what-if answers with margin and commission, and places nothing",
    shapes=STEADY_MARKET,
)
async def what_if(harness: ClientHarness) -> None:
    client = await harness.client()

    number = await place(client, order("BUY", 100, whatIf=True))

    (shown,) = client.all("openOrder", orderId=number)
    state = shown["state"]
    assert float(state["initMarginChange"]) > 0
    assert float(state["maintMarginAfter"]) > 0
    fee = state.get("commission") or state["commissionAndFees"]
    assert 0 < float(fee) < 10
    await client.settled()
    assert harness.server.orders() == []
    assert not client.all("orderStatus")


@check(
    "a price cap shows as mktCapPrice and as a warning, and is not passed",
    shapes={"AAPL": replace(STEADY, price_cap=ASK - 0.5)},
)
async def capped(harness: ClientHarness) -> None:
    client = await harness.client()

    market = await place(client, order("BUY", 10))
    modest = await place(client, order("BUY", 10, "LMT", lmtPrice=99))

    shown = await client.receives("orderStatus", orderId=market)
    assert shown["cap"] == ASK - 0.5
    opened = await client.receives("openOrder", orderId=market)
    assert "cap" in opened["state"]["warningText"]
    assert (await client.receives("orderStatus", orderId=modest))["cap"] == 0
    harness.server.set_override("AAPL", replace(STEADY, last=99, open=99))
    await status(client, market, "Filled")
    assert all(fill["price"] <= ASK - 0.5 for fill in fills(client, market))
