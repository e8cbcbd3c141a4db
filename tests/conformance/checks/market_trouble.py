"""What a client sees of each scenario about scans, quotes and history."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from tests.conformance.checks.line_trouble import A_WHILE, pass_seconds
from tests.conformance.checks.quotes import DELAYED_TYPE, HALTED, LAST, OPEN, watch
from tests.conformance.clients import Conversation
from tests.conformance.vocabulary import (
    AAPL,
    ACCOUNT,
    everything,
    scan,
    stock,
    tag,
)
from tests.harness.client import ClientHarness, Play


TWO_DAYS: Final[tuple[Any, ...]] = ("", "2 D", "1 day", "TRADES", 1, 1, False, [])
SILENT: Final[Mapping[str, tuple[tuple[Any, ...], tuple[str, ...]]]] = {
    "reqScannerSubscription": ((5, scan(), [], []), ("scannerData", "scannerDataEnd")),
    "reqMktData": (
        (5, stock(con_id=AAPL), "", False, False, []),
        ("tickPrice", "tickSize"),
    ),
    "reqHistoricalData": (
        (5, stock(con_id=AAPL), *TWO_DAYS),
        ("historicalData", "historicalDataEnd"),
    ),
    "reqContractDetails": (
        (5, stock(con_id=AAPL)),
        ("contractDetails", "contractDetailsEnd"),
    ),
    "reqOpenOrders": ((), ("openOrderEnd",)),
    "reqAllOpenOrders": ((), ("openOrderEnd",)),
    "reqCompletedOrders": ((False,), ("completedOrdersEnd",)),
    "reqExecutions": ((5, everything()), ("execDetailsEnd",)),
    "reqPositions": ((), ("positionEnd",)),
    "reqAccountUpdates": ((True, ACCOUNT), ("updateAccountValue",)),
    "reqCurrentTime": ((), ("currentTime",)),
}


def unanswered(deed: str) -> Play:
    """Watch a request get no answer while others do."""
    words, answers = SILENT[deed]

    async def play(harness: ClientHarness) -> None:
        client = await harness.client()
        client.ask(deed, *words)
        client.ask("reqIds", 1)
        await client.receives("nextValidId", since=client.mark())
        await asyncio.sleep(0.1)
        assert not [name for name in answers if client.all(name)]

    return play


async def scanning(harness: ClientHarness, *tags: dict[str, Any]) -> Conversation:
    """Connect, and ask for a scan under id 5."""
    client = await harness.client()
    client.ask("reqScannerSubscription", 5, scan(rows=10), [], list(tags))
    return client


async def scan_empty(harness: ClientHarness) -> None:
    client = await scanning(harness)
    await client.refused(165, reqId=5)
    await client.receives("scannerDataEnd", reqId=5)
    assert not client.all("scannerData")


async def scan_empty_alone(harness: ClientHarness) -> None:
    client = await scanning(harness)
    await client.refused(165, reqId=5)
    await client.settled()
    assert not client.all("scannerDataEnd")


async def scan_with_count(harness: ClientHarness) -> None:
    client = await scanning(harness)
    assert "50 out of 435" in (await client.refused(165, reqId=5))["text"]
    await client.receives("scannerDataEnd", reqId=5)
    assert len(client.all("scannerData")) == 10


async def scan_filter_disabled(harness: ClientHarness) -> None:
    client = await scanning(harness, tag("marketCapBelow1e6", 1000))
    assert "disabled" in (await client.refused(162, reqId=5))["text"]


def scan_refused(code: int) -> Play:
    """Watch a scan be refused."""

    async def play(harness: ClientHarness) -> None:
        client = await scanning(harness)
        await client.refused(code, reqId=5)
        await client.settled()
        assert not client.all("scannerData")

    return play


async def scan_late(harness: ClientHarness) -> None:
    client = await scanning(harness)
    await client.settled()
    pass_seconds(harness, 13)
    await client.settled()
    assert not client.all("scannerData")
    pass_seconds(harness, 3)
    await client.receives("scannerDataEnd", reqId=5)


async def scan_twice(harness: ClientHarness) -> None:
    client = await scanning(harness)
    first = await client.receives("scannerDataEnd", reqId=5)
    await client.receives(
        "scannerDataEnd", reqId=5, since=client.received.index(first) + 1, within=2
    )
    assert len(client.all("scannerData")) == 20


def quote_refused(code: int, kind: int = 1) -> Play:
    """Watch a quote be refused."""

    async def play(harness: ClientHarness) -> None:
        client = await harness.client()
        client.ask("reqMarketDataType", kind)
        watch(client, 5, AAPL)
        await client.refused(code, reqId=5)

    return play


async def delayed_untied(harness: ClientHarness) -> None:
    client = await harness.client()
    client.ask("reqMarketDataType", DELAYED_TYPE)
    watch(client, 5, AAPL)
    await client.refused(10167, reqId=-1)
    await client.receives("tickPrice", reqId=5, kind=68)


def without_tick(kind: int) -> Play:
    """Watch quotes come without one kind of price."""

    async def play(harness: ClientHarness) -> None:
        client = await harness.client()
        watch(client, 5, AAPL)
        await client.receives("tickGeneric", reqId=5, kind=HALTED)
        assert client.all("tickPrice", reqId=5)
        assert not client.all("tickPrice", reqId=5, kind=kind)

    return play


async def minus_one(harness: ClientHarness) -> None:
    client = await harness.client()
    watch(client, 5, AAPL)
    await client.receives("tickGeneric", reqId=5, kind=HALTED)
    assert {each["price"] for each in client.all("tickPrice")} == {-1}


async def silent_quotes(harness: ClientHarness) -> None:
    client = await harness.client()
    watch(client, 5, AAPL)
    await asyncio.sleep(A_WHILE)
    assert not client.all("tickPrice")
    assert not client.all("error", reqId=5)


async def all_halted(harness: ClientHarness) -> None:
    client = await harness.client()
    watch(client, 5, AAPL)
    assert (await client.receives("tickGeneric", reqId=5, kind=HALTED))["value"] == 1


async def quotes_slow(harness: ClientHarness) -> None:
    client = await harness.client()
    watch(client, 5, AAPL)
    await client.settled()
    assert not client.all("tickPrice")
    pass_seconds(harness, 5)
    await client.receives("tickPrice", reqId=5)


async def rate_warning(harness: ClientHarness) -> None:
    client = await harness.client()
    for number in range(45):
        watch(client, 100 + number, AAPL)
    warning = await client.refused(0, reqId=-1)
    assert "max rate" in warning["text"]


def bars_refused(code: int, text: str) -> Play:
    """Watch a history request be refused."""

    async def play(harness: ClientHarness) -> None:
        client = await harness.client()
        client.ask("reqHistoricalData", 5, stock(con_id=AAPL), *TWO_DAYS)
        assert text in (await client.refused(code, reqId=5))["text"]
        await client.settled()
        assert not client.all("historicalData")

    return play


async def bars_late(harness: ClientHarness) -> None:
    client = await harness.client()
    client.ask("reqHistoricalData", 5, stock(con_id=AAPL), *TWO_DAYS)
    await client.settled()
    client.ask("cancelHistoricalData", 5)
    pass_seconds(harness, 13)
    await client.receives("historicalData", reqId=5)


async def bars_corrupt(harness: ClientHarness) -> None:
    client = await harness.client()
    client.ask("reqHistoricalData", 5, stock(con_id=AAPL), *TWO_DAYS)
    await asyncio.sleep(A_WHILE)
    told = [each for each in harness.tap.lines[0].told() if each[0] == "17"]
    assert "#?" in told[0]


WATCHERS: Final[Mapping[str, Play]] = MappingProxyType(
    {
        **{f"unanswered-{deed}": unanswered(deed) for deed in SILENT},
        "scan-empty": scan_empty,
        "scan-empty-without-batch": scan_empty_alone,
        "scan-with-count": scan_with_count,
        "scan-filter-disabled": scan_filter_disabled,
        "scan-slots-leaked": scan_refused(322),
        "scan-invalid": scan_refused(321),
        "scan-wrong-location": scan_refused(162),
        "scan-late": scan_late,
        "scan-twice": scan_twice,
        "no-market-data": quote_refused(354),
        "delayed-data": quote_refused(10089),
        "delayed-note-untied": delayed_untied,
        "competing-session": quote_refused(10197),
        "no-last-price": without_tick(LAST),
        "no-open": without_tick(OPEN),
        "prices-of-minus-one": minus_one,
        "silent-quotes": silent_quotes,
        "all-halted": all_halted,
        "quotes-slow": quotes_slow,
        "rate-warning": rate_warning,
        "no-bars": bars_refused(162, "no data"),
        "no-history-permission": bars_refused(162, "permissions"),
        "history-pacing": bars_refused(162, "pacing violation"),
        "history-invalid": bars_refused(321, "bar size"),
        "bars-late": bars_late,
        "bars-corrupt": bars_corrupt,
    },
)
