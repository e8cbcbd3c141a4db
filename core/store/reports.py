"""The morning report of each session: every step of its life happens once."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, and_, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from core.model.errors import Contradiction
from core.model.report import ReportState
from core.store.tables import report


_KIND: Final = "morning"


def state(on: Connection, day: date) -> ReportState | None:
    found = on.execute(
        select(report.c.state).where(
            report.c.kind == _KIND, report.c.session_date == day
        )
    ).scalar()
    return None if found is None else ReportState(found)


def open_day(on: Connection, day: date, to: ReportState) -> bool:
    row = insert(report).values(kind=_KIND, session_date=day, state=to, attempt=0)
    return on.execute(row.on_conflict_do_nothing()).rowcount == 1


def claim(on: Connection, day: date, *, now: datetime, lease: datetime) -> bool:
    free = or_(
        report.c.state == ReportState.DUE,
        and_(report.c.state == ReportState.RUNNING, report.c.lease <= now),
    )
    changed = on.execute(
        update(report)
        .where(report.c.kind == _KIND, report.c.session_date == day, free)
        .values(state=ReportState.RUNNING, lease=lease, attempt=report.c.attempt + 1)
    )
    return changed.rowcount == 1


def close(on: Connection, day: date, to: ReportState) -> None:
    changed = on.execute(
        update(report)
        .where(report.c.kind == _KIND, report.c.session_date == day)
        .values(state=to)
    )
    if changed.rowcount != 1:
        raise Contradiction(f"The report of {day} was never due.")
