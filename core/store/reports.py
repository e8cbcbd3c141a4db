"""The morning report of each session: every step of its life happens once."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from core.model.errors import Contradiction
from core.model.report import ReportState
from core.store.access import Role
from core.store.tables import report


_KIND: Final = "morning"


_TODAY: Final = (report.c.kind == _KIND, report.c.session_date == bindparam("day"))
_STATE: Final = select(report.c.state).where(*_TODAY)
_OPEN: Final = insert(report).on_conflict_do_nothing()
_CLOSE: Final = update(report).where(*_TODAY)
_CLAIM: Final = (
    update(report)
    .where(
        *_TODAY,
        or_(
            report.c.state == ReportState.DUE,
            and_(
                report.c.state == ReportState.RUNNING,
                report.c.lease <= bindparam("now"),
            ),
        ),
    )
    .values(attempt=report.c.attempt + 1)
)


class SqlReports(Role):
    """Implements Reports."""

    def state(self, day: date) -> ReportState | None:
        found = self._reading.execute(_STATE, {"day": day}).scalar()
        return None if found is None else ReportState(found)

    def open_day(self, day: date, state: ReportState) -> bool:
        row = {"kind": _KIND, "session_date": day, "state": state, "attempt": 0}
        return self._writing.execute(_OPEN, row).rowcount == 1

    def claim(self, day: date, *, now: datetime, lease: datetime) -> bool:
        change = {"state": ReportState.RUNNING, "lease": lease}
        return (
            self._writing.execute(_CLAIM, {"day": day, "now": now, **change}).rowcount
            == 1
        )

    def close(self, day: date, state: ReportState) -> None:
        if self._writing.execute(_CLOSE, {"day": day, "state": state}).rowcount != 1:
            raise Contradiction(f"The report of {day} was never due.")
