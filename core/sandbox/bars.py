"""History: daily and intraday bars cut from the same tape that the quotes come from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from core.sandbox.hours import NEW_YORK, Hours, Session
from core.sandbox.orders import BarsRequest, HistoryRejected, MarketBar
from core.sandbox.paths import Candle
from core.sandbox.quotes import Quotes
from core.sandbox.stockday import StockDay, rounded
from core.sandbox.tape import Tape
from core.sandbox.universe import Stock


# Seconds of a bar; longer ones are named by what they gather.
BAR_SIZES: Final[Mapping[str, int]] = {
    "1 secs": 1,
    "5 secs": 5,
    "10 secs": 10,
    "15 secs": 15,
    "30 secs": 30,
    "1 min": 60,
    "2 mins": 120,
    "3 mins": 180,
    "5 mins": 300,
    "10 mins": 600,
    "15 mins": 900,
    "20 mins": 1200,
    "30 mins": 1800,
    "1 hour": 3600,
    "2 hours": 7200,
    "3 hours": 10800,
    "4 hours": 14400,
    "8 hours": 28800,
    "1 day": 86_400,
    "1 week": 7 * 86_400,
    "1 month": 30 * 86_400,
}
DAY: Final = BAR_SIZES["1 day"]

_PRICES: Final[Mapping[str, float]] = {
    "TRADES": 0.0,
    "ADJUSTED_LAST": 0.0,
    "MIDPOINT": 0.0,
    "BID": -0.5,
    "ASK": 0.5,
}
_TRADED: Final = frozenset({"TRADES", "ADJUSTED_LAST"})
_DAYS_OF: Final[Mapping[str, int]] = {"W": 7, "M": 30, "Y": 365}
_MOST_SESSIONS: Final = 2_600
_USUAL_TRADE = 120
_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A stretch of trading that bars are put together from."""

    session: date
    start: datetime
    candle: Candle
    volume: int


class Bars:
    """Cuts bars. Everything is as it was known at ``now``; nothing looks ahead."""

    def __init__(self, *, tape: Tape, quotes: Quotes, hours: Hours) -> None:
        self._tape = tape
        self._quotes = quotes
        self._hours = hours

    def bars(
        self, stock: Stock, request: BarsRequest, now: datetime
    ) -> list[MarketBar]:
        """The bars asked for, oldest first.

        Raises:
            HistoryRejected: 321 for words that are not IB's, 162 for an empty answer.
        """
        size = _bar_size(request.bar_size)
        if request.what not in _PRICES:
            raise _invalid(f"{request.what} is not supported for this request.")
        until = now if request.end is None else min(request.end, now)
        sessions = self._sessions(request, until)
        pieces = self._pieces(stock, sessions, until, size, use_rth=request.use_rth)
        made = [
            self._bar(stock, request.what, group, size)
            for group in _gathered(pieces, size)
        ]
        wanted = _bar_count(request.duration, size)
        made = made[-wanted:] if wanted is not None else made
        if not made:
            raise HistoryRejected(
                162,
                "Historical Market Data Service error message:HMDS query returned no "
                f"data: {stock.symbol}@SMART {request.what.capitalize()}",
            )
        return made

    def _sessions(self, request: BarsRequest, until: datetime) -> tuple[Session, ...]:
        """The sessions that the duration reaches, among those begun by then."""
        day = until.astimezone(NEW_YORK).date()
        today = self._hours.session(day)
        if today is not None:
            begun = today.open if request.use_rth else today.pre_open
            day = day if until >= begun else day - timedelta(days=1)
        count, unit = _duration(request.duration)
        if unit == "S":
            return self._hours.last_sessions(count // 20_000 + 2, day)
        if unit == "D":
            return self._hours.last_sessions(min(count, _MOST_SESSIONS), day)
        first = day - timedelta(days=count * _DAYS_OF[unit])
        found = self._hours.last_sessions(
            min((day - first).days * 5 // 7 + 3, _MOST_SESSIONS), day
        )
        return tuple(s for s in found if s.day > first)

    def _pieces(
        self,
        stock: Stock,
        sessions: Iterable[Session],
        until: datetime,
        size: int,
        *,
        use_rth: bool,
    ) -> Iterator[_Piece]:
        for session in sessions:
            day = self._tape.day(stock, session)
            if size >= DAY and use_rth:
                yield from _whole_day(day, until)
            else:
                step = min(size, _MINUTE)
                if not use_rth:
                    yield from _early(day, until)
                yield from _regular(day, until, step)
                if not use_rth:
                    yield from _late(day, until)

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
        return MarketBar(
            session=first.session if size <= DAY else last.session,
            time=None if size >= DAY else first.start,
            open=rounded(opened + shift),
            high=rounded(high + shift),
            low=rounded(low + shift),
            close=rounded(closed + shift),
            volume=volume if traded else -1,
            wap=round((opened + high + low + closed) / 4, 4) if traded else -1,
            count=1 + volume // _USUAL_TRADE if traded else -1,
        )


def _whole_day(day: StockDay, until: datetime) -> Iterator[_Piece]:
    if not day.traded(until):
        return
    high, low = day.reach(until)
    seconds = day.seconds(until)
    closed = rounded(day.path.at(seconds))
    yield _Piece(
        session=day.session.day,
        start=day.session.open,
        candle=Candle(day.open, high, low, closed),
        volume=day.regular_volume(seconds),
    )


def _regular(day: StockDay, until: datetime, step: int) -> Iterator[_Piece]:
    if not day.traded(until):
        return
    end, sold = day.seconds(until), 0
    for start in range(0, int(end) + 1, step):
        stop = min(start + step, 60 * day.minutes)
        if start >= stop:
            return
        reached = min(float(stop), end)
        total = day.regular_volume(reached)
        yield _Piece(
            session=day.session.day,
            start=day.session.open + timedelta(seconds=start),
            candle=day.stretch(start, reached, whole=step == _MINUTE and stop <= end),
            volume=total - sold,
        )
        sold = total


def _early(day: StockDay, until: datetime) -> Iterator[_Piece]:
    session = day.session
    passed = (min(until, session.open) - session.pre_open).total_seconds()
    for number in range(int(passed // 60)):
        candle = day.early_candle(number)
        if candle is None:
            return
        yield _Piece(
            session=session.day,
            start=session.pre_open + timedelta(minutes=number),
            candle=candle,
            volume=day.early_volume(60 * number + 60) - day.early_volume(60 * number),
        )


def _late(day: StockDay, until: datetime) -> Iterator[_Piece]:
    session = day.session
    passed = (min(until, session.post_close) - session.close).total_seconds()
    for number in range(int(passed // 60)):
        candle = day.late_candle(number)
        if candle is None or day.first_print is None:
            return
        yield _Piece(
            session=session.day,
            start=session.close + timedelta(minutes=number),
            candle=candle,
            volume=day.late_volume(60 * number + 60) - day.late_volume(60 * number),
        )


def _gathered(pieces: Iterable[_Piece], size: int) -> list[list[_Piece]]:
    """Pieces of the same bar together; bars stand on the clock's own marks."""
    groups: dict[tuple[int, ...], list[_Piece]] = {}
    for piece in pieces:
        groups.setdefault(_mark(piece, size), []).append(piece)
    return list(groups.values())


def _mark(piece: _Piece, size: int) -> tuple[int, ...]:
    day = piece.session
    if size == BAR_SIZES["1 month"]:
        return day.year, day.month
    if size == BAR_SIZES["1 week"]:
        return day.isocalendar()[:2]
    if size == DAY:
        return (day.toordinal(),)
    midnight = datetime.combine(day, datetime.min.time(), NEW_YORK).astimezone(UTC)
    return day.toordinal(), int((piece.start - midnight).total_seconds()) // size


def _bar_size(text: str) -> int:
    size = BAR_SIZES.get(text)
    if size is None:
        raise _invalid(
            "Historical data bar size setting is invalid. Legal ones are: "
            f"{', '.join(BAR_SIZES)}"
        )
    return size


def _duration(text: str) -> tuple[int, str]:
    count, _, unit = text.strip().partition(" ")
    if not count.isdigit() or int(count) < 1 or unit not in {"S", "D", *_DAYS_OF}:
        raise _invalid(f"Invalid duration {text!r}: a count and one of S, D, W, M, Y.")
    return int(count), unit


def _bar_count(duration: str, size: int) -> int | None:
    """How many bars a duration in seconds holds; None for longer units."""
    count, unit = _duration(duration)
    return max(1, count // size) if unit == "S" else None


def _invalid(cause: str) -> HistoryRejected:
    return HistoryRejected(321, f"Error validating request.-'bW' : cause - {cause}")
