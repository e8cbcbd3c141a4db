"""The one place where the schedule is changed: written, with an audit line.

Nothing here awaits; see core.ledger.cards.
"""

from datetime import date
from typing import Final

from core.ledger.unit_of_work import UnitOfWork
from core.model.chosen.schedule import WEEKDAYS, DayOff, RunKind, ScheduleEntry, Times
from core.ports.schedules import Schedules
from core.rules.chosen.schedule import problem_with
from core.rules.chosen.written import text_of, text_of_weekdays


MOST: Final = 20
"""The most lines a schedule may have."""


class Schedule:
    """What is done by itself."""

    def __init__(self, unit: UnitOfWork, schedules: Schedules) -> None:
        self._unit, self._schedules = unit, schedules

    def entries(self) -> tuple[ScheduleEntry, ...]:
        return self._schedules.entries()

    def days_off(self) -> tuple[DayOff, ...]:
        """The days that are off now, by date."""
        found = self._schedules.days_off()
        return tuple(off for off in found if off.ended_at is None)

    def add(
        self,
        kind: RunKind,
        times: Times,
        *,
        by: str,
        weekdays: frozenset[int] = WEEKDAYS,
    ) -> ScheduleEntry | str:
        """Add a line. Returns it, or why it cannot be added."""
        if problem := problem_with(kind, times):
            return problem
        entries = self.entries()
        if len(entries) >= MOST:
            return f"The schedule has {MOST} lines already: remove one first."
        same = (kind, times, weekdays)
        if any((e.kind, e.times, e.weekdays) == same for e in entries):
            return "That is in the schedule already."
        return self._add(kind, times, weekdays, by)

    def _add(
        self, kind: RunKind, times: Times, weekdays: frozenset[int], by: str
    ) -> ScheduleEntry:
        with self._unit.writing():
            at = self._unit.now()
            entry = self._schedules.add(kind, times, weekdays=weekdays, at=at, by=by)
            days = text_of_weekdays(weekdays)
            said = f"by {by}: {entry.number} {kind} {text_of(times)} {days}".rstrip()
            self._unit.audit("", "scheduled", said)
        return entry

    def remove(self, number: int, *, by: str) -> ScheduleEntry | None:
        """Remove a line. Returns it; None if no line has that number."""
        found = next((e for e in self.entries() if e.number == number), None)
        if found is not None:
            with self._unit.writing():
                self._schedules.remove(number)
                self._unit.audit("", "unscheduled", f"by {by}: {number} {found.kind}")
        return found

    def take_off(self, day: date, *, by: str) -> None:
        """Run nothing automatically on that New York date."""
        with self._unit.writing():
            self._schedules.take_off(day, by=by)
            self._unit.audit("", "day off", f"by {by}: {day}")

    def take_back(self, day: date, *, by: str) -> bool:
        """Run as on any other day. Returns False if the day was not off."""
        with self._unit.writing():
            was_off = self._schedules.take_back(day, at=self._unit.now())
            if was_off:
                self._unit.audit("", "day off taken back", f"by {by}: {day}")
        return was_off
