"""Whether a figure could be chance: permutation tests, and their correction.

Every p is two-sided and at least 1 / (1 + draws): the day as it was is one of the
draws (B. Phipson, G. K. Smyth 2010), so that p is never too small.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from statistics import fmean
from typing import Final, TypeVar

from core.rules.scoring.intervals import Resample
from core.rules.scoring.many_days import (
    NOTHING,
    Cumulants,
    beyond,
    enough,
    of_draws,
    of_signs,
)
from core.rules.scoring.pools import Pool


DRAWS: Final = 1_000
"""How often chance is asked. More sharpens p: its own error is 0.007 at 0.05."""

ROUNDING: Final = 1e-9
"""Sums that differ by less are the same: sums of floats depend on their order."""

SIGNS: Final = (-1.0, 1.0)

Name = TypeVar("Name")


def against_zero(
    days: Sequence[float], *, choices: Resample, draws: int = DRAWS
) -> float:
    """How often the mean of *days* would be as far from zero as it is, if each day
    could as well have had the other sign (R. A. Fisher's sign-flip test)."""
    if enough(days):
        return _least(beyond(of_signs(days), sum(days)), draws)

    def flipped() -> float:
        signs = choices(SIGNS, k=len(days))
        return sum(sign * day for sign, day in zip(signs, days, strict=True))

    return _p(sum(days), [flipped() for _ in range(draws)])


def against_random_rows(
    distances: Sequence[float],
    pools: Sequence[Pool],
    *,
    choices: Resample,
    draws: int = DRAWS,
) -> float:
    """How often rows drawn from the same scans would end as far from the scans' mean
    as the picks did.

    *distances* is, day by day, how far the picks ended from there; *pools* are those of
    all days. Days are drawn apart from each other: it is for gains that share no time.
    """
    if enough(distances):
        sum_ = sum(map(_of_pool, pools), NOTHING)
        return _least(beyond(sum_, sum(distances)) if sum_.second else 1.0, draws)
    totals = [0.0] * draws
    for pool in pools:
        for place, distance in enumerate(_drawn(pool, choices, draws)):
            totals[place] += distance
    return _p(sum(distances), totals)


def _drawn(pool: Pool, choices: Resample, draws: int) -> Iterator[float]:
    """What *pool* adds when its rows are drawn anew each time. Those of one draw would
    have to differ: what repetition widens, the finite population correction takes back
    (W. G. Cochran, Sampling Techniques, 1977)."""
    if len(pool.values) == pool.size:
        yield from [0.0] * draws
        return
    expected = pool.size * fmean(pool.values)
    narrower = _narrower(pool)
    drawn = choices(pool.values, k=pool.size * draws)
    for start in range(0, pool.size * draws, pool.size):
        yield (sum(drawn[start : start + pool.size]) - expected) * narrower


def _narrower(pool: Pool) -> float:
    return sqrt((len(pool.values) - pool.size) / (len(pool.values) - 1))


def _of_pool(pool: Pool) -> Cumulants:
    """The cumulants of what *pool* adds when its rows are drawn anew."""
    if len(pool.values) == pool.size:
        return NOTHING
    return of_draws(pool.values, pool.size).times(_narrower(pool))


def _least(p: float, draws: int) -> float:
    """*p*, or the smallest p that so many *draws* can show."""
    return max(p, 1 / (1 + draws))


def _p(seen: float, drawn: Sequence[float]) -> float:
    """The share of *drawn* that is as far from zero as *seen*, which counts as one of
    them."""
    distance = abs(seen) - ROUNDING
    return (1 + sum(abs(each) >= distance for each in drawn)) / (1 + len(drawn))


def holm(raw: Mapping[Name, float]) -> dict[Name, float]:
    """Each p of *raw* corrected for all of them being looked at.

    S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.
    """
    corrected: dict[Name, float] = {}
    least = 0.0
    for place, name in enumerate(sorted(raw, key=lambda each: raw[each])):
        least = max(least, min(1.0, raw[name] * (len(raw) - place)))
        corrected[name] = least
    return corrected
