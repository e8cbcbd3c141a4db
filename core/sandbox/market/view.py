"""What can be looked at: quotes, prints, scans, bars, hours. Nothing here changes them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from core.sandbox.market.bars import Bars, BarsWork
from core.sandbox.market.data import (
    BarsRequest,
    HistoryRejected,
    MarketBar,
    MarketQuote,
    ScanRequest,
)
from core.sandbox.market.durations import nothing_found
from core.sandbox.market.facts import Facts
from core.sandbox.market.hours import Hours, TradingSession
from core.sandbox.market.prints import Print, prints
from core.sandbox.market.quotes import Quotes
from core.sandbox.market.scanner import Scanner
from core.sandbox.market.shapes import Shape
from core.sandbox.market.tape import Tape
from core.sandbox.market.universe import Stock, universe


_MOST_SESSIONS: Final = 2_600  # ten years; nobody plans further back


class MarketView:
    """The market of one seed, with the shapes laid on it."""

    def __init__(self, *, seed: int, shapes: Mapping[str, Shape]) -> None:
        self.universe = universe(seed)
        self.hours = Hours()
        self._tape = Tape(seed=seed, hours=self.hours, shapes=shapes)
        self._quotes = Quotes(self._tape, self.hours)
        self._bars = Bars(tape=self._tape, quotes=self._quotes, hours=self.hours)
        self._scanner = Scanner(
            universe=self.universe,
            tape=self._tape,
            quotes=self._quotes,
            hours=self.hours,
        )

    def quote(self, con_id: int, now: datetime) -> MarketQuote:
        """The top of the book.

        Raises:
            KeyError: no such stock.
        """
        return self._quotes.quote(self.universe.by_con_id[con_id], now)

    def bid(self, con_id: int, now: datetime) -> float | None:
        """The bid of ``quote`` alone; None where nobody bids.

        Raises:
            KeyError: no such stock.
        """
        return self._quotes.bid(self.universe.by_con_id[con_id], now)

    def facts(self, con_id: int, now: datetime) -> Facts:
        """What generic ticks tell.

        Raises:
            KeyError: no such stock.
        """
        stock = self.universe.by_con_id[con_id]
        return Facts(stock, self._tape.today(stock, now), now)

    def prints(
        self, con_id: int, since: datetime, until: datetime, most: int = 1000
    ) -> list[Print]:
        """The last trades of that session after *since*, oldest first.

        Raises:
            KeyError: no such stock.
        """
        today = self._tape.today(self.universe.by_con_id[con_id], until)
        return prints(today, since, until, most)

    def scan(self, request: ScanRequest, now: datetime) -> list[Stock]:
        """The stocks that pass the filters, best first, at most 50.

        Raises:
            ScanRejected: unknown code, instrument, location or filter.
        """
        return self._scanner.scan(request, now)

    def bars(self, request: BarsRequest, now: datetime) -> list[MarketBar]:
        """Bars, oldest first; D counts sessions that exist; today's may be forming.

        Raises:
            HistoryRejected: 200 unknown stock, 321 bad words, 162 nothing there.
        """
        return self._bars.bars(self._stock_of(request), request, now)

    def bars_work(self, request: BarsRequest, now: datetime) -> BarsWork:
        """The same in slices, the last of which returns the bars, or raises."""
        return self._bars.work(self._stock_of(request), request, now)

    def newest_bar(self, request: BarsRequest, now: datetime) -> MarketBar:
        """The last bar of a request.

        Raises:
            HistoryRejected: as above.
        """
        return self._bars.newest(self._stock_of(request), request, now)

    def _stock_of(self, request: BarsRequest) -> Stock:
        stock = self.universe.by_con_id.get(request.con_id)
        if stock is None:
            raise HistoryRejected(
                200, "No security definition has been found for the request"
            )
        end = request.end
        if end is not None and end < self.head_timestamp(request.con_id):
            raise nothing_found(stock.symbol, request.what)
        return stock

    def head_timestamp(self, con_id: int) -> datetime:
        """Where the history of a stock begins.

        Raises:
            KeyError: no such stock.
        """
        stock = self.universe.by_con_id[con_id]
        return self.hours.next(stock.listed_on - timedelta(days=1)).open

    def schedule(
        self, *, days: int, end: datetime | None, use_rth: bool, now: datetime
    ) -> list[TradingSession]:
        """The last ``days`` sessions that began by ``end``; without RTH, ``pre_open``
        and ``post_close`` are the hours that count. Empty where the exchange calendar
        does not reach.
        """
        until = now if end is None else end
        try:
            last = self.hours.begun_by(until, use_rth=use_rth)
            return list(self.hours.last_sessions(min(days, _MOST_SESSIONS), last))
        except LookupError:
            return []
