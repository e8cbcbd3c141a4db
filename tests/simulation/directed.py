"""Directed days: every scenario of the simulated gateway, and combinations of faults,
in turn.

Two of three days belong to one of them; every third day is drawn at random.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import time
from random import Random
from typing import Final

from core.sandbox.trouble.scenarios import LIBRARY
from tests.simulation.afterwards_courses import AFTERWARDS, GONE, WITHOUT_A_TRADE
from tests.simulation.aimed_courses import AIMED, LATER, LATEST
from tests.simulation.courses import TOGETHER, Course, scenario
from tests.simulation.evidence_courses import EVIDENCE, LATE
from tests.simulation.exit_courses import LOST, PROTECTED
from tests.simulation.further_courses import FURTHER
from tests.simulation.limit_courses import EDITED, LIMITED
from tests.simulation.plan import ALL_ROWS, PRESSES, Fault, Plan, at_will
from tests.simulation.point_courses import POINTED, UNSYNCED
from tests.simulation.remaining_courses import REMAINING
from tests.simulation.timed_courses import TIMED
from tests.simulation.told_courses import TOLD


_BEGINS: Final = (time(9, 31), time(9, 36), time(11, 0))


def courses() -> tuple[Course, ...]:
    """Every course, in turn."""
    played = [each for each in LIBRARY.values() if each.troubles or each.line]
    scenarios = (scenario(each.name) for each in reversed(played))
    return (
        *TOGETHER,
        *PROTECTED,
        *AIMED,
        *EVIDENCE,
        *POINTED,
        *scenarios,
        *LATE,
        *LOST,
        *LATER,
        *LATEST,
        *UNSYNCED,
        *LIMITED,
        *TOLD,
        *AFTERWARDS,
        *WITHOUT_A_TRADE,
        *EDITED,
        *GONE,
        *TIMED,
        *FURTHER,
        *REMAINING,
    )


COURSES: Final = courses()
DRAWN: Final = 3
"""Every so manyth day."""


def plan(seed: int) -> Plan:
    """The plan of the day of *seed*: 1, 2, 4, 5, 7 and so on are directed, 3 and 6
    drawn.
    """
    drawn = at_will(seed)
    if seed % DRAWN == 0:
        return drawn
    return _directed(drawn, COURSES[(seed - seed // DRAWN - 1) % len(COURSES)])


def seed_of(course: int) -> int:
    """The first seed of the course with that index in ``COURSES``."""
    return course + course // (DRAWN - 1) + 1


_ALL_ROWS_UNTIL: Final = seed_of(COURSES.index(UNSYNCED[-1]))
"""Bugs and steps were found on the days until then with all rows, in the time that they
take."""


def days_of(what: str) -> list[int]:
    """The first day of each course with a fault whose name is or begins with *what*."""
    return [
        seed_of(number)
        for number, course in enumerate(COURSES)
        if any(f"{each.kind} {each.what}".startswith(what) for each in course.faults)
    ]


def days_aimed_at(bug: str) -> list[int]:
    """The first day of each course made to find the bug of that name."""
    return [seed_of(n) for n, course in enumerate(COURSES) if bug in course.aims]


def days_made_for_steps() -> dict[int, str]:
    """The first day of each course made to meet a step, and the step."""
    return {seed_of(n): each.meets for n, each in enumerate(COURSES) if each.meets}


def days_that_press() -> list[int]:
    """The first day of each course on which the owner presses certain buttons."""
    return [
        seed_of(n)
        for n, course in enumerate(COURSES)
        if any(PRESSES & {*each.what.split()[1:2]} for each in course.faults)
    ]


def _directed(drawn: Plan, course: Course) -> Plan:
    """A directed day: the owner buys soon and often, and few other faults occur."""
    chance = Random(f"directed {drawn.seed}")
    drawn_pause = chance.choice((8.0, 12.0, 20.0))
    habits = replace(
        drawn.habits,
        pause=course.pause or drawn_pause,
        buys=course.buys,
        halts=0.0,
        cancels=course.cancels,
        looks=course.looks,
        sells=drawn.habits.sells if course.sells is None else course.sells,
        protects=drawn.habits.protects if course.protects is None else course.protects,
        one=course.one,
    )
    return replace(
        drawn,
        day=course.day,
        begins=course.begins or chance.choice(_BEGINS),
        lasts=course.lasts,
        settles=course.settles,
        book=course.book,
        fills=course.fills,
        habits=habits,
        faults=tuple(sorted(_few(drawn, course), key=lambda fault: fault.at)),
        exits=drawn.exits if course.exits is None else course.exits,
        settings=course.settings,
        edited=course.edited,
        lost=course.lost,
        is_master=course.is_master,
        halts=course.halts,
        rows=ALL_ROWS if drawn.seed <= _ALL_ROWS_UNTIL else drawn.rows,
    )


def _few(drawn: Plan, course: Course) -> Iterable[Fault]:
    yield from course.faults
    yield from (fault for fault in drawn.faults[:2] if fault.at > drawn.lasts / 2)
