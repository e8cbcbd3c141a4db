"""The times of a schedule, as they are typed and as they are kept."""

from datetime import date, time

import pytest
from hypothesis import given, strategies as st

from core.model.chosen.schedule import (
    WEEKDAYS,
    Anchor,
    AtTime,
    Beside,
    Every,
    Times,
)
from core.rules.chosen.written import (
    day_in,
    text_of,
    text_of_weekdays,
    times_in,
    weekdays_in,
)


TODAY = date(2026, 11, 23)  # a Monday

clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None))
spans = st.tuples(clocks, clocks).map(sorted)


@given(
    clocks.map(lambda at: AtTime(at=at))
    | st.builds(Beside, anchor=st.sampled_from(Anchor), minutes=st.integers(-999, 999))
    | st.builds(
        lambda minutes, span: Every(minutes=minutes, first=span[0], last=span[1]),
        st.integers(5, 999),
        spans,
    )
)
def test_what_is_written_is_read_as_it_was(times: Times) -> None:
    assert times_in(text_of(times)) == times


@given(st.frozensets(st.integers(0, 4), min_size=1))
def test_weekdays_are_read_as_they_are_written(days: frozenset[int]) -> None:
    assert weekdays_in(text_of_weekdays(days)) == days


@given(st.text())
def test_whatever_is_typed_nothing_breaks(text: str) -> None:
    times_in(text)
    weekdays_in(text)
    day_in(text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("10:00", AtTime(at=time(10))),
        ("9:45 ET", AtTime(at=time(9, 45))),
        ("open+15", Beside(anchor=Anchor.OPEN, minutes=15)),
        ("Open + 15m", Beside(anchor=Anchor.OPEN, minutes=15)),
        ("close\N{MINUS SIGN}30", Beside(anchor=Anchor.CLOSE, minutes=-30)),
        ("close", Beside(anchor=Anchor.CLOSE, minutes=0)),
        ("30 min before the close", Beside(anchor=Anchor.CLOSE, minutes=-30)),
        ("15 minutes after open", Beside(anchor=Anchor.OPEN, minutes=15)),
        (
            "every 30m 10:00-15:00",
            Every(minutes=30, first=time(10), last=time(15)),
        ),
        (
            "every 1h from 10:00 to 15:00",
            Every(minutes=60, first=time(10), last=time(15)),
        ),
        (
            "every 45 10:00 \N{EN DASH} 15:00",
            Every(minutes=45, first=time(10), last=time(15)),
        ),
        *[(bad, None) for bad in ("", "25:00", "10", "noon", "open15", "open+9999")],
        *[(bad, None) for bad in ("every 2m 10:00-15:00", "every 30m 15:00-10:00")],
        *[(bad, None) for bad in ("every 30m", "every 0m 10:00-15:00", "10:60")],
    ],
)
def test_times_as_people_write_them(text: str, times: Times | None) -> None:
    assert times_in(text) == times


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", WEEKDAYS),
        ("Mon, Wed", frozenset({0, 2})),
        ("tuesday", frozenset({1})),
        ("tue-thu", frozenset({1, 2, 3})),
        ("sat", None),
        ("fri-mon", None),
        ("monty", None),
    ],
)
def test_weekdays_as_people_write_them(text: str, days: frozenset[int] | None) -> None:
    assert weekdays_in(text) == days


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("tomorrow", date(2026, 11, 24)),
        ("today", TODAY),
        ("fri", date(2026, 11, 27)),
        ("mon", TODAY),
        ("2026-11-22", None),
        ("2026-02-30", None),
        ("2028-01-01", None),
        ("24.12.", None),
    ],
)
def test_a_day_as_people_write_it(text: str, day: date | None) -> None:
    assert day_in(text, today=TODAY) == day
