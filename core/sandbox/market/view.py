"""Read access to the market: quotes, trades, scans, bars, hours."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from core.sandbox.market.abroad import hours_at
from core.sandbox.market.bars import Bars, BarsWork, run
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
from core.sandbox.market.others.catalogue import Other
from core.sandbox.market.others.pricing import Greeks, implied_volatility
from core.sandbox.market.others.view import MarketParts, OtherView, Wanted
from core.sandbox.market.prints import Print, prints
from core.sandbox.market.quotes import Quotes
from core.sandbox.market.scanner import Scanner
from core.sandbox.market.shapes import Shape
from core.sandbox.market.tape import Tape
from core.sandbox.market.universe import Stock, Universe, universe


_MOST_SESSIONS: Final = 2_600  # ten years; nobody plans further back


class MarketView:
    """The market of one seed, with the shapes set on it."""

    def __init__(self, *, seed: int, shapes: Mapping[str, Shape]) -> None:
        self.universe = Universe(
            universe(seed).stocks
        )  # of its own: a stock can be renamed
        self.hours = Hours()
        self._tape = Tape(seed=seed, hours=self.hours, shapes=shapes)
        self._quotes = Quotes(self._tape, self.hours)
        self._bars = Bars(tape=self._tape, quotes=self._quotes, hours=self.hours)
        stocks = MarketParts(self.hours, self._quotes, self._bars)
        self._others = OtherView(seed=seed, universe=self.universe, stocks=stocks)
        self._scanner = Scanner(
            universe=self.universe,
            tape=self._tape,
            quotes=self._quotes,
            hours=self.hours,
        )

    def contract(self, con_id: int) -> Stock:
        """The contract with that number, a stock or not.

        Raises:
            KeyError: nothing has.
        """
        stock = self.universe.by_con_id.get(con_id)
        return stock or self._other(con_id).contract

    def underlying(self, contract: Stock) -> int:
        """The contract number of an option's underlying; 0 for anything else.

        Raises:
            KeyError: no such option.
        """
        if contract.sec_type != "OPT":
            return 0
        return self._other(contract.con_id).source.con_id

    def find(self, wanted: Wanted, now: datetime) -> tuple[Stock, ...]:
        """The contracts other than stocks that match a request."""
        return tuple(each.contract for each in self._others.find(wanted, now))

    def hours_of(self, contract: Stock) -> Hours:
        """When it trades.

        Raises:
            KeyError: no such contract.
        """
        if contract.sec_type == "STK":
            return hours_at(contract.primary_exchange, self.hours)
        return self._others.hours(self._other(contract.con_id))

    def option_chain(
        self, con_id: int, now: datetime
    ) -> tuple[list[str], list[int]] | None:
        """Expiries and strikes of the options on a stock; None where there are none."""
        return self._others.chain(con_id, now)

    def greeks(self, con_id: int, now: datetime) -> tuple[Greeks, float]:
        """An option's value and Greeks, and the price of its stock.

        Raises:
            KeyError: no such option.
        """
        other = self._other(con_id)
        spot = self._quotes.quote(other.source, now).last
        return self._others.greeks(other, spot, now), spot

    def supposed(
        self, con_id: int, now: datetime, *, spot: float, volatility: float
    ) -> Greeks:
        """An option's value and Greeks at a supposed price of the stock and volatility.

        Raises:
            KeyError: no such option.
        """
        return self._others.greeks(self._other(con_id), spot, now, volatility)

    def volatility_of(
        self, con_id: int, now: datetime, *, spot: float, price: float
    ) -> float | None:
        """The volatility at which an option has that price; None where none does.

        Raises:
            KeyError: no such option.
        """
        other = self._other(con_id)
        contract, years = other.contract, self._others.years_left(other, now)
        named = (contract.right, spot, contract.strike, years)
        return implied_volatility(*named, price)

    def _other(self, con_id: int) -> Other:
        other = self._others.by_con_id(con_id)
        if other is None:
            raise KeyError(con_id)
        return other

    def quote(self, con_id: int, now: datetime) -> MarketQuote:
        """The top of the book.

        Raises:
            KeyError: no such contract.
        """
        stock = self.universe.by_con_id.get(con_id)
        if stock is None:
            return self._others.quote(self._other(con_id), now)
        return self._quotes.quote(stock, now)

    def bid(self, con_id: int, now: datetime) -> float | None:
        """The bid of ``quote`` alone; None where nobody bids.

        Raises:
            KeyError: no such stock.
        """
        return self._quotes.bid(self.universe.by_con_id[con_id], now)

    def facts(self, con_id: int, now: datetime) -> Facts:
        """The figures of the generic ticks.

        Raises:
            KeyError: no such stock.
        """
        stock = self.universe.by_con_id[con_id]
        return Facts(stock, self._tape.today(stock, now), now)

    def prints(
        self, con_id: int, since: datetime, until: datetime, most: int = 1000
    ) -> list[Print]:
        """The last *most* trades of that session after *since* until *until* (UTC),
        oldest first.

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
            HistoryRejected: 200 unknown contract, 321 bad words, 162 nothing there.
        """
        return run(self.bars_work(request, now))

    def bars_work(self, request: BarsRequest, now: datetime) -> BarsWork:
        """The same in slices, the last of which returns the bars.

        Raises:
            HistoryRejected: as ``bars``; also from a slice.
        """
        stock = self.universe.by_con_id.get(request.con_id)
        self._within_history(request)
        if stock is None:
            other = self._other(request.con_id)
            return self._others.bars_work(other, request, now)
        return self._bars.work(stock, request, now)

    def closes(
        self, con_id: int, *, sessions: int, now: datetime
    ) -> list[tuple[date, float]]:
        """Days and closes (dollars) of the daily bars of the last so many sessions,
        oldest first, without the work for their highs and lows.

        Raises:
            KeyError: no such stock.
        """
        stock = self.universe.by_con_id[con_id]
        hours = self.hours_of(stock)
        last = hours.begun_by(now, use_rth=True)
        found = (
            self._tape.day(stock, session)
            for session in hours.last_sessions(sessions, last)
            if session.day >= stock.listed_on
        )
        traded = (day for day in found if day.traded(now))
        return [(day.session.day, day.last_regular(now)) for day in traded]

    def newest_bar(self, request: BarsRequest, now: datetime) -> MarketBar:
        """The last bar of a request.

        Raises:
            HistoryRejected: as ``bars``.
        """
        stock = self.universe.by_con_id.get(request.con_id)
        self._within_history(request)
        if stock is None:
            return self._others.newest_bar(self._other(request.con_id), request, now)
        return self._bars.newest(stock, request, now)

    def _within_history(self, request: BarsRequest) -> None:
        try:
            contract = self.contract(request.con_id)
        except KeyError:
            text = "No security definition has been found for the request"
            raise HistoryRejected(200, text) from None
        end = request.end
        if end is not None and end < self.head_timestamp(request.con_id):
            raise nothing_found(contract.symbol, request.what)

    def head_timestamp(self, con_id: int) -> datetime:
        """Where the history of a contract begins.

        Raises:
            KeyError: no such contract.
        """
        contract = self.contract(con_id)
        before = contract.listed_on - timedelta(days=1)
        return self.hours_of(contract).next(before).open

    def schedule(
        self,
        con_id: int,
        *,
        days: int,
        end: datetime | None,
        use_rth: bool,
        now: datetime,
    ) -> list[TradingSession]:
        """The last ``days`` sessions that began by ``end``; without RTH, ``pre_open``
        and ``post_close`` are the hours that count. Empty where the exchange calendar
        does not reach.

        Raises:
            KeyError: no such contract.
        """
        until, hours = end or now, self.hours_of(self.contract(con_id))
        try:
            last = hours.begun_by(until, use_rth=use_rth)
            return list(hours.last_sessions(min(days, _MOST_SESSIONS), last))
        except LookupError:
            return []
