"""The same IB twice: in memory, and as a simulated gateway behind a socket.

A world is what a contract test needs to steer; the ports are what it asks.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Protocol

from core.broker.connection import Timing
from core.model.chart import Candle
from core.model.errors import ScanRefused
from core.model.evidence import LineState
from core.model.market import FoundStock, Headline, Instrument
from core.ports.account import Broker
from core.ports.market import MarketData, PastPrices
from core.sandbox.market.shapes import Shape
from core.sandbox.trouble.faults import Action, Trouble
from tests.builders import (
    FDMX,
    NOW,
    QRVX,
    a_bar,
    a_prior_bar,
    a_quote,
    past_bars,
    price,
)
from tests.fakes.broker import BrokerBehaviour, FakeBroker
from tests.fakes.clock import HandClock
from tests.fakes.market import FakeMarket
from tests.harness.connection import STOCKS, BothEnds, both_ends
from tests.harness.waiting import until


LONG: Final = 60.0

_TICK_TYPE, _LAST = 3, "4"
"""Where a tickPrice names its type, and that of a last price."""

RACE: Final = Timing(handshake=1.0, beat=LONG, answer=LONG, reconnect=3.0)
"""The connection finds nothing out by itself while a test looks."""


class World(Protocol):
    """One IB, with a hand on it; its line is up."""

    @property
    def broker(self) -> Broker: ...

    @property
    def market(self) -> MarketData: ...

    @property
    def past(self) -> PastPrices: ...

    @property
    def stocks(self) -> tuple[Instrument, ...]:
        """Some that IB knows."""

    def hold(self) -> None:
        """Orders are acknowledged and not filled."""

    def refuse(self, instrument: Instrument) -> None:
        """Orders for this stock are refused with code 201."""

    def lose_ib(self) -> None:
        """The gateway loses IB, and says so."""

    def find_ib(self) -> None:
        """The gateway has IB again, and says so."""

    def go_silent(self) -> None:
        """The gateway answers no question any more."""

    def refuse_scans(self) -> None:
        """The scanner refuses with code 322."""

    def empty_scans(self) -> None:
        """The scanner finds nothing."""

    def unquote(self, instrument: Instrument) -> None:
        """This stock is not quoted to us, and IB says so."""

    def go_quiet(self, instrument: Instrument) -> None:
        """This stock's quote never comes, and nobody says why."""

    def hide_last_prices(self) -> None:
        """Both sides, open and close of every stock come, and no last price."""

    def rename(self, instrument: Instrument, to: str) -> None:
        """IB has another symbol for this stock."""

    def stand_still(self) -> None:
        """No price changes any more, and ten seconds pass."""


class FixedClock:
    """It is always NOW."""

    def now(self) -> datetime:
        return NOW


class FakeWorld:
    """The fakes."""

    def __init__(self) -> None:
        self._clock = clock = HandClock(NOW)
        self.broker = FakeBroker(clock)
        self.market = FakeMarket(
            rows=self.stocks,
            clock=clock,
            known={each.con_id: a_quote() for each in self.stocks},
            bars={each.con_id: (a_prior_bar(), a_bar()) for each in self.stocks},
            companies={each.con_id: "QR VENTURES" for each in self.stocks},
            listed=tuple(
                FoundStock(instrument=each, listed_on="NASDAQ", company="QR VENTURES")
                for each in self.stocks
            ),
            intraday={each.con_id: ((NOW, price("10.00")),) for each in self.stocks},
            minute_bars={
                each.con_id: (
                    Candle(
                        at=NOW.replace(minute=30, second=0, microsecond=0),
                        open=price("10.00"),
                        high=price("10.20"),
                        low=price("9.90"),
                        close=price("10.10"),
                        volume=Decimal(100),
                        average=price("10.05"),
                    ),
                )
                for each in self.stocks
            },
            written={
                each.con_id: tuple(
                    Headline(at=NOW - timedelta(days=days), provider="SIM", text="Up")
                    for days in (0, 1)
                )
                for each in self.stocks
            },
            past={
                each.con_id: past_bars("10.00", "10.10", "9.90") for each in self.stocks
            },
        )
        self.past = self.market
        self.broker.connect()

    @property
    def stocks(self) -> tuple[Instrument, ...]:
        return QRVX, FDMX

    def hold(self) -> None:
        self.broker.behaviour = BrokerBehaviour.HOLDS

    def refuse(self, instrument: Instrument) -> None:
        self.broker.behaviour = BrokerBehaviour.REFUSES

    def lose_ib(self) -> None:
        self.broker.go(LineState.CUT_OFF, "the gateway has lost IB")
        self.market.away = "the gateway has lost IB"

    def find_ib(self) -> None:
        self.broker.go(LineState.UP)
        self.market.away = None

    def go_silent(self) -> None:
        self.broker.silent = True
        self.market.mute = True

    def refuse_scans(self) -> None:
        self.market.scan_fails = ScanRefused(322, "only 10", "all slots are in use")

    def empty_scans(self) -> None:
        self.market.rows = ()

    def unquote(self, instrument: Instrument) -> None:
        del self.market.known[instrument.con_id]
        self.market.unquoted[instrument.con_id] = "not subscribed to market data"

    def go_quiet(self, instrument: Instrument) -> None:
        del self.market.known[instrument.con_id]

    def hide_last_prices(self) -> None:
        known = self.market.known
        known |= {each: replace(quote, last=None) for each, quote in known.items()}

    def rename(self, instrument: Instrument, to: str) -> None:
        self.market.renamed[instrument.con_id] = to

    def stand_still(self) -> None:
        self._clock.forward(seconds=10)


@dataclass(slots=True)
class GatewayWorld:
    """The edge, at a simulated gateway."""

    ends: BothEnds

    @property
    def broker(self) -> Broker:
        return self.ends.broker

    @property
    def market(self) -> MarketData:
        return self.ends.market

    @property
    def past(self) -> PastPrices:
        return self.ends.market

    @property
    def stocks(self) -> tuple[Instrument, ...]:
        return STOCKS

    def hold(self) -> None:
        self._configure(fill_seconds=LONG)

    def refuse(self, instrument: Instrument) -> None:
        shape = Shape(refuse=(201, "Order rejected - reason:not today"))
        self.ends.server.set_override(instrument.symbol, shape)

    def lose_ib(self) -> None:
        self.ends.server.flap(1100)

    def find_ib(self) -> None:
        self.ends.server.flap(1102)

    def go_silent(self) -> None:
        self.ends.server.freeze()

    def refuse_scans(self) -> None:
        self._refuse("reqScannerSubscription", 322, "Only 10 simultaneous")

    def empty_scans(self) -> None:
        self._configure(empty_scans=True)

    def unquote(self, instrument: Instrument) -> None:
        self._refuse("reqMktData", 354, "Not subscribed", str(instrument.con_id))

    def go_quiet(self, instrument: Instrument) -> None:
        self.ends.server.set_override(instrument.symbol, Shape(no_quote=True))

    def hide_last_prices(self) -> None:
        self.ends.server.add_trouble(
            Trouble(
                message="tickPrice",
                action=Action.DROP,
                field=_TICK_TYPE,
                containing=_LAST,
                times=0,
            )
        )

    def rename(self, instrument: Instrument, to: str) -> None:
        self.ends.server.gateway.exchange.rename(instrument.symbol, to)

    def stand_still(self) -> None:
        self.ends.server.silence()
        server = self.ends.server
        server.set_clock(server.clock.now() + timedelta(seconds=10))

    def _configure(self, **changes: Any) -> None:
        gateway = self.ends.server.gateway
        gateway.config = replace(gateway.config, **changes)

    def _refuse(self, message: str, code: int, text: str, holding: str = "") -> None:
        self.ends.server.add_trouble(
            Trouble(
                message=message,
                action=Action.REFUSE,
                times=0,
                code=code,
                text=text,
                containing=holding,
            )
        )


@asynccontextmanager
async def a_world(kind: str) -> AsyncIterator[World]:
    """Open the world of this kind: "memory" or "gateway"."""
    if kind == "memory":
        yield FakeWorld()
        return
    async with both_ends(timing=RACE, up=False) as ends:
        await until(lambda: ends.broker.line().state is LineState.UP)
        yield GatewayWorld(ends)
