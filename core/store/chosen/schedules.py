"""The schedule. The number of an entry is never reused, because its runs are identified
by it."""

from datetime import date, datetime
from typing import Final

from core.model.chosen.schedule import DayOff, RunKind, ScheduleEntry, Times
from core.rules.chosen.written import text_of, text_of_weekdays, times_in, weekdays_in
from core.store.access import Role, Row
from core.store.tables import from_day, from_moment, to_day, to_moment


_ADD: Final = """
INSERT INTO schedule (kind, times, weekdays, made_at, by) VALUES (?, ?, ?, ?, ?)
"""
_NEWEST: Final = "SELECT * FROM schedule ORDER BY number DESC LIMIT 1"
_ALL: Final = "SELECT * FROM schedule WHERE removed = 0 ORDER BY number"
_REMOVE: Final = "UPDATE schedule SET removed = 1 WHERE number = ? AND removed = 0"
_TAKE_OFF: Final = """
INSERT INTO day_off (day, by) VALUES (?, ?)
ON CONFLICT (day) DO UPDATE SET by = excluded.by, ended_at = NULL
"""
_TAKE_BACK: Final = """
UPDATE day_off SET ended_at = ? WHERE day = ? AND ended_at IS NULL
"""
_DAYS: Final = "SELECT day, by, ended_at FROM day_off ORDER BY day"


class SqlSchedules(Role):
    """Implements Schedules."""

    def entries(self) -> tuple[ScheduleEntry, ...]:
        return tuple(_entry(row) for row in self._access.rows(_ALL))

    def days_off(self) -> tuple[DayOff, ...]:
        return tuple(_day_off(row) for row in self._access.rows(_DAYS))

    def add(
        self,
        kind: RunKind,
        times: Times,
        *,
        weekdays: frozenset[int],
        at: datetime,
        by: str,
    ) -> ScheduleEntry:
        days = text_of_weekdays(weekdays)
        self._access.change(_ADD, (kind, text_of(times), days, from_moment(at), by))
        newest = self._access.row(_NEWEST)
        assert newest is not None
        return _entry(newest)

    def remove(self, number: int) -> bool:
        return self._access.change(_REMOVE, (number,)) == 1

    def take_off(self, day: date, *, by: str) -> None:
        self._access.change(_TAKE_OFF, (from_day(day), by))

    def take_back(self, day: date, *, at: datetime) -> bool:
        return self._access.change(_TAKE_BACK, (from_moment(at), from_day(day))) == 1


def _entry(row: Row) -> ScheduleEntry:
    times, weekdays = times_in(row["times"]), weekdays_in(row["weekdays"])
    made_at = to_moment(row["made_at"])
    assert times is not None
    assert weekdays is not None
    assert made_at is not None
    return ScheduleEntry(
        number=row["number"],
        kind=RunKind(row["kind"]),
        times=times,
        weekdays=weekdays,
        made_at=made_at,
        by=row["by"],
    )


def _day_off(row: Row) -> DayOff:
    day = to_day(row["day"])
    assert day is not None
    return DayOff(day=day, by=row["by"], ended_at=to_moment(row["ended_at"]))
