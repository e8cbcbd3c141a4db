"""What the owner wants done by itself, and when."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final


class RunKind(StrEnum):
    """What is done by itself."""

    SCAN = "scan"  # a card
    REPORT = "report"  # the account's report, and a card
    BRIEF = "brief"  # before the open: gaps, what is queued, the calendar
    SUMMARY = "summary"  # after the close: the day's profit, fills, picks


class Anchor(StrEnum):
    """What minutes are counted from."""

    OPEN = "open"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTime:
    """At a time of day in New York."""

    at: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """So many minutes after the session's open or close, before it when negative."""

    anchor: Anchor
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """Every so many minutes, from one time of day in New York to another, both inside."""

    minutes: int
    first: time
    last: time


Times = AtTime | Beside | Every

WEEKDAYS: Final = frozenset(range(5))
"""Monday is 0."""

MORNING: Final = 0
"""The number of the morning report, which is no entry but a setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the schedule. ``number`` is never used again; ``made_at`` is UTC:
    what was due before is none of it."""

    number: int
    kind: RunKind
    times: Times
    made_at: datetime
    by: str
    weekdays: frozenset[int] = WEEKDAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOff:
    """A New York date on which nothing is done by itself. ``ended_at`` (UTC) is when
    that was taken back: what was due before stays undone."""

    day: date
    by: str
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Something to be done at ``due`` (UTC), and not any more at ``over``. ``key`` names
    it among those of its session. ``skipped`` says why that day has no place for it, None
    when it has."""

    entry: int
    kind: RunKind
    key: str
    day: date
    due: datetime
    over: datetime
    skipped: str | None = None
