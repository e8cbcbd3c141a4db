"""A course whose owner is to press what no message has is named, and does not pass
silently."""

from dataclasses import replace

import pytest

from tests.simulation.courses import Course, at
from tests.simulation.day import played
from tests.simulation.directed import _directed, days_that_press
from tests.simulation.plan import NO_BUTTON, Kind, at_will
from tests.simulation.universe import _not_met


@pytest.mark.timeout(600)
@pytest.mark.slow_on_purpose
@pytest.mark.parametrize(
    ("says", "missed"), [("press v1:nothing", 1), ("yes?", 0), ("say /help", 0)]
)
def test_a_press_that_finds_no_button_is_counted(says: str, missed: int) -> None:
    course = Course(
        faults=(at(Kind.SOON, f"clock {says}"),), buys=0.0, pause=1e6, lasts=30.0
    )
    out = played(_directed(at_will(1), course))

    assert sum(out.counts[n] for n in out.counts if n.startswith(NO_BUTTON)) == missed
    assert out.violations == ()


def test_a_day_with_such_a_press_does_not_pass() -> None:
    course = Course(faults=(at(Kind.SOON, "clock yes"),), buys=0.0, pause=1e6)
    out = played(_directed(at_will(1), replace(course, lasts=30.0)))
    pressing = replace(out, plan=replace(out.plan, seed=days_that_press()[-1]))

    assert list(_not_met(pressing)) == [
        f"{NO_BUTTON} v1:o:y: (day {days_that_press()[-1]})"
    ]
