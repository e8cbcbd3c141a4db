"""The MarketData port in memory: what it knows it says at once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from core.model.chart import Candle
from core.model.errors import BrokerAway, BrokerSilent, ScanError, ScanTimedOut
from core.model.market import (
    Bar,
    ConId,
    FoundStock,
    Headline,
    Instrument,
    Quote,
    ScannedRow,
    ScanRequest,
)
from core.model.money import Price, PriceStep
from core.model.scoring.following import PastBar
from core.ports.market import Clock


A_CENT: Final = (PriceStep(above=Price(Decimal(0)), step=Price(Decimal("0.01"))),)


def is_usable(quote: Quote) -> bool:
    """What a stream waits for: a last price, an open and a close."""
    return None not in {quote.last, quote.open, quote.close}


@dataclass(slots=True)
class FakeStream:
    """Reads what its market knows, until the block is left. IB answers a request with
    the prices of that moment (``opened``), unless quotes have fallen silent."""

    market: "FakeMarket"
    asked: frozenset[ConId]
    opened: datetime | None = None
    silent: bool = False

    def quotes(self) -> Mapping[ConId, Quote]:
        known = {} if self.silent else self.market.known
        return {each: self._received(known[each]) for each in self.asked & known.keys()}

    def _received(self, quote: Quote) -> Quote:
        return replace(quote, at=max(quote.at, self.opened)) if self.opened else quote

    def dead(self) -> Mapping[ConId, str]:
        unquoted = self.market.unquoted
        return {each: unquoted[each] for each in self.asked & unquoted.keys()}

    async def settled(self, con_ids: Iterable[ConId], *, within: float) -> None:
        wanted = set(con_ids)
        try:
            async with asyncio.timeout(within):
                while not all(self._is_settled(each) for each in wanted):
                    await self.market.news()
        except TimeoutError:
            return

    def _is_settled(self, con_id: ConId) -> bool:
        quote = self.quotes().get(con_id)
        return con_id in self.market.unquoted or (
            quote is not None and is_usable(quote)
        )


@dataclass(slots=True)
class FakeMarket:
    """A market that a test fills.

    ``away`` says why there is no line. ``scan_fails`` and ``bars_fail`` are raised
    instead of an answer; ``mute`` leaves scans and bars without one. ``unquoted`` are
    stocks that will not be quoted, and why. With a ``clock`` each new request is
    answered at its moment; while ``silent`` it is not.
    """

    rows: tuple[Instrument | ScannedRow, ...] = ()
    known: dict[ConId, Quote] = field(default_factory=dict)
    unquoted: dict[ConId, str] = field(default_factory=dict)
    bars: dict[ConId, tuple[Bar, ...]] = field(default_factory=dict)
    minute_bars: dict[ConId, tuple[Candle, ...]] = field(default_factory=dict)
    intraday: dict[ConId, tuple[tuple[datetime, Price], ...]] = field(
        default_factory=dict
    )
    past: dict[ConId, tuple[PastBar, ...]] = field(default_factory=dict)
    renamed: dict[ConId, str] = field(default_factory=dict)
    steps: dict[ConId, tuple[PriceStep, ...]] = field(default_factory=dict)
    steps_fail: dict[ConId, Exception] = field(default_factory=dict)
    companies: dict[ConId, str] = field(default_factory=dict)
    steps_asked: list[ConId] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None
    looked_back: list[tuple[ConId, int]] = field(default_factory=list)
    away: str | None = None
    written: dict[ConId, tuple[Headline, ...]] = field(default_factory=dict)
    mute: bool = False
    scan_fails: ScanError | None = None
    bars_fail: dict[ConId, Exception] = field(default_factory=dict)
    listed: tuple[FoundStock, ...] = ()
    scans: list[ScanRequest] = field(default_factory=list)
    watched: list[ConId] = field(default_factory=list)
    clock: Clock | None = None
    silent: bool = False
    requests: int = 0
    _waiting: list[asyncio.Future[None]] = field(default_factory=list)

    async def price_steps(
        self, instrument: Instrument, *, within: float
    ) -> tuple[PriceStep, ...]:
        self.steps_asked.append(instrument.con_id)
        await self._ask(instrument, within, asked="price step")
        self.meanwhile()
        if instrument.con_id in self.steps_fail:
            raise self.steps_fail[instrument.con_id]
        return self.steps.get(instrument.con_id, A_CENT)

    def company(self, instrument: Instrument) -> str:
        """Comes with the price steps."""
        is_known = instrument.con_id in self.steps_asked
        return self.companies.get(instrument.con_id, "") if is_known else ""

    async def matching(self, text: str, *, within: float) -> tuple[FoundStock, ...]:
        if self.away is not None:
            raise BrokerAway(self.away)
        if self.mute:
            await asyncio.sleep(within)
            raise BrokerSilent(f"which stock {text} is", within)
        start = text.upper()
        return tuple(s for s in self.listed if s.instrument.symbol.startswith(start))

    def tell(self, instrument: Instrument, quote: Quote) -> None:
        """A quote arrives."""
        self.known[instrument.con_id] = quote
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def news(self) -> None:
        """Return when the next quote has arrived."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            await waiting
        finally:
            self._waiting.remove(waiting)

    async def scan(
        self, request: ScanRequest, *, within: float
    ) -> tuple[ScannedRow, ...]:
        self._check()
        self.scans.append(request)
        if self.mute:
            await asyncio.sleep(within)
            raise ScanTimedOut(within)
        if self.scan_fails is not None:
            raise self.scan_fails
        return tuple(
            row if isinstance(row, ScannedRow) else ScannedRow(instrument=row)
            for row in self.rows
        )

    @asynccontextmanager
    async def quotes(
        self, instruments: Sequence[Instrument]
    ) -> AsyncIterator[FakeStream]:
        self._check()
        asked = [each.con_id for each in instruments]
        self.watched += asked
        self.requests += 1
        opened = self.clock.now() if self.clock else None
        try:
            yield FakeStream(self, frozenset(asked), opened, self.silent)
        finally:
            for each in asked:
                self.watched.remove(each)

    async def daily_bars(
        self, instrument: Instrument, *, within: float
    ) -> tuple[Bar, ...]:
        await self._ask(instrument, within)
        return self.bars.get(instrument.con_id, ())

    async def headlines(
        self, instrument: Instrument, *, within: float
    ) -> tuple[Headline, ...]:
        await self._ask(instrument, within)
        return self.written.get(instrument.con_id, ())

    async def intraday_bars(
        self, instrument: Instrument, *, within: float
    ) -> tuple[tuple[datetime, Price], ...]:
        await self._ask(instrument, within)
        return self.intraday.get(instrument.con_id, ())

    async def candles(
        self, instrument: Instrument, *, minutes: int, within: float
    ) -> tuple[Candle, ...]:
        await self._ask(instrument, within)
        return self.minute_bars.get(instrument.con_id, ())

    async def bid_bars(
        self, instrument: Instrument, *, sessions: int, within: float
    ) -> tuple[PastBar, ...]:
        self.looked_back.append((instrument.con_id, sessions))
        await self._ask(instrument, within)
        return self.past.get(instrument.con_id, ())

    async def symbol_now(self, instrument: Instrument, *, within: float) -> str:
        await self._ask(instrument, within, asked="symbol")
        return self.renamed.get(instrument.con_id, instrument.symbol)

    async def _ask(
        self, instrument: Instrument, within: float, *, asked: str = "bars"
    ) -> None:
        self._check()
        if self.mute:
            await asyncio.sleep(within)
            raise BrokerSilent(f"the {asked} of {instrument.symbol}", within)
        problem = self.bars_fail.get(instrument.con_id)
        if problem is not None:
            raise problem

    def _check(self) -> None:
        if self.away is not None:
            raise BrokerAway(self.away)
