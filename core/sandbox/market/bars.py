"""History: daily and intraday bars, made from the same tape as the quotes."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from math import gcd
from typing import Final, cast

from core.sandbox.market.abroad import hours_at
from core.sandbox.market.data import BarsRequest, MarketBar
from core.sandbox.market.durations import (
    DAY,
    MONTH,
    SHORTEST,
    UNITS,
    WEEK,
    Duration,
    bar_size,
    invalid,
    nothing_found,
    period_start,
)
from core.sandbox.market.hours import NEW_YORK, Hours, TradingSession
from core.sandbox.market.paths import Candle
from core.sandbox.market.quotes import Quotes
from core.sandbox.market.stockday import StockDay, rounded
from core.sandbox.market.tape import Tape
from core.sandbox.market.universe import Stock


_PRICES: Final[Mapping[str, float]] = {
    "TRADES": 0.0,
    "ADJUSTED_LAST": 0.0,
    "MIDPOINT": 0.0,
    "BID": -0.5,
    "ASK": 0.5,
    "BID_ASK": 0.5,
}
_TRADED: Final = frozenset({"TRADES", "ADJUSTED_LAST"})
_WHOLE_SESSIONS: Final = 1 << 40
_SLICE: Final = 300  # of effort: some twenty milliseconds
_EFFORT_OF_A_DAY: Final = 40
_USUAL_TRADE = 120
_MINUTE = 60
_HALF_HOUR = 1_800  # regular sessions begin and end on one

BarsWork = Generator[None, None, list[MarketBar]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A stretch of trading from which bars are built."""

    day: date
    start: datetime
    candle: Candle
    volume: int
    effort: int = 1  # to make it, a minute being one


class Bars:
    """Makes bars. Everything is as it was known at ``now``; no later price is used."""

    def __init__(self, *, tape: Tape, quotes: Quotes, hours: Hours) -> None:
        self._tape = tape
        self._quotes = quotes
        self._hours = hours

    def bars(
        self, stock: Stock, request: BarsRequest, now: datetime
    ) -> list[MarketBar]:
        """The bars asked for, oldest first, in one step.

        Raises:
            HistoryRejected: 321 for words that are not IB's, 162 for a duration too
                long for such bars, and for an empty answer.
        """
        return run(self.work(stock, request, now))

    def work(self, stock: Stock, request: BarsRequest, now: datetime) -> BarsWork:
        """The same in slices of a few dozen milliseconds, so that the event loop can
        run in between.

        Raises:
            HistoryRejected: as ``bars``: 321 and a duration that is too long at once,
                an empty answer from the last slice.
        """
        Duration.read(request.duration).suits(bar_size(request.bar_size))
        return self._work(stock, request, now)

    def newest(self, stock: Stock, request: BarsRequest, now: datetime) -> MarketBar:
        """The last bar of a request alone.

        Raises:
            HistoryRejected: as ``bars``.
        """
        size = bar_size(request.bar_size)
        enough = {DAY: "1 D", WEEK: "1 W", MONTH: "2 M"}.get(
            size, f"{max(2 * size, SHORTEST)} S"
        )
        return run(self._work(stock, replace(request, duration=enough), now))[-1]

    def _work(self, stock: Stock, request: BarsRequest, now: datetime) -> BarsWork:
        size = bar_size(request.bar_size)
        if request.what not in _PRICES:
            raise invalid(f"{request.what} is not supported for this request.")
        span = Duration.read(request.duration)
        until = now if request.end is None else min(request.end, now)
        yield from self._leaf_back(stock, span, until)
        made: list[MarketBar] = []
        group: list[_Piece] = []
        mark: tuple[int, ...] = ()
        effort = 0
        for piece in self._pieces(stock, request, span, until):
            if group and _mark(piece, size) != mark:
                made.append(self._bar(stock, request.what, group, size))
                group = []
            if not group:
                mark = _mark(piece, size)
            group.append(piece)
            effort += piece.effort
            if effort >= _SLICE:
                effort = 0
                yield
        if group:
            made.append(self._bar(stock, request.what, group, size))
        if not made:
            raise nothing_found(stock.symbol, request.what)
        return made[-span.most(size) :]

    def _leaf_back(
        self, stock: Stock, span: Duration, until: datetime
    ) -> Iterator[None]:
        """Have the calendar of years ago made, a block at a time; each takes a while."""
        years = min(span.seconds // UNITS["Y"], until.year - stock.listed_on.year)
        for back in range(years + 1) if years > 1 else ():
            self._hours_of(stock).next(date(until.year - back, 1, 1))
            yield

    def _sessions(
        self, stock: Stock, request: BarsRequest, span: Duration, until: datetime
    ) -> tuple[TradingSession, ...]:
        """The sessions that the duration reaches, among those begun by then and since
        the stock is listed; the first week or month of such bars is whole.
        """
        hours = self._hours_of(stock)
        day = hours.begun_by(until, use_rth=request.use_rth)
        if span.unit == "S":
            found = hours.last_sessions(span.count // 20_000 + 2, day)
            return tuple(s for s in found if s.day >= stock.listed_on)
        first = self._first_day(span, day, stock)
        first = max(period_start(first, bar_size(request.bar_size)), stock.listed_on)
        found = hours.last_sessions((day - first).days * 5 // 7 + 3, day)
        return tuple(s for s in found if s.day >= first)

    def _hours_of(self, stock: Stock) -> Hours:
        return hours_at(stock.primary_exchange, self._hours)

    def _first_day(self, span: Duration, day: date, stock: Stock) -> date:
        if span.unit == "D":
            return self._hours_of(stock).last_sessions(span.count, day)[0].day
        days = min(span.seconds // DAY, (day - stock.listed_on).days + 1)
        return day - timedelta(days=days - 1)

    def _pieces(
        self, stock: Stock, request: BarsRequest, span: Duration, until: datetime
    ) -> Iterator[_Piece]:
        size, use_rth = bar_size(request.bar_size), request.use_rth
        sessions = self._sessions(stock, request, span, until)
        enough = span.count + size if span.unit == "S" else _WHOLE_SESSIONS
        for session, since in reversed(list(_stretches(sessions, until, enough))):
            day = self._tape.day(stock, session)
            if not use_rth:
                yield from _early(day, until, size)
            if size >= DAY:
                yield from _whole_day(day, until)
            else:
                yield from _regular(day, until, size, since)
            if not use_rth:
                yield from _late(day, until, size)

    def _bar(
        self, stock: Stock, what: str, group: Sequence[_Piece], size: int
    ) -> MarketBar:
        first, last = group[0], group[-1]
        opened, closed = first.candle.open, last.candle.close
        high = max(piece.candle.high for piece in group)
        low = min(piece.candle.low for piece in group)
        traded = what in _TRADED
        volume = sum(piece.volume for piece in group)
        half = 0.0 if traded else self._quotes.spread(stock, closed, last.start)
        shift = half * _PRICES[what]
        if what == "BID_ASK":  # average bid, highest ask, lowest bid, average ask
            opened = closed = (opened + high + low + closed) / 4
        below = -1 if what == "BID_ASK" else 1
        return MarketBar(
            day=first.day if size <= DAY else last.day,
            time=None if size >= DAY else first.start,
            open=rounded(opened + below * shift),
            high=rounded(high + shift),
            low=rounded(low + below * shift),
            close=rounded(closed + shift),
            volume=volume if traded else -1,
            wap=round((opened + high + low + closed) / 4, 4) if traded else -1,
            count=1 + volume // _USUAL_TRADE if traded else -1,
        )


def run(work: BarsWork) -> list[MarketBar]:
    """Do all of the work at once."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return cast("list[MarketBar]", end.value)


def _whole_day(day: StockDay, until: datetime) -> Iterator[_Piece]:
    if not day.traded(until):
        return
    high, low = day.reach(until)
    seconds = day.seconds(until)
    closed = rounded(day.path.at(seconds))
    yield _Piece(
        day=day.session.day,
        start=day.session.open,
        candle=Candle(day.open, high, low, closed),
        volume=day.regular_volume(seconds),
        effort=_EFFORT_OF_A_DAY,
    )


def _stretches(
    sessions: Sequence[TradingSession], until: datetime, enough: int
) -> Iterator[tuple[TradingSession, int]]:
    """From the newest on, each session with the second of it where bars have to begin."""
    for session in reversed(sessions):
        if enough <= 0:
            return
        passed = (min(until, session.close) - session.open).total_seconds()
        elapsed = max(0, int(passed))
        yield session, max(0, elapsed - enough) // _MINUTE * _MINUTE
        enough -= elapsed


def _regular(day: StockDay, until: datetime, size: int, since: int) -> Iterator[_Piece]:
    """What bars of *size* seconds consist of: stretches as long as can be while they
    are whole, then minutes (or less), then what there is of the last one."""
    if not day.traded(until):
        return
    end, step = day.seconds(until), min(size, _MINUTE)
    wide = gcd(size, _MINUTE if since else _HALF_HOUR)
    whole = int(end) // wide * wide if wide >= _MINUTE else since
    candles = chain(
        day.whole_candles(since, whole, wide),
        day.whole_candles(whole, int(end) // _MINUTE * _MINUTE, step),
    )
    sold = day.regular_volume(since) if since else 0
    for start, stop in chain(
        _stops(since, whole, wide), _stops(whole, int(end) + 1, step)
    ):
        if start == 60 * day.minutes:
            return
        reached = min(float(stop), end)
        total = day.regular_volume(reached)
        yield _Piece(
            day=day.session.day,
            start=day.session.open + timedelta(seconds=start),
            candle=next(candles, None) or day.candle_between(start, reached),
            volume=total - sold,
            effort=max(1, (stop - start) // _MINUTE),
        )
        sold = total


def _stops(first: int, end: int, step: int) -> Iterator[tuple[int, int]]:
    return ((start, start + step) for start in range(first, end, step))


def _early(day: StockDay, until: datetime, size: int) -> Iterator[_Piece]:
    session = day.session
    passed = (min(until, session.open) - session.pre_open).total_seconds()
    for first, last in _minutes(int(passed // _MINUTE), size):
        candle = day.early_candle(first, last)
        if candle is None:
            return
        sold = day.early_volume(_MINUTE * last) - day.early_volume(_MINUTE * first)
        yield _outside(day, session.pre_open, first, last, candle, sold)


def _late(day: StockDay, until: datetime, size: int) -> Iterator[_Piece]:
    session = day.session
    passed = (min(until, session.post_close) - session.close).total_seconds()
    for first, last in _minutes(int(passed // _MINUTE), size):
        candle = day.late_candle(first, last)
        if candle is None or day.first_print is None:
            return
        sold = day.late_volume(_MINUTE * last) - day.late_volume(_MINUTE * first)
        yield _outside(day, session.close, first, last, candle, sold)


def _minutes(whole: int, size: int) -> Iterator[tuple[int, int]]:
    """The first *whole* minutes of a stretch that begins on a half hour, in parts as
    long as bars of *size* seconds allow."""
    wide = whole if size >= DAY else max(1, gcd(size, _HALF_HOUR) // _MINUTE)
    return ((n, min(n + wide, whole)) for n in range(0, whole, max(1, wide)))


def _outside(
    day: StockDay, begun: datetime, first: int, last: int, candle: Candle, sold: int
) -> _Piece:
    start = begun + timedelta(minutes=first)
    return _Piece(
        day=day.session.day,
        start=start,
        candle=candle,
        volume=sold,
        effort=min(last - first, _EFFORT_OF_A_DAY),
    )


def _mark(piece: _Piece, size: int) -> tuple[int, ...]:
    day = piece.day
    if size == MONTH:
        return day.year, day.month
    if size == WEEK:
        return day.isocalendar()[:2]
    if size == DAY:
        return (day.toordinal(),)
    return day.toordinal(), int((piece.start - _midnight(day)).total_seconds()) // size


@lru_cache(maxsize=64)
def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), NEW_YORK).astimezone(UTC)
