"""From outcomes to results: one for each measure."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean
from typing import Final

from core.model.scoring.following import Horizon
from core.model.scoring.score import PRIMARY, Against, Conclusion, Measure, Result
from core.rules.scoring.following import CLOSES
from core.rules.scoring.intervals import Resample, mean_interval, wilson
from core.rules.scoring.pools import pools_of
from core.rules.scoring.significance import (
    DRAWS,
    against_random_rows,
    against_zero,
    holm,
)
from core.rules.scoring.tally import DayTally, Tally


LEAST_DAYS: Final = 20
"""The least number of days before there is a verdict."""

SURE: Final = 0.05
"""A corrected p at or below this is called a difference."""


def results_of(tally: Tally, *, choices: Resample) -> tuple[Result, ...]:
    """Every measure that has a day with a pick, the primary one first.

    The p of the primary measure is not corrected; those of the others are, for their
    number.
    """
    raw = [
        _result(Measure(horizon=horizon, against=against), days, choices)
        for horizon in Horizon
        if (days := [day for _, day in tally.days_with_picks(horizon)])
        for against in Against
    ]
    first = [_judged(each, each.p) for each in raw if each.measure == PRIMARY]
    others = {each.measure: each for each in raw if each.measure != PRIMARY}
    corrected = holm({measure: each.p for measure, each in others.items()})
    return (
        *first,
        *(_judged(each, corrected[name]) for name, each in others.items()),
    )


def _result(measure: Measure, days: Sequence[DayTally], choices: Resample) -> Result:
    excess = excess_of(measure, days)
    hits = sum(each > 0 for each in excess)
    bets = one_bet_each(excess, sessions=_sessions(measure.horizon))
    p = chance(measure, days, choices=choices)
    return Result(
        measure=measure,
        days=len(days),
        picks=sum(day.number() for day in days),
        mean=fmean(excess),
        interval=mean_interval(bets, choices=choices),
        hits=hits,
        hit_interval=wilson(hits, len(days)),
        p=p,
        corrected=p,
        verdict=Conclusion.TOO_EARLY,
    )


def excess_of(measure: Measure, days: Sequence[DayTally]) -> Sequence[float]:
    """Percent points, day by day: the picks less what *measure* is against."""
    if measure.against is Against.SPY:
        return [day.against_spy() for day in days]
    return [day.against_rows() for day in days]


def _sessions(horizon: Horizon) -> int:
    return CLOSES.get(horizon, 0) + 1


def one_bet_each(excess: Sequence[float], *, sessions: int) -> Sequence[float]:
    """Group days into independent bets, oldest first. Stocks held over several
    *sessions* share these with the cards of neighbouring days, so that many consecutive
    days count as one bet. The mean of the bets is that of the days."""
    starts = range(0, len(excess), sessions)
    weight = len(starts) / len(excess)
    return [weight * sum(excess[start : start + sessions]) for start in starts]


def bets_apart(excess: Sequence[float], *, sessions: int) -> Sequence[float]:
    """Sums of as many days in a row as are held over *sessions*, and as many less one
    left out after each, the oldest first: no two of them have a session in common.

    A sign flip takes bets to be independent (E. J. G. Pitman 1937; of blocks: I. A.
    Canay, J. P. Romano, A. M. Shaikh, Econometrica 85 (2017) 1013-1030, who need them to
    be so in the limit). Blocks that touch are not: the last cards of one are held while
    the first of the next are. Over 2,000 random walks p was at or below 0.05 in 5.7 % for
    one session and, of 252 days, in 10 % for twenty.
    """
    starts = range(0, len(excess), 2 * sessions - 1)
    return [sum(excess[start : start + sessions]) for start in starts]


def chance(
    measure: Measure,
    days: Sequence[DayTally],
    *,
    choices: Resample,
    draws: int = DRAWS,
) -> float:
    """p of *measure*: how often it would be as far from zero if nothing were behind it.

    Within a session rows are drawn anew. Over several, a stock that is picked on days in
    a row is held by several cards at once, which draws day by day know nothing of (p was
    at or below 0.05 in 12 to 15 % of random walks with 30 % such picks): signs of bets
    are flipped as against SPY.
    """
    excess, sessions = excess_of(measure, days), _sessions(measure.horizon)
    if measure.against is Against.RANDOM and sessions == 1:
        pools = [pool for day in days for pool in pools_of(day)]
        return against_random_rows(excess, pools, choices=choices, draws=draws)
    bets = bets_apart(excess, sessions=sessions)
    return against_zero(bets, choices=choices, draws=draws)


def _judged(result: Result, corrected: float) -> Result:
    return replace(result, corrected=corrected, verdict=_verdict(result, corrected))


def _verdict(result: Result, corrected: float) -> Conclusion:
    if result.days < LEAST_DAYS:
        return Conclusion.TOO_EARLY
    if corrected > SURE:
        return Conclusion.NO_DIFFERENCE
    return Conclusion.BETTER if result.mean > 0 else Conclusion.WORSE
