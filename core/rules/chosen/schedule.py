"""Which runs a schedule has on a session, and which of them are due now."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from core.model.chosen.schedule import (
    Anchor,
    AtTime,
    Beside,
    DayOff,
    Every,
    Run,
    RunKind,
    ScheduleEntry,
    Times,
)
from core.model.market import Session, Sessions
from core.model.report import ReportState
from core.rules.figures.in_words import clock
from core.rules.new_york import NEW_YORK, day_of, local, start_of
from core.rules.sessions import USUAL_CLOSE, USUAL_OPEN, session_of


GIVE_UP: Final[Mapping[RunKind, timedelta]] = {
    RunKind.SCAN: timedelta(minutes=10),
    RunKind.REPORT: timedelta(minutes=60),
    RunKind.BRIEF: timedelta(minutes=60),
    RunKind.SUMMARY: timedelta(hours=5),
}
"""How late each kind of run is still made."""

ENDED: Final = frozenset({ReportState.SENT, ReportState.MISSED, ReportState.CLOSED})

_EARLIEST: Final = time(4)
"""New York time. Before this, IB's nightly reset may not be over."""


def problem_with(kind: RunKind, times: Times) -> str | None:
    """Why *kind* cannot run at *times* on a usual session; None if it can."""
    for due in _dues(times, _USUAL):
        at = local(due)
        if kind in {RunKind.SCAN, RunKind.REPORT}:
            if not _USUAL.opens <= due < _USUAL.closes:
                return f"At {clock(at)} the market is closed: it opens at 09:30 and closes at 16:00 ET."
        elif kind is RunKind.BRIEF and not _morning(_USUAL) <= due < _USUAL.opens:
            return "A brief comes between 04:00 and the open at 09:30 ET."
        elif kind is RunKind.SUMMARY and not _USUAL.closes <= due < _night(_USUAL):
            return "A summary comes between the close at 16:00 ET and midnight."
    return None


def runs_a_session(times: Times) -> int:
    """How many runs *times* has on a usual session."""
    return sum(1 for _ in _dues(times, _USUAL))


def runs(entry: ScheduleEntry, session: Session) -> tuple[Run, ...]:
    """The runs of *entry* on *session*, by time. Runs that do not fit into the session
    are reported once, as one skipped run."""
    if session.day.weekday() not in entry.weekdays:
        return ()
    found = [_run(entry, session, due) for due in _dues(entry.times, session)]
    kept = [run for run in found if run.skipped is None]
    cut = [run for run in found if run.skipped is not None]
    return tuple(sorted((*kept, *cut[:1]), key=lambda run: run.due))


def is_off(day: date, due: datetime, days_off: Iterable[DayOff]) -> bool:
    """Whether the run *due* (UTC) on the New York date *day* falls on a day off."""
    return any(
        off.day == day and (off.ended_at is None or due < off.ended_at)
        for off in days_off
    )


def to_be_done(
    entries: Iterable[ScheduleEntry],
    session: Session,
    now: datetime,
    *,
    states: Mapping[str, ReportState],
    days_off: Iterable[DayOff],
) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """The runs of *session* to make at *now*, and those that were missed or skipped.
    *states* are the states of the session's runs, by key."""
    off = tuple(days_off)
    due = [
        run
        for entry in entries
        for run in runs(entry, session)
        if entry.made_at <= run.due <= now
        and states.get(run.key) not in ENDED
        and not is_off(session.day, run.due, off)
    ]
    due.sort(key=lambda run: run.due)
    missed = [run for run in due if run.skipped is not None or now >= run.over]
    return tuple(run for run in due if run not in missed), tuple(missed)


def next_run(
    entry: ScheduleEntry, sessions: Sessions, now: datetime, days_off: Iterable[DayOff]
) -> Run | None:
    """The next run of *entry* after *now*; None if the calendar ends before it."""
    off = tuple(days_off)
    coming = (
        run
        for session in sessions.all
        if session.day >= day_of(now)
        for run in runs(entry, session)
        if run.due > now and not run.skipped and not is_off(run.day, run.due, off)
    )
    return next(coming, None)


def sessions_to_look_at(sessions: Sessions, now: datetime) -> tuple[Session, ...]:
    """Today's session in New York, and the one before it, whose runs may have been
    missed."""
    today = day_of(now)
    days = bisect_right(sessions.all, today, key=lambda one: one.day)
    until = sessions.all[max(0, days - 2) : days]
    return until if session_of(sessions, today) else until[-1:]


def _run(entry: ScheduleEntry, session: Session, due: datetime) -> Run:
    return Run(
        entry=entry.number,
        kind=entry.kind,
        key=f"{entry.number}@{local(due):%H%M}",
        day=session.day,
        due=due,
        over=_over(entry, session, due),
        skipped=_skipped(entry.kind, session, due),
    )


def _over(entry: ScheduleEntry, session: Session, due: datetime) -> datetime:
    """When the run is no longer made: after its time to give up, at the end of what it
    is for, or when the next run of its entry is due, whichever is first."""
    ends = {RunKind.BRIEF: session.opens, RunKind.SUMMARY: _night(session)}
    limit = ends.get(entry.kind, session.closes)
    step = entry.times.minutes if isinstance(entry.times, Every) else None
    following = due + timedelta(minutes=step) if step else limit
    return min(due + GIVE_UP[entry.kind], limit, following)


def _skipped(kind: RunKind, session: Session, due: datetime) -> str | None:
    closes, opens = local(session.closes), local(session.opens)
    if kind in {RunKind.SCAN, RunKind.REPORT}:
        if due >= session.closes:
            return f"the market closes at {clock(closes)} ET that day"
        return (
            None if due >= session.opens else f"the market opens at {clock(opens)} ET"
        )
    if kind is RunKind.BRIEF:
        return None if due < session.opens else "the market is open by then"
    if due < session.closes:
        return f"the market closes at {clock(closes)} ET that day"
    return None if due < _night(session) else "the day is over by then"


def _dues(times: Times, session: Session) -> Iterator[datetime]:
    """All moments of *times* on the day of *session*, in UTC."""
    match times:
        case AtTime(at=at):
            yield _at(session.day, at)
        case Beside(anchor=anchor, minutes=minutes):
            of = session.opens if anchor is Anchor.OPEN else session.closes
            yield of + timedelta(minutes=minutes)
        case Every(minutes=minutes, first=first, last=last):
            due, ends = _at(session.day, first), _at(session.day, last)
            while due <= ends:
                yield due
                due += timedelta(minutes=minutes)


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, NEW_YORK).astimezone(UTC)


def _morning(session: Session) -> datetime:
    return _at(session.day, _EARLIEST)


def _night(session: Session) -> datetime:
    return start_of(session.day + timedelta(days=1))


_A_MONDAY: Final = date(2026, 11, 23)
_USUAL: Final = Session(
    day=_A_MONDAY,
    opens=_at(_A_MONDAY, USUAL_OPEN),
    closes=_at(_A_MONDAY, USUAL_CLOSE),
)
"""The hours of a usual session; its date does not matter."""
