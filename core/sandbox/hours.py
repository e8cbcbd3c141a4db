"""When the New York exchanges are open, by the published calendar, in UTC."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


NEW_YORK = ZoneInfo("America/New_York")


class MarketState(StrEnum):
    """PRE from 04:00, POST until 20:00 New York time on session days only."""

    PRE = "pre"
    OPEN = "open"
    POST = "post"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One trading day; all times UTC."""

    day: date
    open: datetime
    close: datetime
    pre_open: datetime
    post_close: datetime


class Hours:
    """The sessions of the New York exchanges.

    Every method that needs a day outside what the calendar knows raises LookupError.
    """

    def session(self, day: date) -> Session | None:
        """The session of that New York day, or None on weekends and holidays."""
        raise NotImplementedError

    def previous(self, day: date) -> Session:
        """The last session before that day."""
        raise NotImplementedError

    def next(self, day: date) -> Session:
        """The first session after that day."""
        raise NotImplementedError

    def state(self, now: datetime) -> MarketState:
        raise NotImplementedError

    def next_open(self, now: datetime) -> datetime:
        """The next regular open strictly after ``now``."""
        raise NotImplementedError

    def current(self, now: datetime) -> Session:
        """The session that quotes are about: today's from 04:00 on, else the last one."""
        raise NotImplementedError

    def last_sessions(self, count: int, until: date) -> tuple[Session, ...]:
        """The last ``count`` sessions up to and including that day, oldest first."""
        raise NotImplementedError
