"""Exactly the runs that are due, on every session of a year: half days, holidays, and
both days on which New York's clock changes."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

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
from core.rules.chosen.schedule import (
    GIVE_UP,
    next_run,
    problem_with,
    runs,
    sessions_to_look_at,
    to_be_done,
)
from core.rules.new_york import NEW_YORK, local


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
HOLIDAYS = {date(2026, 11, 26), date(2026, 12, 25), date(2027, 1, 1)}
HALF_DAYS = {date(2026, 11, 27), date(2026, 12, 24)}


def ny(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), NEW_YORK).astimezone(UTC)


def a_session(day: date) -> Session:
    closes = 13 if day in HALF_DAYS else 16
    return Session(day=day, opens=ny(day, 9, 30), closes=ny(day, closes))


FIRST = date(2026, 3, 2)
DAYS = [FIRST + timedelta(days=n) for n in range(366)]
A_YEAR = tuple(
    a_session(day) for day in DAYS if day.weekday() < 5 and day not in HOLIDAYS
)
SESSIONS = Sessions(first=DAYS[0], last=DAYS[-1], all=A_YEAR)


def an_entry(times: Times, kind: RunKind = RunKind.SCAN, **named: Any) -> ScheduleEntry:
    made = ScheduleEntry(number=1, kind=kind, times=times, made_at=LONG_AGO, by="Ada")
    return replace(made, **named)


EVERY = Every(minutes=30, first=time(10), last=time(15))


def test_at_a_time_of_new_york_on_every_session_whatever_its_clock_does() -> None:
    entry = an_entry(AtTime(at=time(10)))

    for session in A_YEAR:
        [run] = runs(entry, session)
        assert local(run.due) == datetime.combine(session.day, time(10), NEW_YORK)
        assert run.skipped is None


def test_beside_open_and_close_of_each_session_half_days_too() -> None:
    for session in A_YEAR:
        [early] = runs(an_entry(Beside(anchor=Anchor.OPEN, minutes=15)), session)
        [late] = runs(an_entry(Beside(anchor=Anchor.CLOSE, minutes=-30)), session)
        assert early.due - session.opens == timedelta(minutes=15)
        assert session.closes - late.due == timedelta(minutes=30)
        assert {early.skipped, late.skipped} == {None}


def test_every_half_hour_until_the_last_and_on_a_half_day_until_the_close() -> None:
    for session in A_YEAR:
        found = runs(an_entry(EVERY), session)
        kept = [f"{local(run.due):%H:%M}" for run in found if run.skipped is None]
        cut = [run for run in found if run.skipped is not None]
        is_half = session.day in HALF_DAYS
        assert len(kept) == (6 if is_half else 11)
        assert kept[0] == "10:00"
        assert kept[-1] == ("12:30" if is_half else "15:00")
        assert len(cut) == is_half  # it is said once


def test_what_a_half_day_has_no_place_for_says_why() -> None:
    [run] = runs(an_entry(AtTime(at=time(14))), a_session(date(2026, 11, 27)))

    assert run.skipped == "the market closes at 13:00 ET that day"


@given(
    st.sampled_from(A_YEAR),
    st.lists(st.integers(0, 24 * 60 - 1), min_size=1, max_size=40),
    st.sampled_from([EVERY, AtTime(at=time(10)), AtTime(at=time(14))]),
)
def test_however_one_looks_each_run_is_done_or_missed_once_and_never_too_late(
    session: Session, looks: list[int], times: Times
) -> None:
    """Looks at any minutes of the day; what is to be done is done at once."""
    entry, states = an_entry(times), dict[str, ReportState]()
    done: Counter[str] = Counter()
    for minute in sorted({*looks, 24 * 60 - 1}):
        now = ny(session.day, 0) + timedelta(minutes=minute)
        ready, missed = to_be_done([entry], session, now, states=states, days_off=())
        for run in (*ready, *missed):
            done[run.key] += 1
            states[run.key] = ReportState.SENT if run in ready else ReportState.MISSED
        for run in ready:
            assert run.due <= now < run.over <= session.closes
            assert now - run.due < GIVE_UP[run.kind]
            assert run.skipped is None

    assert done == {run.key: 1 for run in runs(entry, session)}


def test_what_was_due_before_it_was_asked_for_is_none_of_it() -> None:
    session = a_session(date(2026, 11, 23))
    entry = an_entry(EVERY, made_at=ny(session.day, 12, 10))

    ready, missed = to_be_done(
        [entry], session, ny(session.day, 12, 31), states={}, days_off=()
    )

    assert [run.key for run in ready] == ["1@1230"]
    assert missed == ()


def test_on_a_day_off_nothing_is_done_and_nothing_is_missed() -> None:
    day = date(2026, 11, 23)
    off = DayOff(day=day, by="Ada")

    for hour in range(24):
        found = to_be_done(
            [an_entry(EVERY)], a_session(day), ny(day, hour), states={}, days_off=[off]
        )
        assert found == ((), ())


def test_a_day_that_is_taken_back_goes_on_from_there() -> None:
    day = date(2026, 11, 23)
    off = DayOff(day=day, by="Ada", ended_at=ny(day, 12, 10))

    ready, missed = to_be_done(
        [an_entry(EVERY)], a_session(day), ny(day, 12, 31), states={}, days_off=[off]
    )

    assert [run.key for run in ready] == ["1@1230"]
    assert missed == ()


def test_only_its_days_of_the_week() -> None:
    entry = an_entry(AtTime(at=time(10)), weekdays=frozenset({0, 2}))

    found = {each.day.weekday() for each in A_YEAR if runs(entry, each)}

    assert found == {0, 2}


def test_the_next_run_passes_over_holidays_days_off_and_what_is_skipped() -> None:
    entry = an_entry(AtTime(at=time(14)))
    wednesday = date(2026, 11, 25)
    off = [DayOff(day=date(2026, 11, 30), by="Ada")]

    following = next_run(entry, SESSIONS, ny(wednesday, 14), off)

    assert following is not None  # not Thanksgiving, not the half day, not the day off
    assert following.day == date(2026, 12, 1)
    assert next_run(entry, SESSIONS, ny(DAYS[-1], 23), ()) is None


def test_the_session_before_is_looked_at_for_what_was_missed() -> None:
    monday = date(2026, 11, 30)

    days = [each.day for each in sessions_to_look_at(SESSIONS, ny(monday, 8))]

    assert days == [date(2026, 11, 27), monday]
    saturday = [s.day for s in sessions_to_look_at(SESSIONS, ny(date(2026, 11, 28), 8))]
    assert saturday == [date(2026, 11, 27)]


@pytest.mark.parametrize(
    ("kind", "times", "fits"),
    [
        (RunKind.SCAN, AtTime(at=time(10)), True),
        (RunKind.SCAN, AtTime(at=time(9)), False),
        (RunKind.SCAN, AtTime(at=time(16)), False),
        (RunKind.SCAN, Beside(anchor=Anchor.OPEN, minutes=-5), False),
        (RunKind.SCAN, Every(minutes=30, first=time(9), last=time(15)), False),
        (RunKind.REPORT, Beside(anchor=Anchor.CLOSE, minutes=-10), True),
        (RunKind.BRIEF, Beside(anchor=Anchor.OPEN, minutes=-30), True),
        (RunKind.BRIEF, AtTime(at=time(3)), False),
        (RunKind.BRIEF, Beside(anchor=Anchor.OPEN, minutes=0), False),
        (RunKind.SUMMARY, Beside(anchor=Anchor.CLOSE, minutes=15), True),
        (RunKind.SUMMARY, AtTime(at=time(15)), False),
    ],
)
def test_what_no_usual_day_has_a_place_for_is_said_at_once(
    kind: RunKind, times: Times, *, fits: bool
) -> None:
    assert (problem_with(kind, times) is None) is fits


def test_a_brief_is_over_at_the_open_and_a_summary_before_midnight() -> None:
    session = a_session(date(2026, 11, 23))
    brief = Beside(anchor=Anchor.OPEN, minutes=-10)
    summary = AtTime(at=time(22))

    def over(run: Run) -> str:
        return f"{local(run.over):%d %H:%M}"

    [one] = runs(an_entry(brief, RunKind.BRIEF), session)
    [other] = runs(an_entry(summary, RunKind.SUMMARY), session)
    assert (over(one), over(other)) == ("23 09:30", "24 00:00")
