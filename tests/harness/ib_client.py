"""The client ib_async, connected to a gateway that serves in this process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from ib_async import IB, Contract, MarketOrder, Stock, Trade

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.server import GatewayServer, serve


ACCOUNT: Final = "DU1234567"
AAPL: Final[Contract] = Stock("AAPL", "SMART", "USD", conId=265598)
SPY: Final[Contract] = Stock("SPY", "SMART", "USD", conId=756733)
MORNING: Final = datetime(2026, 7, 30, 14, 45, tzinfo=UTC)  # 10:45 in New York
EVENING: Final = datetime(2026, 7, 31, 0, 30, tzinfo=UTC)  # 20:30 in New York
INSTANT: Final = GatewayConfig(port=0, profile=Profile.INSTANT, clock=MORNING)
TIMEOUT: Final = 5.0


@asynccontextmanager
async def a_server(**changes: Any) -> AsyncIterator[GatewayServer]:
    """A gateway on a free port: instant, on a trading morning, unless told otherwise."""
    async with serve(replace(INSTANT, **changes)) as server:
        yield server


@asynccontextmanager
async def a_client(server: GatewayServer, *, client_id: int = 7) -> AsyncIterator[IB]:
    """An ib_async client that has synchronised without an error."""
    ib = IB()
    await ib.connectAsync(
        "127.0.0.1", server.port, client_id, timeout=TIMEOUT, raiseSyncErrors=True
    )
    try:
        yield ib
    finally:
        ib.disconnect()


def a_market_order(
    shares: float = 100, *, tif: str = "GTC", ref: str = ""
) -> MarketOrder:
    """A market order without an order id."""
    return MarketOrder("BUY", shares, tif=tif, orderRef=ref, account=ACCOUNT)


def buy(ib: IB, contract: Contract = AAPL, shares: float = 10) -> Trade:
    """Place a market order; it is new every time, as ib_async demands."""
    return ib.placeOrder(contract, a_market_order(shares))
