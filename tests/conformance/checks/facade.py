"""The whole of ``ib_async``, not only its codec: the calls that people make.

This chapter runs the library in the suite's own process.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Final

import ib_async
import pytest

from tests.conformance.checks.placing import ASK, STEADY_MARKET
from tests.conformance.clients import ClientName
from tests.conformance.vocabulary import AAPL, ACCOUNT
from tests.harness.client import EVENING, ClientHarness, check


OWN_FACE: Final = "This face is ib_async's own; the codec is checked above."
ONLY_IB_ASYNC: Final[Mapping[ClientName, str]] = MappingProxyType(
    {ClientName.OFFICIAL: OWN_FACE, ClientName.STOQEY: OWN_FACE}
)
SECONDS: Final = 5.0
APPLE: Final = ib_async.Stock("AAPL", "SMART", "USD", conId=AAPL)


@asynccontextmanager
async def connected(
    harness: ClientHarness, client_id: int = 1
) -> AsyncIterator[ib_async.IB]:
    """Connect as the product does: whatever does not end in time is an error."""
    ib = ib_async.IB()
    ib.RaiseRequestErrors = True
    port = harness.tap.port
    await ib.connectAsync("127.0.0.1", port, client_id, raiseSyncErrors=True)
    try:
        async with asyncio.timeout(SECONDS):
            yield ib
    finally:
        ib.disconnect()


@check("connecting with every start-up request answered", without=ONLY_IB_ASYNC)
async def starts_up(harness: ClientHarness) -> None:
    async with connected(harness) as ib:
        assert ib.managedAccounts() == [ACCOUNT]
        assert ib.accountValues()
        assert ib.client.serverVersion() == 178


@check("a scan, quotes of its rows and daily bars, as one goes", without=ONLY_IB_ASYNC)
async def morning(harness: ClientHarness) -> None:
    wish = ib_async.ScannerSubscription(
        instrument="STK", locationCode="STK.US.MAJOR", scanCode="TOP_PERC_GAIN"
    )
    async with connected(harness) as ib:
        rows = await ib.reqScannerDataAsync(wish)
        assert len(rows) == 50
        first = rows[0].contractDetails.contract
        assert first is not None
        ticker = ib.reqMktData(first)
        bars = await ib.reqHistoricalDataAsync(
            first, "", "2 D", "1 day", "TRADES", useRTH=True
        )
        while not (ticker.open > 0 and ticker.close > 0 and ticker.last > 0):
            await ticker.updateEvent
        assert len(bars) == 2
        assert ticker.open == bars[1].open
        assert ticker.close == bars[0].close


@check("a contract is made sure of, its session schedule asked", without=ONLY_IB_ASYNC)
async def qualified(harness: ClientHarness) -> None:
    async with connected(harness) as ib:
        (found,) = await ib.qualifyContractsAsync(
            ib_async.Stock("AAPL", "SMART", "USD")
        )
        assert isinstance(found, ib_async.Contract)
        schedule = await ib.reqHistoricalScheduleAsync(found, 3, "", useRTH=True)
        assert len(schedule.sessions) == 3


@check("snapshots of tickers end by themselves", without=ONLY_IB_ASYNC, speed=20.0)
async def snapshots(harness: ClientHarness) -> None:
    async with connected(harness) as ib:
        (ticker,) = await ib.reqTickersAsync(APPLE)
        assert ticker.bid > 0
        assert ticker.marketPrice() > 0


@check(
    "a market order's trade ends Filled, with its fill and commission",
    without=ONLY_IB_ASYNC,
    shapes=STEADY_MARKET,
)
async def trade(harness: ClientHarness) -> None:
    async with connected(harness) as ib:
        made = ib.placeOrder(APPLE, ib_async.MarketOrder("BUY", 100, tif="GTC"))
        while not (
            made.isDone() and made.fills and made.fills[0].commissionReport.execId
        ):
            await made.statusEvent if not made.isDone() else await asyncio.sleep(0.01)
        assert made.orderStatus.status == "Filled"
        assert made.orderStatus.avgFillPrice == ASK
        assert made.filled() == 100
        assert [each.position for each in await ib.reqPositionsAsync()] == [100]


@check("what-if answers through the facade", without=ONLY_IB_ASYNC)
async def previewed(harness: ClientHarness) -> None:
    async with connected(harness) as ib:
        state = await ib.whatIfOrderAsync(APPLE, ib_async.MarketOrder("BUY", 100))
        assert float(state.initMarginChange) > 0
        assert state.commission > 0


@check(
    "an order held over night is found again after reconnecting",
    without=ONLY_IB_ASYNC,
    clock=EVENING,
)
async def found_again(harness: ClientHarness) -> None:
    async with connected(harness) as ib:
        held = ib.placeOrder(
            APPLE, ib_async.MarketOrder("BUY", 100, tif="GTC", orderRef="p1.gain")
        )
        while held.orderStatus.permId == 0:
            await held.statusEvent

    async with connected(harness, client_id=2) as ib:
        (live,) = await ib.reqAllOpenOrdersAsync()
        assert live.order.orderRef == "p1.gain"
        assert live.order.permId == held.orderStatus.permId


@check("refusals reach who asked, as errors", without=ONLY_IB_ASYNC)
async def refused(harness: ClientHarness) -> None:
    async with connected(harness) as ib:
        with pytest.raises(ib_async.RequestError, match="No security definition"):
            await ib.reqContractDetailsAsync(ib_async.Stock("NOSUCH", "SMART", "USD"))
