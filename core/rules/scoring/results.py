"""What the outcomes say of the picks: one answer to each measure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import fmean
from typing import Final

from core.model.scoring.following import Horizon
from core.model.scoring.score import PRIMARY, Against, Measure, Result, Verdict
from core.rules.scoring.following import CLOSES
from core.rules.scoring.intervals import Choices, mean_interval, wilson
from core.rules.scoring.outcomes import Outcome
from core.rules.scoring.significance import against_random_rows, against_zero, holm
from core.rules.scoring.tally import DayTally, Tally


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
    return results_of(Tally(outcomes), choices=choices, primary=primary)


def results_of(
    tally: Tally, *, choices: Choices, primary: Measure = PRIMARY
) -> tuple[Result, ...]:
    """The same of a *tally*."""
    raw = [
        _result(Measure(horizon=horizon, against=against), days, choices)
        for horizon in Horizon
        if (days := [day for _, day in tally.days_with_picks(horizon)])
        for against in Against
    ]
    first = [_judged(each, each.p) for each in raw if each.measure == primary]
    others = {each.measure: each for each in raw if each.measure != primary}
    corrected = holm({measure: each.p for measure, each in others.items()})
    return (
        *first,
        *(_judged(each, corrected[name]) for name, each in others.items()),
    )


def _result(measure: Measure, days: Sequence[DayTally], choices: Choices) -> Result:
    is_spy = measure.against is Against.SPY
    excess = [day.against_spy if is_spy else day.against_rows for day in days]
    hits = sum(each > 0 for each in excess)
    bets = one_bet_each(excess, sessions=CLOSES.get(measure.horizon, 0) + 1)
    p = _p(measure.against, days, bets, choices)
    return Result(
        measure=measure,
        days=len(days),
        picks=sum(len(day.picks) for day in days),
        mean=fmean(excess),
        interval=mean_interval(bets, choices=choices),
        hits=hits,
        hit_interval=wilson(hits, len(days)),
        p=p,
        corrected=p,
        verdict=Verdict.TOO_EARLY,
    )


def one_bet_each(excess: Sequence[float], *, sessions: int) -> Sequence[float]:
    """Days into bets, the oldest first. What is held over several *sessions* shares them
    with the cards of the days around it: as many days in a row are one bet. The mean of
    the bets is that of the days."""
    starts = range(0, len(excess), sessions)
    weight = len(starts) / len(excess)
    return [weight * sum(excess[start : start + sessions]) for start in starts]


def _p(
    against: Against,
    days: Sequence[DayTally],
    bets: Sequence[float],
    choices: Choices,
) -> float:
    if against is Against.SPY:
        return against_zero(bets, choices=choices)
    return against_random_rows(
        [day.picks for day in days], [day.rows for day in days], choices=choices
    )


def _judged(result: Result, corrected: float) -> Result:
    return replace(result, corrected=corrected, verdict=_verdict(result, corrected))


def _verdict(result: Result, corrected: float) -> Verdict:
    if result.days < LEAST_DAYS:
        return Verdict.TOO_EARLY
    if corrected > SURE:
        return Verdict.NO_DIFFERENCE
    return Verdict.BETTER if result.mean > 0 else Verdict.WORSE
