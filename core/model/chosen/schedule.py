"""The owner's schedule: what runs automatically, and when."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final


class RunKind(StrEnum):
    """What a scheduled run does."""

    SCAN = "scan"  # a card
    REPORT = "report"  # the account's report, and a card
    BRIEF = "brief"  # before the open: gaps, what is queued, the calendar
    SUMMARY = "summary"  # after the close: the day's profit, fills, picks


class Anchor(StrEnum):
    """The event that a run's minutes are counted from."""

    OPEN = "open"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTime:
    """At a time of day in New York."""

    at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A number of minutes after the session's open or close; before it if negative."""

    anchor: Anchor
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """Every given number of minutes between two times of day in New York, inclusive."""

    minutes: int
    first: time
    last: time


Times = AtTime | Beside | Every

WEEKDAYS: Final = frozenset(range(5))
"""Monday is 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEntry:
    """One line of the schedule. ``number`` is never reused. Nothing that was due before
    ``made_at`` (UTC) belongs to it."""

    number: int
    kind: RunKind
    times: Times
    made_at: datetime
    by: str
    weekdays: frozenset[int] = WEEKDAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOff:
    """A New York date on which nothing runs automatically. ``ended_at`` (UTC) is when
    the owner took that back; what was due before it is not made up for."""

    day: date
    by: str
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One scheduled run, due at ``due`` and no longer made after ``over`` (both UTC).
    ``key`` is unique within its session. ``skipped`` says why it does not fit into that
    session, None if it does."""

    entry: int
    kind: RunKind
    key: str
    day: date
    due: datetime
    over: datetime
    skipped: str | None = None
