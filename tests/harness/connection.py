"""The broker edge connected to a simulated gateway, both in this process, over a
socket.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeVar

from core.broker.connection import Address, Connection, Timing
from core.broker.market_data import IbMarketData
from core.broker.orders import IbBroker
from core.model.evidence import BrokerEvent, LineChanged, LineState
from core.model.market import ConId, Instrument, ScanRequest
from core.model.money import Shares
from core.model.order import Order, OrderState
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.server import GatewayServer, serve
from tests.builders import ACCOUNT, CLIENT_ID, NOW, an_order


GAINERS: Final = ScanRequest(
    instrument="STK",
    location="STK.US.MAJOR",
    code="TOP_PERC_GAIN",
    rows=50,
    filters=(
        ("volumeAbove", "10000"),
        ("marketCapBelow1e6", "1000"),
        ("priceAbove", "1"),
    ),
)

STOCKS: Final = tuple(
    Instrument(con_id=ConId(con_id), symbol=symbol)
    for con_id, symbol in (
        (9599491, "F"),
        (8894, "KO"),
        (8314, "IBM"),
        (270639, "INTC"),
        (4391, "AMD"),
    )
)
"""Known to the gateway without a scan."""

STEADY: Final = Timing(
    handshake=1.0,
    beat=60.0,
    answer=3.0,
    first_retry=0.05,
    last_retry=0.2,
    reconnect=3.0,
)
"""Retries at once; the heartbeat never interferes."""

IMPATIENT: Final = replace(STEADY, beat=0.2, answer=0.2)
"""Notices a frozen gateway before a test has ended."""

T = TypeVar("T", bound=BrokerEvent)


@dataclass(slots=True, kw_only=True)
class BothEnds:
    """The gateway, and the broker edge connected to it."""

    server: GatewayServer
    connection: Connection
    broker: IbBroker
    market: IbMarketData

    def order(self, instrument: Instrument, **changes: Any) -> Order:
        """An order that may be placed now."""
        fresh = an_order(
            instrument=instrument,
            state=OrderState.SENDING,
            shares=Shares(100),
            order_id=self.broker.order_id_floor(),
            client_id=CLIENT_ID,
        )
        return replace(fresh, **changes)

    async def received(
        self, kind: type[T], ok: Callable[[T], bool] = lambda _: True
    ) -> T:
        """The next event of that kind for which *ok* is true; earlier events are
        dropped.
        """
        async with asyncio.timeout(5):
            while True:
                event = await self.broker.next_event()
                if isinstance(event, kind) and ok(event):
                    return event

    async def line_is(self, state: LineState) -> LineChanged:
        """The next event in which the connection gets that state."""
        return await self.received(LineChanged, lambda event: event.line.state is state)


class ServerClock:
    """The gateway's own clock: no skew, at any hour of the day."""

    def __init__(self, server: GatewayServer) -> None:
        self._server = server

    def now(self) -> datetime:
        return self._server.clock.now()

    def boottime(self) -> float:
        return self._server.clock.now().timestamp()


@asynccontextmanager
async def both_ends(
    *,
    timing: Timing = STEADY,
    client_id: int = CLIENT_ID,
    account: str = ACCOUNT,
    up: bool = True,
    **config: Any,
) -> AsyncIterator[BothEnds]:
    """A broker edge and a gateway of its own, connected unless *up* is false."""
    settings = {"port": 0, "profile": Profile.INSTANT, "clock": NOW, **config}
    async with serve(GatewayConfig(**settings)) as server:
        address = Address(
            host="127.0.0.1",
            port=server.port,
            client_id=client_id,
            account=account,
            epoch=0,
        )
        clock = ServerClock(server)
        async with Connection.opened(address, clock=clock, timing=timing) as connection:
            ends = BothEnds(
                server=server,
                connection=connection,
                broker=IbBroker(connection),
                market=IbMarketData(connection),
            )
            if up:
                await ends.line_is(LineState.UP)
            yield ends
