"""Market data: streaming, snapshots, delayed data, permissions and lines."""

import asyncio
from itertools import pairwise
from typing import Any

from core.sandbox.market.permission import DataPermission
from core.sandbox.market.shapes import Shape
from tests.conformance.clients import ClientName, Conversation
from tests.conformance.vocabulary import AAPL, MSFT, SPY, stock
from tests.harness.client import MID_MORNING, ClientHarness, check


BID, ASK, LAST, HIGH, LOW, CLOSE, OPEN = 1, 2, 4, 6, 7, 9, 14
BID_SIZE, ASK_SIZE, LAST_SIZE, VOLUME, LAST_TIME, HALTED = 0, 3, 5, 8, 45, 49
DELAYED = {BID: 66, ASK: 67, LAST: 68, HIGH: 72, LOW: 73, CLOSE: 75, OPEN: 76}
PRE_MARKET = MID_MORNING.replace(hour=8)
LIVE_TYPE, FROZEN_TYPE, DELAYED_TYPE, DELAYED_FROZEN_TYPE = 1, 2, 3, 4


def watch(
    client: Conversation, req_id: int, con_id: int, *, once: bool = False
) -> None:
    """Ask for a stock's market data."""
    client.ask("reqMktData", req_id, stock(con_id=con_id), "", once, False, [])


async def price(client: Conversation, req_id: int, kind: int) -> float:
    """Return the first price of this kind."""
    return float((await client.receives("tickPrice", reqId=req_id, kind=kind))["price"])


@check("streaming brings both sides, last, open, high, low, close, volume")
async def streaming(harness: ClientHarness) -> None:
    client = await harness.client()

    watch(client, 5, AAPL)

    bid, ask, last = [await price(client, 5, kind) for kind in (BID, ASK, LAST)]
    assert 0 < bid < ask
    assert last > 0
    low, high = await price(client, 5, LOW), await price(client, 5, HIGH)
    assert low <= await price(client, 5, OPEN) <= high
    assert low <= last <= high
    assert await price(client, 5, CLOSE) > 0
    assert float((await client.receives("tickSize", reqId=5, kind=VOLUME))["size"]) > 0
    assert (
        int((await client.receives("tickString", reqId=5, kind=LAST_TIME))["value"]) > 0
    )


@check("generic ticks: average volume, trades, shortable, dividends")
async def generic(harness: ClientHarness) -> None:
    client = await harness.client()

    numbers = "165,233,236,456"
    client.ask("reqMktData", 5, stock(con_id=AAPL), numbers, False, False, [])

    average = await client.receives("tickSize", reqId=5, kind=21)
    assert float(average["size"]) > 0
    trade = (await client.receives("tickString", reqId=5, kind=48))["value"].split(";")
    assert len(trade) == 6
    assert float(trade[4]) > 0
    shortable = await client.receives("tickGeneric", reqId=5, kind=46)
    assert shortable["value"] > 2.5
    assert float((await client.receives("tickSize", reqId=5, kind=89))["size"]) > 0
    dividends = (await client.receives("tickString", reqId=5, kind=59))["value"]
    assert len(dividends.split(",")) == 4


@check("no such generic tick, or one for a snapshot, is refused with 321")
async def no_generic(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqMktData", 5, stock(con_id=AAPL), "233,999", False, False, [])
    client.ask("reqMktData", 6, stock(con_id=AAPL), "233", True, False, [])

    for number, words in ((5, "Incorrect generic tick list"), (6, "Snapshot")):
        refused = await client.receives("error", reqId=number, code=321)
        assert words in refused["text"]


@check("a subscription says its type, its parameters, and that nothing is halted")
async def about_the_line(harness: ClientHarness) -> None:
    client = await harness.client()

    watch(client, 5, AAPL)

    assert (await client.receives("marketDataType", reqId=5))["type"] == LIVE_TYPE
    assert (await client.receives("tickReqParams", reqId=5))["permissions"] >= 0
    assert (await client.receives("tickGeneric", reqId=5, kind=HALTED))["value"] == 0


@check(
    "the smallest tick of a line is one cent",
    without={ClientName.STOQEY: "It reads the smallest tick as a whole number: 0."},
)
async def smallest_tick(harness: ClientHarness) -> None:
    client = await harness.client()

    watch(client, 5, AAPL)

    assert (await client.receives("tickReqParams", reqId=5))["minTick"] == 0.01


@check("a halted stock says so with tick 49", shapes={"AAPL": Shape(halted=2)})
async def halted(harness: ClientHarness) -> None:
    client = await harness.client()

    watch(client, 5, AAPL)

    assert (await client.receives("tickGeneric", reqId=5, kind=HALTED))["value"] == 2


@check(
    "ticks keep coming, changes only, not faster than four times a second", speed=4.0
)
async def aggregated(harness: ClientHarness) -> None:
    client = await harness.client()
    watch(client, 5, SPY)
    await client.receives("tickPrice", reqId=5, kind=BID)
    here = client.mark()

    await asyncio.sleep(1.5)  # six simulated seconds: at most 24 updates

    bids = client.all("tickPrice", reqId=5, kind=BID, since=here)
    assert 1 <= len(bids) <= 26
    seen = [each["price"] for each in bids]
    assert all(a != b for a, b in pairwise(seen))


@check("cancelled means quiet, and cancelling again is 300", speed=8.0)
async def cancelled(harness: ClientHarness) -> None:
    client = await harness.client()
    watch(client, 5, SPY)
    await client.receives("tickPrice", reqId=5)

    client.ask("cancelMktData", 5)
    await client.settled()
    here = client.mark()
    await asyncio.sleep(0.4)

    assert not client.all("tickPrice", since=here)
    client.ask("cancelMktData", 5)
    await client.refused(300, reqId=5)


@check("a snapshot ends by itself after eleven seconds", speed=22.0)
async def snapshot(harness: ClientHarness) -> None:
    client = await harness.client()
    begun = harness.server.clock.now()

    watch(client, 5, AAPL, once=True)

    await client.receives("tickPrice", reqId=5, kind=LAST)
    await client.receives("tickSnapshotEnd", reqId=5)
    took = (harness.server.clock.now() - begun).total_seconds()
    assert 11 <= took < 30


@check("before the open, tick 14 is the previous session's open", clock=PRE_MARKET)
async def stale_open(harness: ClientHarness) -> None:
    client = await harness.client()
    watch(client, 5, AAPL)
    words: tuple[Any, ...] = ("", "1 D", "1 day", "TRADES", 1, 1, False, [])
    client.ask("reqHistoricalData", 6, stock(con_id=AAPL), *words)

    bar = (await client.receives("historicalData", reqId=6))["bar"]

    assert bar["date"] == "20260729"
    assert await price(client, 5, OPEN) == bar["open"]
    assert await price(client, 5, CLOSE) == bar["close"]


@check(
    "delayed data comes as ticks 66 to 76, with 10167 and type 3",
    permission=DataPermission.DELAYED,
)
async def delayed(harness: ClientHarness) -> None:
    client = await harness.client()
    client.ask("reqMarketDataType", DELAYED_TYPE)

    watch(client, 5, AAPL)

    await client.refused(10167)
    assert (await client.receives("marketDataType", reqId=5))["type"] == DELAYED_TYPE
    for late in DELAYED.values():
        assert await price(client, 5, late) > 0
    assert not client.all("tickPrice", reqId=5, kind=LAST)


@check(
    "without the subscription: 10089 where delayed data could be had",
    permission=DataPermission.DELAYED,
)
async def needs_subscription(harness: ClientHarness) -> None:
    client = await harness.client()

    watch(client, 5, AAPL)

    await client.refused(10089, reqId=5)


@check(
    "without the subscription: 354, and 10168 for who wanted it delayed",
    permission=DataPermission.NONE,
)
async def not_subscribed(harness: ClientHarness) -> None:
    client = await harness.client()

    watch(client, 5, AAPL)
    await client.refused(354, reqId=5)
    client.ask("reqMarketDataType", DELAYED_TYPE)
    watch(client, 6, AAPL)

    await client.refused(10168, reqId=6)


@check(
    "another session of the same user takes the data: 10197",
    permission=DataPermission.COMPETING,
)
async def competing(harness: ClientHarness) -> None:
    client = await harness.client()

    watch(client, 5, AAPL)

    await client.refused(10197, reqId=5)


@check("frozen data after hours is type 2", clock=MID_MORNING.replace(day=1, month=8))
async def frozen(harness: ClientHarness) -> None:
    client = await harness.client()
    client.ask("reqMarketDataType", FROZEN_TYPE)

    watch(client, 5, AAPL)

    assert (await client.receives("marketDataType", reqId=5))["type"] == FROZEN_TYPE
    assert await price(client, 5, LAST) > 0


@check(
    "delayed and frozen data on a Saturday is type 4",
    permission=DataPermission.DELAYED,
    clock=MID_MORNING.replace(day=1, month=8),
)
async def delayed_frozen(harness: ClientHarness) -> None:
    client = await harness.client()
    client.ask("reqMarketDataType", DELAYED_FROZEN_TYPE)

    watch(client, 5, AAPL)

    await client.refused(10167)
    told = await client.receives("marketDataType", reqId=5)
    assert told["type"] == DELAYED_FROZEN_TYPE
    assert await price(client, 5, DELAYED[LAST]) > 0
    assert not client.all("tickPrice", reqId=5, kind=LAST)


@check("the line after the last is refused with 101, until one is given back")
async def out_of_lines(harness: ClientHarness) -> None:
    clients = [await harness.client(number) for number in (1, 2, 3)]
    for number in range(100):
        watch(clients[number // 40], 100 + number, SPY)
    for number in (139, 179, 199):
        await price(clients[(number - 100) // 40], number, LAST)
    *_, second, third = clients
    watch(third, 200, MSFT)
    await third.refused(101, reqId=200)

    second.ask("cancelMktData", 159)
    await second.settled()
    watch(third, 201, MSFT)

    assert await price(third, 201, LAST) > 0


@check("an unknown contract is 200, a second use of a live id is 322")
async def wrong_requests(harness: ClientHarness) -> None:
    client = await harness.client()
    watch(client, 5, 999999999)
    await client.refused(200, reqId=5)
    watch(client, 6, AAPL)
    await price(client, 6, LAST)

    watch(client, 6, MSFT)

    await client.refused(322, reqId=6)


@check("data lost with 1101 has to be asked for again", speed=8.0)
async def data_lost(harness: ClientHarness) -> None:
    client = await harness.client()
    watch(client, 5, SPY)
    await price(client, 5, LAST)
    harness.server.flap(1100)
    harness.server.flap(1101)
    await client.refused(1101)
    await client.settled()
    here = client.mark()
    await asyncio.sleep(0.3)
    assert not client.all("tickPrice", since=here)

    watch(client, 6, SPY)

    assert await price(client, 6, LAST) > 0


@check(
    "tick-by-tick data, depth and live bars need a subscription",
    permission=DataPermission.DELAYED,
)
async def not_permitted(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqTickByTickData", 5, stock(con_id=AAPL), "Last", 0, False)
    client.ask("reqMktDepth", 6, stock(con_id=AAPL), 5, False, [])
    client.ask("reqRealTimeBars", 7, stock(con_id=AAPL), 5, "TRADES", False, [])

    await client.refused(10189, reqId=5)
    await client.refused(10092, reqId=6)
    await client.refused(420, reqId=7)
