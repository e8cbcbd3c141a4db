"""Runs, schedule and chosen settings of the journal in memory."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from core.model.chosen.schedule import DayOff, RunKind, ScheduleEntry, Times
from core.model.chosen.setting import SettingChange
from core.model.errors import Contradiction
from core.model.report import MORNING_REPORT, ReportState
from tests.fakes.journal.tables import Role


class MemoryReports(Role):
    """Implements Reports."""

    def state(self, day: date, key: str = MORNING_REPORT) -> ReportState | None:
        return self.states(day).get(key)

    def states(self, day: date) -> Mapping[str, ReportState]:
        kept = self._reading.reports.items()
        return {key: state for (of, key), (state, _) in kept if of == day}

    def open_day(
        self, day: date, state: ReportState, key: str = MORNING_REPORT
    ) -> bool:
        if (day, key) in self._writing.reports:
            return False
        self._writing.reports[day, key] = (state, None)
        return True

    def claim(
        self, day: date, *, now: datetime, lease: datetime, key: str = MORNING_REPORT
    ) -> bool:
        state, held_until = self._writing.reports.get((day, key), (None, None))
        is_over = held_until is not None and held_until <= now
        if state is ReportState.DUE or (state is ReportState.RUNNING and is_over):
            self._writing.reports[day, key] = (ReportState.RUNNING, lease)
            return True
        return False

    def close(self, day: date, state: ReportState, key: str = MORNING_REPORT) -> None:
        if (day, key) not in self._writing.reports:
            raise Contradiction(f"{key} of {day} was never due.")
        self._writing.reports[day, key] = (state, self._writing.reports[day, key][1])


class MemorySchedules(Role):
    """Implements Schedules."""

    def entries(self) -> tuple[ScheduleEntry, ...]:
        removed = self._reading.removed
        return tuple(e for e in self._reading.entries if e.number not in removed)

    def days_off(self) -> tuple[DayOff, ...]:
        return tuple(sorted(self._reading.days_off.values(), key=lambda off: off.day))

    def add(
        self,
        kind: RunKind,
        times: Times,
        *,
        weekdays: frozenset[int],
        at: datetime,
        by: str,
    ) -> ScheduleEntry:
        entry = ScheduleEntry(
            number=len(self._writing.entries) + 1,
            kind=kind,
            times=times,
            weekdays=weekdays,
            made_at=at,
            by=by,
        )
        self._writing.entries.append(entry)
        return entry

    def remove(self, number: int) -> bool:
        is_there = any(entry.number == number for entry in self.entries())
        self._writing.removed.add(number)
        return is_there

    def take_off(self, day: date, *, by: str) -> None:
        self._writing.days_off[day] = DayOff(day=day, by=by)

    def take_back(self, day: date, *, at: datetime) -> bool:
        off = self._writing.days_off.get(day)
        if off is None or off.ended_at is not None:
            return False
        self._writing.days_off[day] = replace(off, ended_at=at)
        return True


class MemorySettingChanges(Role):
    """Implements SettingChanges."""

    def add(self, change: SettingChange) -> None:
        self._writing.setting_changes.append(change)

    def all(self) -> tuple[SettingChange, ...]:
        return tuple(self._reading.setting_changes)
