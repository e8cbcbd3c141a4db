"""What the outcomes say of the picks: one answer to each measure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from statistics import fmean
from typing import Final

from core.model.scoring.following import Horizon
from core.model.scoring.score import PRIMARY, Against, Measure, Result, Verdict
from core.rules.scoring.intervals import Choices, mean_interval, wilson
from core.rules.scoring.outcomes import Outcome
from core.rules.scoring.significance import against_random_rows, against_zero, holm


LEAST_DAYS: Final = 20
"""Days before anything is called a result."""

SURE: Final = 0.05
"""A corrected p at or below this is called a difference."""


def results(
    outcomes: Iterable[Outcome], *, choices: Choices, primary: Measure = PRIMARY
) -> tuple[Result, ...]:
    """Every measure that has a day with a pick, the primary one first.

    The primary one stands as it is, the others are corrected for being several.
    """
    by_horizon: dict[Horizon, list[Outcome]] = {}
    for outcome in outcomes:
        by_horizon.setdefault(outcome.horizon, []).append(outcome)
    raw = [
        _result(Measure(horizon=horizon, against=against), days, choices)
        for horizon in Horizon
        if (days := _days_with_picks(by_horizon.get(horizon, ())))
        for against in Against
    ]
    first = [_judged(each, each.p) for each in raw if each.measure == primary]
    others = {each.measure: each for each in raw if each.measure != primary}
    corrected = holm({measure: each.p for measure, each in others.items()})
    return (
        *first,
        *(_judged(each, corrected[name]) for name, each in others.items()),
    )


def _days_with_picks(outcomes: Iterable[Outcome]) -> list[list[Outcome]]:
    """Day by day, the oldest first."""
    days: dict[date, list[Outcome]] = {}
    for outcome in outcomes:
        days.setdefault(outcome.day, []).append(outcome)
    return [rows for _, rows in sorted(days.items()) if any(row.picked for row in rows)]


def _result(
    measure: Measure, days: Sequence[Sequence[Outcome]], choices: Choices
) -> Result:
    excess = [_excess(rows, measure.against) for rows in days]
    hits = sum(each > 0 for each in excess)
    p = _p(measure.against, days, excess, choices)
    return Result(
        measure=measure,
        days=len(days),
        picks=sum(row.picked for rows in days for row in rows),
        mean=fmean(excess),
        interval=mean_interval(excess, choices=choices),
        hits=hits,
        hit_interval=wilson(hits, len(days)),
        p=p,
        corrected=p,
        verdict=Verdict.TOO_EARLY,
    )


def _excess(rows: Sequence[Outcome], against: Against) -> float:
    """How much better the day's picks did, in percent points."""
    picks = fmean(row.gain for row in rows if row.picked)
    if against is Against.SPY:
        return picks - fmean(row.spy for row in rows if row.picked)
    return picks - fmean(row.gain for row in rows)


def _p(
    against: Against,
    days: Sequence[Sequence[Outcome]],
    excess: Sequence[float],
    choices: Choices,
) -> float:
    if against is Against.SPY:
        return against_zero(excess, choices=choices)
    return against_random_rows(
        [[row.gain for row in rows if row.picked] for rows in days],
        [[row.gain for row in rows] for rows in days],
        choices=choices,
    )


def _judged(result: Result, corrected: float) -> Result:
    return replace(result, corrected=corrected, verdict=_verdict(result, corrected))


def _verdict(result: Result, corrected: float) -> Verdict:
    if result.days < LEAST_DAYS:
        return Verdict.TOO_EARLY
    if corrected > SURE:
        return Verdict.NO_DIFFERENCE
    return Verdict.BETTER if result.mean > 0 else Verdict.WORSE
