"""Requests nobody should make: they are answered or ignored, and harm nobody."""

from typing import Any, Final

from core.sandbox.latency import Profile
from tests.conformance.checks.placing import STEADY_MARKET
from tests.conformance.clients import ClientName, Conversation
from tests.conformance.vocabulary import AAPL, ACCOUNT, order, scan, stock, tag
from tests.harness.client import ClientHarness, check


ENDS: Final = ("17000101-00:00:00", "99991231-23:59:59", "20260230 00:00:00", "soon")
DURATIONS: Final = ("0 D", "-1 D", "1 S", "D", "")
LARGEST_ID: Final = 2**31 - 2
SIZES: Final = ("1 secs", "1 month", "", "0 mins")


def history(client: Conversation, req_id: int, *words: Any) -> None:
    """Ask for the history of AAPL."""
    client.ask("reqHistoricalData", req_id, stock(con_id=AAPL), *words)


@check("odd dates, durations and bar sizes")
async def odd_history(harness: ClientHarness) -> None:
    client = await harness.client()

    for number, end in enumerate(ENDS):
        for what in ("TRADES", "SCHEDULE"):
            req_id = 100 + 2 * number + (what == "TRADES")
            history(client, req_id, end, "2 D", "1 day", what, 1, 1, False, [])
    for number, duration in enumerate(DURATIONS):
        for what in ("TRADES", "SCHEDULE"):
            req_id = 200 + 2 * number + (what == "TRADES")
            history(client, req_id, "", duration, "1 day", what, 1, 1, False, [])
    history(client, 400, "", "999999 D", "1 day", "SCHEDULE", 1, 1, False, [])
    for number, size in enumerate(SIZES):
        history(client, 300 + number, "", "1 D", size, "TRADES", 0, 1, False, [])

    await client.settled()
    await client.refused(321, reqId=302)


@check("odd scans: no rows, too many, odd filters", speed=0.05)
async def odd_scans(harness: ClientHarness) -> None:
    client = await harness.client()
    wishes = [
        (scan(rows=0), []),
        (scan(rows=-7), []),
        (scan(rows=100000), []),
        (scan(), [tag("priceAbove", "cheap")]),
        (scan(), [tag("noSuchFilter", 1)]),
        (scan(), [tag("priceAbove", ""), tag("priceAbove", "nan")]),
    ]

    for number, (wish, tags) in enumerate(wishes):
        client.ask("reqScannerSubscription", 10 + number, wish, [], tags)

    await client.settled()
    await client.receives("scannerDataEnd", reqId=12)
    assert len(client.all("scannerData", reqId=12)) == 50


@check("odd orders: huge, negative, worthless, for nobody", shapes=STEADY_MARKET)
async def odd_orders(harness: ClientHarness) -> None:
    client = await harness.client()
    wishes = [
        order("BUY", 1e15),
        order("BUY", -5),
        order("SELL", 1e15),
        order("BUY", 1, "LMT", lmtPrice=0),
        order("BUY", 1, "LMT", lmtPrice=1e300),
        order("BUY", 1, "STP", auxPrice=-3),
        order("BUY", 1, "TRAIL", trailingPercent=5000),
        order("BUY", 1, parentId=987654),
        order("BUY", 1, whatIf=True, account="DU0000000"),
    ]

    for number, wish in enumerate(wishes, start=1):
        client.ask("placeOrder", number, stock(con_id=AAPL), wish)
    client.ask("cancelOrder", -1)
    client.ask("reqIds", -1)

    await client.settled()
    assert not [
        each for each in harness.server.executions() if each.execution.shares > 5
    ]


@check("odd accounts and ids")
async def odd_ids(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqAccountUpdates", True, "DU0000000")
    client.ask("reqPositionsMulti", 5, "DU0000000", "")
    client.ask("reqAccountUpdatesMulti", 6, "DU0000000", "", False)
    client.ask("reqPnL", 7, "DU0000000", "")
    client.ask("reqPnL", LARGEST_ID, "DU0000000", "")
    client.ask("reqPnLSingle", 8, ACCOUNT, "", 999999999)
    client.ask("reqAccountSummary", 9, "NoSuchGroup", "NoSuchTag,,")
    client.ask("cancelPnL", 77)
    client.ask("cancelAccountSummary", 77)
    client.ask("reqMarketRule", -1)
    client.ask("reqMatchingSymbols", 10, "")

    await client.settled()
    await client.refused(321, reqId=LARGEST_ID)


@check(
    "the fifty-first open history request is refused",
    profile=Profile.NIGHTLY,
    speed=0.05,
    lines=200,
)
async def too_much_history(harness: ClientHarness) -> None:
    client = await harness.client()

    for number in range(51):
        history(client, 100 + number, "", "2 D", "1 day", "TRADES", 1, 1, False, [])
    await client.settled()
    harness.server.set_clock(harness.server.clock.now().replace(minute=25))

    await client.refused(162, reqId=150)
    await client.receives("historicalDataEnd", reqId=149)


@check(
    "a price that is no number is refused, and the line goes on",
    without={ClientName.STOQEY: "It sends what is not a number as nothing at all."},
)
async def not_a_number(harness: ClientHarness) -> None:
    client = await harness.client()

    wish = order("BUY", 1, "LMT", lmtPrice=float("nan"))
    client.ask("placeOrder", 1, stock(con_id=AAPL), wish)

    await client.receives("error", reqId=1, code=lambda code: code in {320, 321})
    await client.settled()
