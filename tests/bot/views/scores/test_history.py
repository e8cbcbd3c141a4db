"""A page of past picks says in which year they were."""

from collections.abc import Sequence
from datetime import date

from bot.views.scores.history import history
from core.model.proposal import Mode
from tests.bot.handlers.looks.test_score import a_pick
from tests.builders import MONDAY


def years(days: Sequence[date], *, skip: int = 0) -> list[str]:
    picks = [a_pick((day - MONDAY).days) for day in days]
    text = history(picks, symbol=None, skip=skip, mode=Mode.PAPER)
    return [line for line in text.splitlines() if line.isdecimal()]


def test_the_year_is_said_where_it_changes_and_on_later_pages() -> None:
    """24 Nov of five years looked the same."""
    this, last = date(2026, 1, 5), date(2025, 12, 30)
    assert years([this, this]) == []
    assert years([this, last, last]) == ["2025"]
    assert years([this, last], skip=10) == ["2026", "2025"]
