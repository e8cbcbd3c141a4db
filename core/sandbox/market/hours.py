"""When the New York exchanges are open, by the published calendar, in UTC."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo


NEW_YORK = ZoneInfo("America/New_York")

_PRE_OPEN = time(4, 0)
_AFTER_CLOSE_HOURS = 4
_BLOCK_YEARS = 4


class TradingPhase(StrEnum):
    """The state of the market, on session days only for PRE (from 04:00 New York time)
    and POST (for four hours after the close).
    """

    PRE = "pre"
    OPEN = "open"
    POST = "post"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingSession:
    """One trading day; all times UTC."""

    day: date
    open: datetime
    close: datetime
    pre_open: datetime
    post_close: datetime


def _utc(stamp: Any) -> datetime:  # a pandas Timestamp, which mypy cannot see
    moment: datetime = stamp.to_pydatetime()
    return moment.astimezone(UTC)


def _session(day: date, opens: datetime, closes: datetime) -> TradingSession:
    after = closes.astimezone(NEW_YORK)
    after = after.replace(hour=after.hour + _AFTER_CLOSE_HOURS)
    return TradingSession(
        day=day,
        open=opens,
        close=closes,
        pre_open=datetime.combine(day, _PRE_OPEN, NEW_YORK).astimezone(UTC),
        post_close=after.astimezone(UTC),
    )


@cache
def _block(first_year: int) -> tuple[tuple[date, ...], tuple[TradingSession, ...]]:
    """The sessions of four years; one block takes about 0.2 s to make, once."""
    # The calendar brings pandas along: a second of start-up that only a market needs.
    from exchange_calendars.exchange_calendar_xnys import (  # noqa: PLC0415  see above
        XNYSExchangeCalendar,
    )

    calendar = XNYSExchangeCalendar(
        start=f"{first_year}-01-01", end=f"{first_year + _BLOCK_YEARS - 1}-12-31"
    )
    sessions = tuple(
        _session(label.date(), _utc(opens), _utc(closes))
        for label, opens, closes in zip(
            calendar.sessions, calendar.opens, calendar.closes, strict=True
        )
    )
    return tuple(s.day for s in sessions), sessions


def _block_of(year: int) -> tuple[tuple[date, ...], tuple[TradingSession, ...]]:
    try:
        return _block(year - year % _BLOCK_YEARS)
    except ValueError as unknown:
        raise LookupError(f"the exchange calendar does not reach {year}") from unknown


class Hours:
    """The sessions of the New York exchanges.

    Every method that needs a year outside what the calendar knows raises LookupError.
    """

    def session(self, day: date) -> TradingSession | None:
        """The session of that New York day, or None on weekends and holidays."""
        days, sessions = _block_of(day.year)
        at = bisect_left(days, day)
        return sessions[at] if at < len(days) and days[at] == day else None

    def previous(self, day: date) -> TradingSession:
        """The last session before that day."""
        days, sessions = _block_of(day.year)
        at = bisect_left(days, day)
        return sessions[at - 1] if at else _block_of(day.year - 1)[1][-1]

    def next(self, day: date) -> TradingSession:
        """The first session after that day."""
        days, sessions = _block_of(day.year)
        at = bisect_right(days, day)
        return sessions[at] if at < len(days) else _block_of(day.year + 1)[1][0]

    def state(self, now: datetime) -> TradingPhase:
        """The market's state at that moment."""
        return _state(int(now.timestamp()) // 60)

    def next_open(self, now: datetime) -> datetime:
        """The next regular open strictly after ``now``."""
        day = now.astimezone(NEW_YORK).date()
        today = self.session(day)
        if today is not None and now < today.open:
            return today.open
        return self.next(day).open

    def current(self, now: datetime) -> TradingSession:
        """The session that quotes refer to: today's from 04:00 New York time on, else
        the last one.
        """
        return _current(int(now.timestamp()) // 60)

    def begun_by(self, moment: datetime, *, use_rth: bool) -> date:
        """The last New York day whose session, if it has one, has begun by then."""
        day = moment.astimezone(NEW_YORK).date()
        today = self.session(day)
        if today is None or moment >= (today.open if use_rth else today.pre_open):
            return day
        return day - timedelta(days=1)

    def last_sessions(self, count: int, until: date) -> tuple[TradingSession, ...]:
        """The last ``count`` sessions up to and including that day, oldest first."""
        found: list[TradingSession] = []
        last = self.session(until)
        if last is None and count > 0:
            last = self.previous(until)
        while last is not None and len(found) < count:
            found.append(last)
            last = self.previous(last.day)
        return tuple(reversed(found))


@lru_cache(maxsize=4096)
def _state(minute: int) -> TradingPhase:
    """The state at every moment of that minute since 1970: none changes within one."""
    now = datetime.fromtimestamp(60 * minute, UTC)
    today = Hours().session(now.astimezone(NEW_YORK).date())
    if today is None or not today.pre_open <= now < today.post_close:
        return TradingPhase.CLOSED
    if now < today.open:
        return TradingPhase.PRE
    return TradingPhase.OPEN if now < today.close else TradingPhase.POST


@lru_cache(maxsize=4096)
def _current(minute: int) -> TradingSession:
    """The session of every moment of that minute since 1970: none begins within one."""
    now, hours = datetime.fromtimestamp(60 * minute, UTC), Hours()
    day = now.astimezone(NEW_YORK).date()
    today = hours.session(day)
    if today is not None and now >= today.pre_open:
        return today
    return hours.previous(day)
