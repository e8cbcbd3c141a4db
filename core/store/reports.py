"""The morning report of each session: every step of its life happens once."""

from datetime import date, datetime
from typing import Final

from core.model.errors import Contradiction
from core.model.report import ReportState
from core.store.access import Role
from core.store.tables import from_day, from_moment


_STATE: Final = """
SELECT state FROM report WHERE kind = 'morning' AND session_date = ?
"""
_OPEN: Final = """
INSERT INTO report (kind, session_date, state, attempt) VALUES ('morning', ?, ?, 0)
ON CONFLICT DO NOTHING
"""
_CLOSE: Final = """
UPDATE report SET state = :state WHERE kind = 'morning' AND session_date = :day
"""
_CLAIM: Final = """
UPDATE report SET state = 'running', lease = :lease, attempt = attempt + 1
WHERE kind = 'morning' AND session_date = :day
AND (state = 'due' OR state = 'running' AND lease <= :now)
"""


class SqlReports(Role):
    """Implements Reports."""

    def state(self, day: date) -> ReportState | None:
        found = self._access.value(_STATE, (from_day(day),))
        return None if found is None else ReportState(found)

    def open_day(self, day: date, state: ReportState) -> bool:
        return self._access.change(_OPEN, (from_day(day), state)) == 1

    def claim(self, day: date, *, now: datetime, lease: datetime) -> bool:
        moments = {"now": from_moment(now), "lease": from_moment(lease)}
        return self._access.change(_CLAIM, {"day": from_day(day), **moments}) == 1

    def close(self, day: date, state: ReportState) -> None:
        if self._access.change(_CLOSE, {"day": from_day(day), "state": state}) != 1:
            raise Contradiction(f"The report of {day} was never due.")
