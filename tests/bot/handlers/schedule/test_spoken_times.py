"""How people say when: the same times and days, however they are put."""

from datetime import time
from typing import Final

import pytest

from bot.handlers.schedule.spoken_times import is_timed, times_and_days
from core.model.chosen.schedule import WEEKDAYS, AtTime, Times
from core.rules.chosen.written import times_in


NOON: Final = AtTime(at=time(12))
TEN: Final = AtTime(at=time(10))
MONDAY, FRIDAY = frozenset({0}), frozenset({4})


def the(text: str) -> Times:
    times = times_in(text)
    assert times is not None
    return times


@pytest.mark.parametrize(
    ("said", "times", "days"),
    [
        ("at noon on weekdays", NOON, WEEKDAYS),
        ("noon", NOON, WEEKDAYS),
        ("weekdays at noon", NOON, WEEKDAYS),
        ("every weekday at 12:00", NOON, WEEKDAYS),
        ("every day at 10 am", TEN, WEEKDAYS),
        ("monday to friday at 10am", TEN, WEEKDAYS),
        ("mon-fri 10:00", TEN, WEEKDAYS),
        ("at 10 o'clock on mondays", TEN, MONDAY),
        ("on Fridays at 10:00", TEN, FRIDAY),
        ("at 10am on monday and friday", TEN, MONDAY | FRIDAY),
        ("at 3 pm", AtTime(at=time(15)), WEEKDAYS),
        ("at 3.30pm wednesdays", AtTime(at=time(15, 30)), frozenset({2})),
        ("12 pm", NOON, WEEKDAYS),
        ("at the open", the("open"), WEEKDAYS),
        ("at the market close on fri", the("close"), FRIDAY),
        ("open+15 mon,wed", the("open+15"), frozenset({0, 2})),
        ("30 min before the close", the("close-30"), WEEKDAYS),
        ("every 30m 10:00-15:00 tue", the("every 30m 10:00-15:00"), frozenset({1})),
        ("every 2 hours from 10am to 2pm", the("every 2h 10:00-14:00"), WEEKDAYS),
    ],
)
def test_times_and_days_are_understood_in_either_order(
    said: str, times: Times, days: frozenset[int]
) -> None:
    assert times_and_days(said.split()) == (times, days)


@pytest.mark.parametrize(
    "said", ["", "soon", "on saturdays at 10:00", "at 25:00", "every morning", "at 3"]
)
def test_what_is_not_certain_is_not_guessed(said: str) -> None:
    assert times_and_days(said.split()) is None


@pytest.mark.parametrize(
    ("said", "timed"),
    [
        ("at noon", True),
        ("tomorrow", True),
        ("on mondays", True),
        ("10:15", True),
        ("3pm", True),
        ("", False),
        ("now", False),
        ("please", False),
        ("again", False),
        ("the market", False),
    ],
)
def test_what_is_for_a_time_is_not_for_now(said: str, timed: bool) -> None:  # noqa: FBT001  a case
    assert is_timed(said.split()) is timed
