"""Scans, as ib_async sees them."""

import asyncio
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from ib_async import IB, ScanDataList, ScannerSubscription, TagValue

from core.sandbox.trouble.scenarios import LIBRARY
from tests.harness.ib_client import a_client, a_server
from tests.harness.waiting import until


def a_scan(code: str = "TOP_PERC_GAIN") -> ScannerSubscription:
    return ScannerSubscription(
        numberOfRows=50, instrument="STK", locationCode="STK.US.MAJOR", scanCode=code
    )


def codes_of(ib: IB) -> list[tuple[int, int]]:
    """Collect (request id, code) of every message 4 from now on."""
    received = list[tuple[int, int]]()
    ib.errorEvent += lambda req_id, code, *_rest: received.append((req_id, code))
    return received


async def test_a_scan_brings_ranked_rows_and_its_cancel_a_receipt() -> None:
    async with a_server() as server, a_client(server) as ib:
        received = codes_of(ib)

        rows = await asyncio.wait_for(ib.reqScannerDataAsync(a_scan()), 3)
        await until(lambda: received)

    assert [row.rank for row in rows] == list(range(len(rows)))
    assert 20 <= len(rows) <= 50
    assert [code for _, code in received] == [162]


async def test_filters_filter() -> None:
    async with a_server() as server, a_client(server) as ib:
        tags = [TagValue("priceAbove", "5"), TagValue("priceBelow", "20")]

        rows = await ib.reqScannerDataAsync(a_scan(), [], tags)
        contracts = [row.contractDetails.contract for row in rows]
        now, quote = server.clock.now(), server.gateway.exchange.quote
        prices = [quote(each.conId, now).last for each in contracts if each is not None]

    assert prices
    assert all(4.5 <= price <= 22 for price in prices)


async def test_a_fresh_batch_comes_every_thirty_seconds() -> None:
    batches = list[int]()
    async with a_server() as server, a_client(server) as ib:
        scan = ib.reqScannerSubscription(a_scan())
        scan.updateEvent += lambda rows: batches.append(len(rows))
        await until(lambda: len(batches) == 1)

        server.set_clock(server.clock.now() + timedelta(seconds=30))
        await until(lambda: len(batches) == 2)

        ib.cancelScannerSubscription(scan)
    assert batches[0] > 0


async def test_the_eleventh_scan_is_refused_with_322() -> None:
    async with a_server() as server, a_client(server) as ib:
        received = codes_of(ib)
        scans = list[ScanDataList]()

        scans.extend(ib.reqScannerSubscription(a_scan()) for _ in range(11))
        await until(lambda: received)

        assert received == [(scans[-1].reqId, 322)]


async def test_an_empty_scan_is_165_and_no_rows() -> None:
    async with (
        a_server(scenario=LIBRARY["scan-empty"]) as server,
        a_client(server) as ib,
    ):
        received = codes_of(ib)

        rows = await asyncio.wait_for(ib.reqScannerDataAsync(a_scan()), 3)

    assert list(rows) == []
    assert received[0][1] == 165


async def test_a_disabled_filter_is_named_in_162() -> None:
    texts = list[str]()
    async with (
        a_server(scenario=LIBRARY["scan-filter-disabled"]) as server,
        a_client(server) as ib,
    ):
        ib.errorEvent += lambda _id, _code, text, _contract: texts.append(text)
        tag = TagValue("marketCapBelow1e6", "1000")

        rows = await asyncio.wait_for(ib.reqScannerDataAsync(a_scan(), [], [tag]), 3)

    assert list(rows) == []
    assert "marketCapBelow1e6 is disabled" in texts[0]


@pytest.mark.parametrize("code", ["NO_SUCH_CODE", ""])
async def test_an_unknown_code_is_refused(code: str) -> None:
    async with a_server() as server, a_client(server) as ib:
        received = codes_of(ib)

        ib.reqScannerSubscription(a_scan(code))
        await until(lambda: received)

    assert received[0][1] in {162, 321}


async def test_cancelling_twice_is_365() -> None:
    async with a_server() as server, a_client(server) as ib:
        received = codes_of(ib)

        ib.client.send(23, 1, 77)  # type: ignore[no-untyped-call]  # ib_async's own
        await until(lambda: received)

    assert received == [(77, 365)]


async def test_the_parameters_are_xml_and_name_the_codes() -> None:
    async with a_server() as server, a_client(server) as ib:
        text = await ib.reqScannerParametersAsync()

    codes = {each.text for each in ET.fromstring(text).iter("scanCode")}  # noqa: S314  our own text
    assert {"TOP_PERC_GAIN", "TOP_OPEN_PERC_GAIN", "HOT_BY_VOLUME"} <= codes
