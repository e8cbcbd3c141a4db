"""Each line with a figure of /schedule is the one that the test reckons itself."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Final

from hypothesis import given, strategies as st

from bot.views.schedule import shown
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
from tests.bot.views.own_figures import (
    any_case,
    day,
    moments,
    when,
    with_figures,
)
from tests.builders import (
    NOW,
)


clocks: Final = st.times(min_value=time(9, 30), max_value=time(16)).map(
    lambda at: at.replace(second=0, microsecond=0)
)
repeated: Final = st.one_of(
    st.builds(AtTime, at=clocks),
    st.builds(
        Beside,
        anchor=st.sampled_from(Anchor),
        minutes=st.sampled_from([-90, -1, 0, 1, 15]),
    ),
    st.builds(Every, minutes=st.integers(5, 120), first=clocks, last=clocks),
)
weekdays: Final = st.sets(st.integers(0, 4), min_size=1).map(frozenset)
entries: Final = st.builds(
    ScheduleEntry,
    number=st.integers(1, 40),
    kind=st.sampled_from(RunKind),
    times=repeated,
    made_at=st.just(NOW),
    by=st.just("Sam"),
    weekdays=weekdays,
)
days_off: Final = st.builds(
    DayOff, day=st.dates(date(2026, 11, 24), date(2027, 10, 1)), by=st.just("Sam")
)


def repeats(times: Times) -> str:
    match times:
        case AtTime():
            return f"{times.at:%H:%M} ET"
        case Beside(minutes=0):
            return f"at the {times.anchor}"
        case Beside():
            side = "before" if times.minutes < 0 else "after"
            return f"{abs(times.minutes)} min {side} the {times.anchor}"
        case Every():
            span = f"{times.first:%H:%M} to {times.last:%H:%M} ET"
            return f"every {times.minutes} min, {span}"


def on(chosen: Iterable[int]) -> str:
    names = [("mon", "tue", "wed", "thu", "fri")[number] for number in sorted(chosen)]
    return "" if len(names) == 5 else f" {','.join(names)}"


def a_run(entry: ScheduleEntry, due: datetime) -> Run:
    return Run(
        entry=entry.number,
        kind=entry.kind,
        key="a key",
        day=due.date(),
        due=due,
        over=due,
    )


@any_case
@given(
    st.lists(st.tuples(entries, st.none() | moments), max_size=4),
    st.lists(days_off, max_size=2),
    st.sampled_from(["", "Removed: scan 10:00 ET."]),
)
def test_the_schedule_has_each_line_its_next_time_and_the_days_off(
    planned: list[tuple[ScheduleEntry, datetime | None]], off: list[DayOff], said: str
) -> None:
    lines = [
        shown.line_of(entry, a_run(entry, due) if due else None)
        for entry, due in planned
    ]
    coming = [(due, entry) for entry, due in planned if due]
    expected: list[str] = [said] if said else []
    if coming and not said:
        due, entry = min(coming, key=lambda pair: (pair[0], *name_of(pair[1])))
        expected = [f"Next: {entry.kind} {when(due)}"]
    for entry, next_due in planned:
        name = f"{entry.number}. {entry.kind}"
        expected.append(f"{name} {repeats(entry.times)}{on(entry.weekdays)}")
        expected += [f"next {when(next_due)}"] if next_due else []
    named = [day(each.day, year=False) for each in off]
    expected += [f"Days off: {', '.join(named)}."] if named else []

    html = shown.schedule(lines, off, automatic=False, said=said)

    assert with_figures(html) == expected


def name_of(entry: ScheduleEntry) -> tuple[str]:
    return (f"{entry.number}. {entry.kind}",)
