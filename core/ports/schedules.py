"""What the owner wants done by itself, on disk. Methods marked *write* only work inside a
transaction."""

from datetime import date, datetime
from typing import Protocol

from core.model.chosen.schedule import DayOff, Entry, RunKind, Times
from core.ports.transactions import Transactions


class ScheduleReader(Protocol):
    """Looks the schedule up."""

    def entries(self) -> tuple[Entry, ...]:
        """In the order in which they were made."""

    def days_off(self) -> tuple[DayOff, ...]:
        """By their day, those that were taken back too."""


class Schedules(ScheduleReader, Transactions, Protocol):
    """The schedule."""

    def add(
        self,
        kind: RunKind,
        times: Times,
        *,
        weekdays: frozenset[int],
        at: datetime,
        by: str,
    ) -> Entry:
        """*write* Under a number that was never used before."""

    def remove(self, number: int) -> bool:
        """*write* False when there is none of that number."""

    def take_off(self, day: date, *, by: str) -> None:
        """*write* A day that was taken back is off again."""

    def take_back(self, day: date, *, at: datetime) -> bool:
        """*write* False when that day is not off."""
