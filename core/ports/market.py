"""The market and the time, as the core looks at them. Nothing here moves money."""

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
from core.model.money import Price, PriceStep
from core.model.scoring.following import PastBar


class Clock(Protocol):
    def now(self) -> datetime:
        """This moment, aware, in UTC."""


class SteadyClock(Clock, Protocol):
    """A clock for who must know how much time has really passed."""

    def boottime(self) -> float:
        """Seconds on a clock that only goes forward, and counts the machine's sleep."""


class Calendar(Protocol):
    def sessions(self) -> Sessions:
        """The regular sessions around today; renewed in the background."""

    async def ready(self) -> None:
        """Return when the sessions around today are known."""


class QuoteStream(Protocol):
    """Quotes that fill by themselves while their block is open."""

    def quotes(self) -> Mapping[ConId, Quote]:
        """What has arrived so far, each with the moment its price was heard. A stock
        that is quoted already is shared if its price came within two seconds; else it
        is asked for anew, and what is here is younger than the request."""

    def dead(self) -> Mapping[ConId, str]:
        """Who is not quoted, or no longer, and why, in words."""

    async def settled(self, con_ids: Iterable[ConId], *, within: float) -> None:
        """Return when each is usable or dead, or has had its time: *within* seconds
        since this stream was opened, and half of that since its own request left.

        Usable: a last price or both sides, an open and a close.
        """


class SymbolSearch(Protocol):
    """Finds stocks by what they are called."""

    async def matching(self, text: str, *, within: float) -> tuple[FoundStock, ...]:
        """Stocks that IB finds by a symbol or a part of a name, best first.

        Raises:
            BrokerAway: there is no line.
            BrokerSilent: no answer within *within* seconds.
            BrokerSaidNo: IB refused.
        """


class PriceRules(Protocol):
    """Knows in which steps a stock is priced."""

    async def price_steps(
        self, instrument: Instrument, *, within: float
    ) -> tuple[PriceStep, ...]:
        """By IB's own rule for the stock where its orders are routed, lowest first; asked
        for once a conversation. Empty where IB names no rule: nobody may assume one.

        Raises:
            BrokerAway: there is no line.
            BrokerSilent: no answer within *within* seconds.
            BrokerSaidNo: IB refused.
        """


class News(Protocol):
    """Says what is written about a stock."""

    async def headlines(
        self, instrument: Instrument, *, within: float
    ) -> tuple[Headline, ...]:
        """The newest few, newest first; none where the account reads no provider. It
        waits for what scans and orders ask for.

        Raises:
            BrokerAway: there is no line.
            BrokerSilent: no answer within *within* seconds.
            BrokerSaidNo: IB refused.
        """


class MarketData(SymbolSearch, PriceRules, News, Protocol):
    """Looks at the market. Nothing here can move money."""

    async def scan(
        self, request: ScanRequest, *, within: float
    ) -> tuple[ScannedRow, ...]:
        """The scanner's rows in rank order; an empty tuple is its confirmed answer.

        Raises:
            BrokerAway: there is no line.
            ScanRefused: IB said no.
            ScanTimedOut: no answer within *within* seconds.
        """

    def quotes(
        self, instruments: Sequence[Instrument]
    ) -> AbstractAsyncContextManager[QuoteStream]:
        """Stream quotes, the first instrument first, until the block is left.

        Raises:
            BrokerAway: there is no line.
        """

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
        """Bars of 1 or 5 *minutes* in the regular hours of the last two sessions, oldest
        first.

        Raises: as daily_bars.
        """


class PastPrices(Protocol):
    """Looks back at what stocks could have been sold for."""

    async def bid_bars(
        self, instrument: Instrument, *, sessions: int, within: float
    ) -> tuple[PastBar, ...]:
        """Five-minute bars of the bid in the regular hours of the last *sessions*
        sessions, oldest first. It waits for what scans and orders ask for.

        Raises: as daily_bars.
        """

    async def symbol_now(self, instrument: Instrument, *, within: float) -> str:
        """What IB calls the contract of that number now: another symbol than
        *instrument*'s after a renaming. It waits for what scans and orders ask for.

        Raises: as daily_bars.
        """
