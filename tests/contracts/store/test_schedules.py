"""The schedule is kept as it was written, and each of its runs has a life of its own."""

from datetime import date, time, timedelta

import pytest

from core.model.chosen.schedule import (
    WEEKDAYS,
    Anchor,
    AtTime,
    Beside,
    DayOff,
    Every,
    RunKind,
    Times,
)
from core.model.errors import Contradiction
from core.model.report import ReportState
from core.ports.journal import Store
from tests.builders import MONDAY, NOW


BESIDE = Beside(anchor=Anchor.CLOSE, minutes=-30)
EVERY = Every(minutes=30, first=time(10), last=time(15))


def add(store: Store, times: Times, weekdays: frozenset[int] = WEEKDAYS) -> int:
    with store.transaction():
        entry = store.schedules.add(
            RunKind.SCAN, times, weekdays=weekdays, at=NOW, by="Ada"
        )
    return entry.number


def test_entries_come_back_as_they_were_made(store: Store) -> None:
    add(store, AtTime(at=time(10)))
    add(store, BESIDE, frozenset({0, 4}))
    add(store, EVERY)

    first, second, third = store.schedules.entries()
    assert first.times == AtTime(at=time(10))
    assert (first.kind, first.by, first.made_at) == (RunKind.SCAN, "Ada", NOW)
    assert (second.times, second.weekdays) == (BESIDE, frozenset({0, 4}))
    assert third.times == EVERY


def test_a_number_is_never_used_again(store: Store) -> None:
    first = add(store, EVERY)
    with store.transaction():
        assert store.schedules.remove(first)
        assert not store.schedules.remove(99)

    assert add(store, EVERY) != first
    assert [entry.number for entry in store.schedules.entries()] == [first + 1]


def test_a_day_is_taken_off_and_back_and_off_again(store: Store) -> None:
    day = date(2026, 12, 24)
    with store.transaction():
        store.schedules.take_off(day, by="Ada")
        assert store.schedules.take_back(day, at=NOW)
        assert not store.schedules.take_back(day, at=NOW)

    assert store.schedules.days_off() == (DayOff(day=day, by="Ada", ended_at=NOW),)
    with store.transaction():
        store.schedules.take_off(day, by="Bo")
    assert store.schedules.days_off() == (DayOff(day=day, by="Bo"),)


def test_nothing_is_added_outside_a_transaction(store: Store) -> None:
    with pytest.raises(Contradiction):
        store.schedules.add(RunKind.SCAN, EVERY, weekdays=WEEKDAYS, at=NOW, by="Ada")


def test_runs_of_one_day_do_not_touch_each_other(store: Store) -> None:
    lease = NOW + timedelta(minutes=10)
    with store.transaction():
        for key in ("1@1000", "1@1030"):
            assert store.reports.open_day(MONDAY, ReportState.DUE, key)
            assert not store.reports.open_day(MONDAY, ReportState.DUE, key)
        assert store.reports.claim(MONDAY, now=NOW, lease=lease, key="1@1000")
        assert not store.reports.claim(MONDAY, now=NOW, lease=lease, key="1@1000")
        store.reports.close(MONDAY, ReportState.SENT, "1@1000")

    assert store.reports.states(MONDAY) == {
        "1@1000": ReportState.SENT,
        "1@1030": ReportState.DUE,
    }
    assert store.reports.state(MONDAY) is None
