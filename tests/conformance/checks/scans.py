"""The scanner: what it ranks, filters, refuses, and how often it speaks."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise

from tests.conformance.clients import Conversation
from tests.conformance.vocabulary import Described, scan, stock, tag
from tests.harness.client import MID_MORNING, ClientHarness, check


CODES = (
    "TOP_PERC_GAIN",
    "TOP_PERC_LOSE",
    "TOP_OPEN_PERC_GAIN",
    "HOT_BY_VOLUME",
    "MOST_ACTIVE",
    "HIGH_OPEN_GAP",
)
PRE_MARKET = MID_MORNING.replace(hour=8)
FAST = 40.0  # simulated seconds in one


async def rows(
    client: Conversation, req_id: int, wish: Described, *tags: Described
) -> list[Mapping[str, object]]:
    """Scan once, and return the contracts in rank order."""
    here = client.mark()
    client.ask("reqScannerSubscription", req_id, wish, [], list(tags))
    await client.receives("scannerDataEnd", reqId=req_id, since=here)
    found = client.all("scannerData", reqId=req_id, since=here)
    assert [each["rank"] for each in found] == list(range(len(found)))
    return [each["details"]["contract"] for each in found]


async def quoted(client: Conversation, req_id: int, con_id: object, kind: int) -> float:
    """Return one price tick of a stock."""
    client.ask(
        "reqMktData", req_id, stock(con_id=int(str(con_id))), "", False, False, []
    )
    tick = await client.receives("tickPrice", reqId=req_id, kind=kind)
    client.ask("cancelMktData", req_id)
    return float(tick["price"])


@check("each scan code ranks its own fifty stocks from zero")
async def codes(harness: ClientHarness) -> None:
    client = await harness.client()

    found = [await rows(client, 10 + n, scan(each)) for n, each in enumerate(CODES)]

    assert [len(each) for each in found] == [50] * len(CODES)
    orders = {tuple(row["conId"] for row in each) for each in found}
    assert len(orders) == len(CODES)
    assert {row["exchange"] for row in found[0]} == {"SMART"}


@check("TOP_PERC_GAIN ranks by last against the previous close")
async def ranked_by_gain(harness: ClientHarness) -> None:
    client = await harness.client()
    found = await rows(client, 5, scan(rows=5))

    gains = []
    for number, row in enumerate(found):
        last = await quoted(client, 20 + number, row["conId"], 4)
        close = await quoted(client, 40 + number, row["conId"], 9)
        gains.append(last / close)

    assert len(gains) == 5
    assert all(a > b * 0.995 for a, b in pairwise(gains))
    assert gains[0] > 1.05


@check(
    "TOP_OPEN_PERC_GAIN is empty before the open, TOP_PERC_GAIN is not",
    clock=PRE_MARKET,
)
async def before_the_open(harness: ClientHarness) -> None:
    client = await harness.client()

    assert not await rows(client, 5, scan("TOP_OPEN_PERC_GAIN"))
    assert await rows(client, 6, scan("TOP_PERC_GAIN"))


@check("filters filter: prices above a price, and fewer rows")
async def filtered(harness: ClientHarness) -> None:
    client = await harness.client()

    dear = await rows(client, 5, scan(rows=5), tag("priceAbove", 20))

    assert len(dear) == 5
    for number, row in enumerate(dear):
        assert await quoted(client, 20 + number, row["conId"], 4) > 20


@check("the subscription's own fields reach the same filters as the tags", speed=0.001)
async def legacy_filters(harness: ClientHarness) -> None:
    client = await harness.client()

    by_tag = await rows(
        client, 5, scan(), tag("priceAbove", 20), tag("volumeAbove", 1000)
    )
    by_field = await rows(client, 6, scan(abovePrice=20, aboveVolume=1000))

    assert [r["conId"] for r in by_tag] == [r["conId"] for r in by_field]


@check("a scan that finds nothing says 165 and brings an empty batch")
async def nothing_found(harness: ClientHarness) -> None:
    client = await harness.client()

    assert await rows(client, 5, scan(), tag("priceAbove", 100000)) == []

    assert "no items retrieved" in (await client.refused(165, reqId=5))["text"]


@check("a fresh batch comes every thirty seconds until cancelled", speed=FAST)
async def again_and_again(harness: ClientHarness) -> None:
    client = await harness.client()
    await rows(client, 5, scan())

    for _ in range(2):
        here = client.mark()
        await client.receives("scannerDataEnd", reqId=5, since=here)
    client.ask("cancelScannerSubscription", 5)

    receipt = await client.refused(162, reqId=5)
    assert "API scanner subscription cancelled" in receipt["text"]
    here = client.mark()
    harness.server.set_clock(harness.server.clock.now() + timedelta(seconds=40))
    await client.settled()
    assert not client.all("scannerDataEnd", since=here)


@check("cancelling a scan that is not there is 365")
async def cancelled_twice(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("cancelScannerSubscription", 5)

    await client.refused(365, reqId=5)


@check("the eleventh scan is refused with 322, until one is cancelled")
async def eleventh(harness: ClientHarness) -> None:
    client = await harness.client()
    for number in range(10):
        await rows(client, 10 + number, scan(rows=1))

    client.ask("reqScannerSubscription", 20, scan(rows=1), [], [])
    assert "10 simultaneous" in (await client.refused(322, reqId=20))["text"]

    client.ask("cancelScannerSubscription", 10)
    await client.refused(162, reqId=10)
    assert await rows(client, 21, scan(rows=1))


@check(
    "a filter that is off for the account fails with 162",
    disabled_filters=frozenset({"usdMarketCapAbove"}),
)
async def filter_disabled(harness: ClientHarness) -> None:
    client = await harness.client()

    client.ask("reqScannerSubscription", 5, scan(), [], [tag("usdMarketCapAbove", 1)])

    assert "is disabled" in (await client.refused(162, reqId=5))["text"]
    await client.settled()
    assert not client.all("scannerDataEnd")


@check("a location that cannot be scanned fails with 162")
async def wrong_location(harness: ClientHarness) -> None:
    client = await harness.client()

    wish = scan(locationCode="STK.MOON")
    client.ask("reqScannerSubscription", 5, wish, [], [])

    await client.refused(162, reqId=5)


@check("legs, distance, benchmark and projection are empty for stocks")
async def empty_columns(harness: ClientHarness) -> None:
    client = await harness.client()
    await rows(client, 5, scan(rows=1))

    row = client.all("scannerData", reqId=5)[0]

    words = ("distance", "benchmark", "projection", "legs")
    assert not any(row[word] for word in words)
