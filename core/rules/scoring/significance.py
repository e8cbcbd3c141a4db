"""Whether a figure could be chance: permutation tests, and their correction.

Every p is two-sided and at least 1 / (1 + draws): the day as it was is one of the
draws (B. Phipson, G. K. Smyth 2010), so that p is never too small.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from statistics import fmean
from typing import Final, TypeVar

from core.rules.scoring.intervals import Choices
from core.rules.scoring.many_days import (
    NOTHING,
    Cumulants,
    beyond,
    enough,
    of_draws,
    of_signs,
)


DRAWS: Final = 1_000
"""How often chance is asked. More sharpens p: its own error is 0.007 at 0.05."""

ROUNDING: Final = 1e-9
"""Sums that differ by less are the same: sums of floats depend on their order."""

SIGNS: Final = (-1.0, 1.0)

Name = TypeVar("Name")


def against_zero(
    days: Sequence[float], *, choices: Choices, draws: int = DRAWS
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
    picked: Sequence[Sequence[float]],
    rows: Sequence[Sequence[float]],
    *,
    choices: Choices,
    draws: int = DRAWS,
) -> float:
    """How often rows drawn from the same scans would end as far from the scans' mean
    as the picks did.

    *picked* and *rows* hold, day by day, the gains of the day's picks and of all rows
    that could have been picked, the picks among them. A day's draw is of as many rows
    as it has picks.
    """
    distances = [fmean(few) - fmean(day) for few, day in zip(picked, rows, strict=True)]
    if enough(distances):
        sums = (_of_day(day, len(few)) for few, day in zip(picked, rows, strict=True))
        sum_ = sum(sums, NOTHING)
        return _least(beyond(sum_, sum(distances)) if sum_.second else 1.0, draws)
    seen, totals = 0.0, [0.0] * draws
    for few, day in zip(picked, rows, strict=True):
        seen += fmean(few) - fmean(day)
        for place, distance in enumerate(_drawn(day, len(few), choices, draws)):
            totals[place] += distance
    return _p(seen, totals)


def _drawn(
    day: Sequence[float], size: int, choices: Choices, draws: int
) -> Iterator[float]:
    """How far the mean of *size* rows of *day* lies from that of all, drawn anew each
    time. The rows of one draw would have to differ: what repetition widens, the finite
    population correction takes back (W. G. Cochran, Sampling Techniques, 1977)."""
    if len(day) == size:
        yield from [0.0] * draws
        return
    middle = fmean(day)
    narrower = _narrower(day, size)
    drawn = choices(day, k=size * draws)
    for start in range(0, size * draws, size):
        mean = sum(drawn[start : start + size]) / size
        yield (mean - middle) * narrower


def _narrower(day: Sequence[float], size: int) -> float:
    return sqrt((len(day) - size) / (len(day) - 1))


def _of_day(day: Sequence[float], size: int) -> Cumulants:
    """Of the same distance."""
    if len(day) == size:
        return NOTHING
    return of_draws(day, size).times(_narrower(day, size) / size)


def _least(p: float, draws: int) -> float:
    """*p* as *draws* could have found it."""
    return max(p, 1 / (1 + draws))


def _p(seen: float, drawn: Sequence[float]) -> float:
    """How many of *drawn* are as far from zero as what was *seen*, itself among them."""
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
