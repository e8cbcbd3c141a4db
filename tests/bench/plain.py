"""The same scan as a plain script of the usual kind does it with ib_async."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ib_async import IB, ScannerSubscription, TagValue

from tests.bench.product import PAUSE
from tests.bench.site import Site
from tests.harness.connection import GAINERS


@asynccontextmanager
async def connected(site: Site, client: int) -> AsyncIterator[IB]:
    """The library's own object, connected; no account data is asked for."""
    logging.getLogger("ib_async").setLevel(logging.CRITICAL)  # it logs every receipt
    ib = IB()
    await ib.connectAsync("127.0.0.1", site.port, clientId=client)
    try:
        await asyncio.sleep(PAUSE)
        yield ib
    finally:
        ib.disconnect()


async def scan(ib: IB) -> float:
    """Seconds from the request to the five's quotes and bars."""
    began = time.monotonic()
    asked = ScannerSubscription(
        numberOfRows=GAINERS.rows,
        instrument=GAINERS.instrument,
        locationCode=GAINERS.location,
        scanCode=GAINERS.code,
    )
    rows = await ib.reqScannerDataAsync(
        asked, [], [TagValue(tag, value) for tag, value in GAINERS.filters]
    )
    found = [row.contractDetails.contract for row in rows]
    stocks = [each for each in found if each is not None]
    await ib.reqTickersAsync(*stocks)
    await asyncio.gather(
        *(
            ib.reqHistoricalDataAsync(stock, "", "2 D", "1 day", "TRADES", useRTH=True)
            for stock in stocks[:5]
        )
    )
    return time.monotonic() - began
