"""Market data and time, as the core uses them. Nothing here moves money."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from core.model.chart import Candle
from core.model.market import (
    Bar,
    ConId,
    FoundStock,
    Headline,
    Instrument,
    Quote,
    ScannedRow,
    ScanRequest,
    Sessions,
)
from core.model.money import Price, Steps
from core.model.scoring.following import PastBar


class Clock(Protocol):
    def now(self) -> datetime:
        """This moment, aware, in UTC."""


class SteadyClock(Clock, Protocol):
    """A clock that also measures how much time has really passed."""

    def boottime(self) -> float:
        """Seconds on a clock that only goes forward and includes the machine's
        sleep."""


class Calendar(Protocol):
    def sessions(self) -> Sessions:
        """The regular sessions around today; renewed in the background."""

    async def ready(self) -> None:
        """Return when the sessions around today are known."""


class QuoteStream(Protocol):
    """Quotes that update themselves while their block is open."""

    def quotes(self) -> Mapping[ConId, Quote]:
        """What has arrived so far, each with the time its price was received. A stock
        that is already quoted is shared if its price is at most two seconds old;
        otherwise it is requested again, and its quote here is newer than the
        request."""

    def dead(self) -> Mapping[ConId, str]:
        """The stocks that are not quoted, or no longer, and why."""

    async def settled(self, con_ids: Iterable[ConId], *, within: float) -> None:
        """Return when each is usable or dead, or has timed out: *within* seconds after
        this stream was opened, and half of that after its own request was sent.

        Usable means: a last price, an open and a close.
        """


class SymbolSearch(Protocol):
    """Finds stocks by symbol or name."""

    async def matching(self, text: str, *, within: float) -> tuple[FoundStock, ...]:
        """Stocks that IB finds by a symbol or a part of a name, best first.

        Raises:
            BrokerAway: there is no line.
            BrokerSilent: no answer within *within* seconds.
            BrokerSaidNo: IB refused.
        """


class PriceRules(Protocol):
    """Provides the price steps of a stock."""

    async def price_steps(self, instrument: Instrument, *, within: float) -> Steps:
        """The price steps by IB's rule for the stock where its orders are routed,
        lowest first; requested once per conversation. Empty if IB names no rule; none
        may be assumed then.

        Raises:
            BrokerAway: there is no line.
            BrokerSilent: no answer within *within* seconds.
            BrokerSaidNo: IB refused.
        """

    def company(self, instrument: Instrument) -> str:
        """The company's name as IB writes it, which the answer about its price steps
        brings along; it is never asked for. Empty until then."""


class HeadlineSource(Protocol):
    """Provides news headlines about a stock."""

    async def headlines(
        self, instrument: Instrument, *, within: float
    ) -> tuple[Headline, ...]:
        """A few headlines, newest first; none if the account has no news provider.
        Scans and orders go first.

        Raises:
            BrokerAway: there is no line.
            BrokerSilent: no answer within *within* seconds.
            BrokerSaidNo: IB refused.
        """


class ScanSource(Protocol):
    """Runs IB's market scanner."""

    async def scan(
        self, request: ScanRequest, *, within: float
    ) -> tuple[ScannedRow, ...]:
        """The scanner's rows in rank order; empty if the scanner confirmed that there
        are none.

        Raises:
            BrokerAway: there is no line.
            ScanRefused: IB refused the scan.
            ScanTimedOut: no answer within *within* seconds.
        """


class QuoteSource(Protocol):
    """Streams quotes."""

    def quotes(
        self, instruments: Sequence[Instrument]
    ) -> AbstractAsyncContextManager[QuoteStream]:
        """Stream quotes, the first instrument first, until the block is left.

        Raises:
            BrokerAway: there is no line.
        """


class BarSource(Protocol):
    """Provides bars of the past sessions."""

    async def daily_bars(
        self, instrument: Instrument, *, within: float
    ) -> tuple[Bar, ...]:
        """The daily bars of regular hours of the last month, oldest first, dated by
        session.

        Raises:
            BrokerAway: there is no line.
            BrokerSilent: no answer within *within* seconds.
            BrokerSaidNo: IB refused.
        """

    async def intraday_bars(
        self, instrument: Instrument, *, within: float
    ) -> tuple[tuple[datetime, Price], ...]:
        """Closing prices of 5-minute bars over two sessions (UTC), for a picture.

        Raises: as daily_bars.
        """

    async def candles(
        self, instrument: Instrument, *, minutes: int, within: float
    ) -> tuple[Candle, ...]:
        """Bars of 1 or 5 *minutes* in the regular hours of the last two sessions,
        oldest first.

        Raises: as daily_bars.
        """


class ScanData(ScanSource, QuoteSource, BarSource, Protocol):
    """What a scan and its charts are made of."""


class MarketData(ScanData, SymbolSearch, PriceRules, HeadlineSource, Protocol):
    """All market data; each part is given only what it uses. Nothing here moves
    money."""


class PastPrices(Protocol):
    """Provides past bid prices of stocks."""

    async def bid_bars(
        self, instrument: Instrument, *, sessions: int, within: float
    ) -> tuple[PastBar, ...]:
        """Five-minute bars of the bid in the regular hours of the last *sessions*
        sessions, oldest first. Scans and orders go first.

        Raises: as daily_bars.
        """

    async def symbol_now(self, instrument: Instrument, *, within: float) -> str:
        """IB's current symbol for the contract number, which differs from
        *instrument*'s after a renaming. Scans and orders go first.

        Raises: as daily_bars.
        """
