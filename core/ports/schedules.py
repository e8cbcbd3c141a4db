"""The schedule on disk. Methods marked *write* only work inside a transaction."""

from datetime import date, datetime
from typing import Protocol

from core.model.chosen.schedule import DayOff, RunKind, ScheduleEntry, Times


class ScheduleReader(Protocol):
    """Looks the schedule up."""

    def entries(self) -> tuple[ScheduleEntry, ...]:
        """In the order in which they were made."""

    def days_off(self) -> tuple[DayOff, ...]:
        """All days off by date, including those that were taken back."""


class Schedules(ScheduleReader, Protocol):
    """The schedule."""

    def add(
        self,
        kind: RunKind,
        times: Times,
        *,
        weekdays: frozenset[int],
        at: datetime,
        by: str,
    ) -> ScheduleEntry:
        """*write* Add an entry, under a number that was never used before."""

    def remove(self, number: int) -> bool:
        """*write* Remove an entry; False if there is none with that number."""

    def take_off(self, day: date, *, by: str) -> None:
        """*write* Make *day* a day off, also again after it was taken back."""

    def take_back(self, day: date, *, at: datetime) -> bool:
        """*write* Make *day* a normal day again; False if it is not off."""
