"""A journal of five years of trades answers without keeping the loop."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.model.scoring.score import DayFigure
from core.store.journal import Journal
from tests.bot.views.scores.test_in_words import a_score
from tests.builders import MONDAY
from tests.core.store.journals import StoppedClock, path_in
from tests.scorecard.answers import measured, trade
from tests.scorecard.memory import READINGS, extra
from tests.scorecard.years import write


FIVE_YEARS = 5 * 252
LOOP = 0.3
"""Seconds, by the scorecard's issue."""

DRAWING = 200.0
"""MB: matplotlib alone is some 80."""


@pytest.mark.slow_on_purpose
def test_five_years_are_answered_within_the_loops_share(tmp_path: Path) -> None:
    """All trades and days of five years; of the recordings a month (`make scorecard`
    has the years of those): they are read by a thread, one after the other."""
    path = path_in(tmp_path)
    write(path, cards=105)
    trade(path, days=FIVE_YEARS)
    days = tuple(
        DayFigure(day=MONDAY + timedelta(days=each), picks=2.1, spy=0.5, rows=1.0)
        for each in range(FIVE_YEARS)
    )
    with (
        Journal.opened(path, clock=StoppedClock()) as journal,
        journal.transaction(),
    ):
        journal.memory.set_score(replace(a_score(), days=days))

    for each in measured(path):
        assert each.loop < LOOP, each
        assert each.drawing < DRAWING, each


@pytest.mark.parametrize("name", READINGS)
def test_a_reading_of_a_few_cards_takes_little_memory(
    tmp_path: Path, name: str
) -> None:
    """`make scorecard` has the years, each in a process of its own."""
    path = path_in(tmp_path)
    write(path, cards=10)

    assert 0 <= extra(name, path) < MORE


MORE = 150.0
"""MB, of five years too."""
