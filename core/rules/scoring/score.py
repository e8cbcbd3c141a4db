"""The score: what all recordings of one series say of the picks."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from statistics import fmean

from core.model.scoring.following import Horizon
from core.model.scoring.score import PRIMARY, DayFigure, Result, Score
from core.rules.scoring.intervals import Choices
from core.rules.scoring.outcomes import Outcome, Story, outcomes, slippage, unpriced
from core.rules.scoring.results import results


def score(stories: Sequence[Story], *, choices: Choices) -> Score | None:
    """The newest series of *stories* (by the order of recording); None without any."""
    if not stories:
        return None
    newest = stories[-1].recording
    of_series = [each for each in stories if each.recording.series == newest.series]
    all_outcomes = [each for story in of_series for each in outcomes(story)]
    return Score(
        series=newest.series,
        settings=newest.settings,
        other_series=len({each.recording.series for each in stories}) - 1,
        results=results(all_outcomes, choices=choices),
        bought=_bought(all_outcomes, choices),
        days=_days(all_outcomes),
        unpriced=unpriced(of_series),
        slippage=slippage(of_series),
    )


def _bought(all_outcomes: Iterable[Outcome], choices: Choices) -> Result | None:
    """The primary measure where only what was bought counts as picked."""
    only = [
        replace(each, picked=each.picked and each.bought)
        for each in all_outcomes
        if each.horizon is PRIMARY.horizon
    ]
    found = results(only, choices=choices)
    return found[0] if found else None


def _days(all_outcomes: Iterable[Outcome]) -> tuple[DayFigure, ...]:
    days: dict[date, list[Outcome]] = {}
    for each in all_outcomes:
        if each.horizon is Horizon.CLOSE:
            days.setdefault(each.day, []).append(each)
    return tuple(
        DayFigure(
            day=day,
            picks=fmean(row.gain for row in rows if row.picked),
            spy=fmean(row.spy for row in rows if row.picked),
            rows=fmean(row.gain for row in rows),
        )
        for day, rows in sorted(days.items())
        if any(row.picked for row in rows)
    )
