"""Confidence intervals.

Figures here are floats: they are statistics, not amounts of money. Days are resampled,
not picks, because two picks of one morning are one bet.
"""

from collections.abc import Sequence
from math import ceil, floor, sqrt
from statistics import NormalDist, fmean
from typing import Final, Protocol

from core.model.scoring.score import Interval
from core.rules.scoring.many_days import enough, of_draws, quantile_of


LEVEL: Final = 0.95
"""The confidence level: the share of such intervals that contain the true value."""

RESAMPLES: Final = 2_000
"""How often the days are resampled."""


class Resample(Protocol):
    """Draws *k* of *population*, each with the same chance, with repetition."""

    def __call__(self, population: Sequence[float], *, k: int) -> list[float]: ...


def wilson(hits: int, tries: int, *, level: float = LEVEL) -> Interval:
    """Wilson's score interval of a hit rate, between 0 and 1; *tries* is above zero.

    E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212.
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    rate, z2 = hits / tries, z * z
    centre = (rate + z2 / (2 * tries)) / (1 + z2 / tries)
    spread = rate * (1 - rate) / tries + z2 / (4 * tries * tries)
    half = z * sqrt(spread) / (1 + z2 / tries)
    return Interval(low=centre - half, high=centre + half)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The quantile *share* of *ordered* (ascending, not empty), linearly interpolated
    (R. J. Hyndman, Y. Fan 1996, type 7)."""
    at = share * (len(ordered) - 1)
    low, high = ordered[floor(at)], ordered[ceil(at)]
    return low + (high - low) * (at - floor(at))


def mean_interval(days: Sequence[float], *, choices: Resample) -> Interval:
    """The percentile bootstrap of the mean of *days* (not empty).

    B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13. For
    many days it is computed by a formula (see many_days).
    """
    middle = fmean(days)
    if enough([each - middle for each in days]):
        mean = of_draws(days, len(days)).times(1 / len(days))
        low, high = (quantile_of(mean, (1 + side * LEVEL) / 2) for side in (-1, 1))
        return Interval(low=middle + low, high=middle + high)
    means = sorted(fmean(choices(days, k=len(days))) for _ in range(RESAMPLES))
    tail = (1 - LEVEL) / 2
    return Interval(low=quantile(means, tail), high=quantile(means, 1 - tail))
