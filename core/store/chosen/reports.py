"""Runs made once for a session, including the morning report; each state change happens
only once."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from core.model.errors import Contradiction
from core.model.report import MORNING_REPORT, ReportState
from core.store.access import Role
from core.store.tables import from_day, from_moment


_STATE: Final = "SELECT state FROM report WHERE kind = ? AND session_date = ?"
_STATES: Final = "SELECT kind, state FROM report WHERE session_date = ?"
_OPEN: Final = """
INSERT INTO report (kind, session_date, state, attempt) VALUES (?, ?, ?, 0)
ON CONFLICT DO NOTHING
"""
_CLOSE: Final = """
UPDATE report SET state = :state WHERE kind = :key AND session_date = :day
"""
_CLAIM: Final = """
UPDATE report SET state = 'running', lease = :lease, attempt = attempt + 1
WHERE kind = :key AND session_date = :day
AND (state = 'due' OR state = 'running' AND lease <= :now)
"""


class SqlReports(Role):
    """Implements Reports."""

    def state(self, day: date, key: str = MORNING_REPORT) -> ReportState | None:
        found = self._access.value(_STATE, (key, from_day(day)))
        return None if found is None else ReportState(found)

    def states(self, day: date) -> Mapping[str, ReportState]:
        rows = self._access.rows(_STATES, (from_day(day),))
        return {row["kind"]: ReportState(row["state"]) for row in rows}

    def open_day(
        self, day: date, state: ReportState, key: str = MORNING_REPORT
    ) -> bool:
        return self._access.change(_OPEN, (key, from_day(day), state)) == 1

    def claim(
        self, day: date, *, now: datetime, lease: datetime, key: str = MORNING_REPORT
    ) -> bool:
        moments = {"now": from_moment(now), "lease": from_moment(lease)}
        named = {"key": key, "day": from_day(day), **moments}
        return self._access.change(_CLAIM, named) == 1

    def close(self, day: date, state: ReportState, key: str = MORNING_REPORT) -> None:
        """Raises Contradiction: the report of that day was never due."""
        named = {"key": key, "day": from_day(day), "state": state}
        if self._access.change(_CLOSE, named) != 1:
            raise Contradiction(f"{key} of {day} was never due.")
