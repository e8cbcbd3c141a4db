"""The MarketData port over a connection: scanner, quotes, bars."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from ib_async import BarData, Contract, ContractDescription

from core.broker import translate
from core.broker.codes import is_empty, is_notice, is_passing, scan_refusal
from core.broker.connection import Connection
from core.broker.exchange_rates import DOLLAR
from core.broker.history.bars import (
    bar_of,
    candle_of,
    in_currency,
    moment_in,
    past_bar_of,
)
from core.broker.messages import (
    ConnectionLost,
    End,
    ErrorMessage,
    MessageQueue,
    RawBar,
    Samples,
    ScanRow,
)
from core.broker.pacing import HISTORIES, SCANS, Request, Ticket, Urgency
from core.broker.quotes import QuoteLines, Stream
from core.broker.reference.details import symbol_now
from core.broker.reference.headlines import Headlines
from core.broker.reference.price_steps import PriceSteps
from core.broker.reference.units import Units
from core.broker.session import GatewaySession
from core.model.chart import Candle
from core.model.errors import (
    BrokerAway,
    BrokerBusy,
    BrokerSaidNo,
    BrokerSilent,
    ScanRefused,
    ScanTimedOut,
)
from core.model.market import (
    Bar,
    FoundStock,
    Headline,
    Instrument,
    ScannedRow,
    ScanRequest,
)
from core.model.money import Price, Steps
from core.model.scoring.following import PastBar


@dataclass(frozen=True, slots=True, kw_only=True)
class _History:
    """A history request. ``dates`` is IB's date format: 2 is seconds since 1970."""

    duration: str
    size: str
    dates: int
    show: str = "TRADES"
    urgency: Urgency = Urgency.BARS


_DAILY: Final = _History(duration="1 M", size="1 day", dates=1)
_INTRADAY: Final = _History(duration="2 D", size="5 mins", dates=2)


class _ScanSlots:
    """The scans that are active at the gateway. Finished scans are cancelled when
    nothing urgent is waiting, so that their cancels do not delay quotes; or at once if
    another scan needs a slot."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(SCANS)
        self._asking = 0
        self._kept: list[tuple[GatewaySession, Request]] = []
        self._cancelling: deque[tuple[GatewaySession, Ticket]] = deque()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """A slot until the block is left."""
        async with self._free:
            self._asking += 1
            self._make_room()
            try:
                yield
            finally:
                self._asking -= 1
                if not self._asking:
                    self._queue_cancels()

    def cancel_later(self, session: GatewaySession, cancel: Request) -> None:
        """Keep the slot until *cancel* has been sent."""
        self._kept.append((session, cancel))

    def _queue_cancels(self) -> None:
        for session, cancel in self._kept:
            self._cancelling.append((session, session.send(Urgency.UNHURRIED, cancel)))
        self._kept.clear()

    def _make_room(self) -> None:
        if self._asking + len(self._kept) + len(self._cancelling) > SCANS:
            self._queue_cancels()
        while self._cancelling and self._asking + len(self._cancelling) > SCANS:
            session, ticket = self._cancelling.popleft()
            if ticket.withdraw():
                session.send(Urgency.VITAL, ticket.message)


class IbMarketData:
    """Looks at the market through Interactive Brokers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._scans = _ScanSlots()
        self._histories = asyncio.Semaphore(HISTORIES)
        self._lines: QuoteLines | None = None
        self._price_steps = PriceSteps(connection)
        self._headlines = Headlines(connection)
        self._units = Units(connection)

    async def scan(
        self, request: ScanRequest, *, within: float
    ) -> tuple[ScannedRow, ...]:
        """The scanner's rows in rank order; as MarketData.scan."""
        try:
            async with asyncio.timeout(within), self._scans.one():
                return await self._first_batch(request, self._connection.session())
        except TimeoutError:
            raise ScanTimedOut(within) from None

    async def _first_batch(
        self, request: ScanRequest, session: GatewaySession
    ) -> tuple[ScannedRow, ...]:
        inbox, client = MessageQueue(), session.client
        with session.asking(inbox.put_nowait) as number:
            asking = session.send(
                Urgency.VITAL,
                lambda: client.reqScannerSubscription(
                    number,
                    translate.scan_of(request),
                    [],
                    translate.filters_of(request),
                ),
                number=number,
            )
            try:
                rows = await _rows(inbox)
            finally:  # the slot is the gateway's until we cancel, whatever happened
                if not asking.withdraw():
                    self._scans.cancel_later(
                        session, lambda: client.cancelScannerSubscription(number)
                    )
        return tuple(translate.scanned_row_of(row) for row in rows)

    @asynccontextmanager
    async def quotes(self, instruments: Sequence[Instrument]) -> AsyncIterator[Stream]:
        """Stream quotes until the block is left; as MarketData.quotes."""
        units = await self._units.of(instruments)
        session = self._connection.session()
        if self._lines is None or self._lines.session is not session:
            self._lines = QuoteLines(self._connection, session)
        lines = self._lines
        stream = lines.open(instruments, units)
        try:
            yield stream
        finally:
            lines.close(stream)

    async def daily_bars(
        self, instrument: Instrument, *, within: float
    ) -> tuple[Bar, ...]:
        """The latest daily bars, oldest first; as MarketData.daily_bars."""
        raw = await self._bars(instrument, _DAILY, within=within)
        bars = [bar_of(each) for each in raw]
        return tuple(
            sorted((bar for bar in bars if bar is not None), key=lambda bar: bar.day)
        )

    async def headlines(
        self, instrument: Instrument, *, within: float
    ) -> tuple[Headline, ...]:
        """The newest headlines; as HeadlineSource.headlines."""
        return await self._headlines.of(instrument, within=within)

    async def intraday_bars(
        self, instrument: Instrument, *, within: float
    ) -> tuple[tuple[datetime, Price], ...]:
        """Closing prices of 5-minute bars; as MarketData.intraday_bars."""
        raw = await self._bars(instrument, _INTRADAY, within=within)
        points = [(moment_in(str(bar.date)), translate.price(bar.close)) for bar in raw]
        return tuple((at, close) for at, close in points if at and close is not None)

    async def candles(
        self, instrument: Instrument, *, minutes: int, within: float
    ) -> tuple[Candle, ...]:
        """Bars of 1 or 5 minutes; as MarketData.candles."""
        size = "1 min" if minutes == 1 else f"{minutes} mins"
        raw = await self._bars(instrument, replace(_INTRADAY, size=size), within=within)
        return tuple(bar for bar in map(candle_of, raw) if bar is not None)

    async def bid_bars(
        self, instrument: Instrument, *, sessions: int, within: float
    ) -> tuple[PastBar, ...]:
        """Five-minute bars of the bid; as PastPrices.bid_bars."""
        what = replace(
            _INTRADAY, duration=f"{sessions} D", show="BID", urgency=Urgency.UNHURRIED
        )
        raw = await self._bars(instrument, what, within=within)
        return tuple(bar for bar in map(past_bar_of, raw) if bar is not None)

    async def symbol_now(self, instrument: Instrument, *, within: float) -> str:
        """IB's current symbol; as PastPrices.symbol_now."""
        return await symbol_now(instrument, self._connection, within=within)

    async def price_steps(self, instrument: Instrument, *, within: float) -> Steps:
        """Its price steps; as PriceRules.price_steps."""
        return await self._price_steps.of(instrument, within=within)

    def company(self, instrument: Instrument) -> str:
        """Its company's name, if it came; as PriceRules.company."""
        return self._price_steps.company(instrument)

    async def matching(self, text: str, *, within: float) -> tuple[FoundStock, ...]:
        """Stocks by their symbol; as SymbolSearch.matching."""
        session, inbox = self._connection.session(), MessageQueue()
        client = session.client
        with session.asking(inbox.put_nowait) as number:
            session.send(
                Urgency.VITAL,
                lambda: client.reqMatchingSymbols(number, text),
                number=number,
            )
            try:
                async with asyncio.timeout(within):
                    found = await _samples(inbox)
            except TimeoutError:
                raise BrokerSilent(f"which stock {text} is", within) from None
        stocks = (translate.found_stock_of(each) for each in found)
        return tuple(stock for stock in stocks if stock is not None)

    async def _bars(
        self, instrument: Instrument, what: _History, *, within: float
    ) -> list[BarData]:
        try:
            async with asyncio.timeout(within), self._histories:
                units = await self._units.of([instrument])
                if instrument.currency != DOLLAR and instrument.con_id not in units:
                    raise BrokerSilent(f"the unit of {instrument.symbol}", within)
                session = self._connection.session()
                raw = await self._history(instrument, what, session)
                return in_currency(raw, units.get(instrument.con_id, 1))
        except TimeoutError:
            raise BrokerSilent(f"the bars of {instrument.symbol}", within) from None

    async def _history(
        self,
        instrument: Instrument,
        what: _History,
        session: GatewaySession,
    ) -> list[BarData]:
        inbox, client = MessageQueue(), session.client
        contract = translate.contract_of(instrument)
        with session.asking(inbox.put_nowait) as number:
            asking = session.send(
                what.urgency,
                lambda: client.reqHistoricalData(
                    number,
                    contract,
                    "",
                    what.duration,
                    what.size,
                    what.show,
                    1,
                    what.dates,
                    False,
                    [],
                ),
                number=number,
            )
            try:
                return await _bars_from(inbox)
            except asyncio.CancelledError:  # out of time: give the slot back
                if not asking.withdraw():
                    session.send(
                        Urgency.VITAL, lambda: client.cancelHistoricalData(number)
                    )
                raise


async def _rows(inbox: MessageQueue) -> list[Contract]:
    """The first complete batch, by rank; an empty batch is an answer, too."""
    rows: dict[int, Contract] = {}
    while True:
        match await inbox.get():
            case ScanRow(rank=rank, contract=contract):
                rows[rank] = contract
            case End():
                return [rows[rank] for rank in sorted(rows)]
            case ConnectionLost(reason=reason):
                raise BrokerAway(reason)
            case ErrorMessage(number=number, text=text) if is_empty(number, text):
                return []
            case ErrorMessage(number=number, text=text) if not is_notice(number, text):
                raise ScanRefused(number, text, scan_refusal(number, text))
            case _:
                pass


async def _samples(inbox: MessageQueue) -> tuple[ContractDescription, ...]:
    while True:
        match await inbox.get():
            case Samples(found=found):
                return found
            case ConnectionLost(reason=reason):
                raise BrokerAway(reason)
            case ErrorMessage(number=number, text=text) if is_empty(number, text):
                return ()
            case ErrorMessage(number=number, text=text) if not is_notice(number, text):
                raise BrokerSaidNo(number, text)
            case _:
                pass


async def _bars_from(inbox: MessageQueue) -> list[BarData]:
    bars: list[BarData] = []
    while True:
        match await inbox.get():
            case RawBar(bar=bar):
                bars.append(bar)
            case End():
                return bars
            case ConnectionLost(reason=reason):
                raise BrokerAway(reason)
            case ErrorMessage(number=number, text=text) if is_empty(number, text):
                return []
            case ErrorMessage(number=number, text=text) if is_passing(number, text):
                raise BrokerBusy(number, text)
            case ErrorMessage(number=number, text=text) if not is_notice(number, text):
                raise BrokerSaidNo(number, text)
            case _:
                pass
