"""The result of resampling days, by a formula. For many days it is nearer to the limit
of infinitely many draws than a few thousand draws are, and costs almost nothing.

The sum of many independent parts is approximately normal, corrected by its third and
fourth cumulants (F. Y. Edgeworth 1905; E. A. Cornish, R. A. Fisher, Revue de l'Institut
International de Statistique 5 (1938) 307-320).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean
from typing import Final


MANY: Final = 252
"""In days: the sessions of a year. Two thousand draws miss the end of an interval by 6
% of the mean's standard deviation; the formula does better from about thirty days
on."""

EVEN: Final = 0.04
"""The largest ratio of the sum of fourth powers to the squared sum of squares: if a few
days are far larger than all others, sums are not close to normal, and days are
drawn."""

_NORMAL: Final = NormalDist()


@dataclass(frozen=True, slots=True)
class Cumulants:
    """The cumulants of a sum of independent parts around its mean."""

    second: float
    third: float
    fourth: float

    def __add__(self, other: "Cumulants") -> "Cumulants":
        return Cumulants(
            self.second + other.second,
            self.third + other.third,
            self.fourth + other.fourth,
        )

    def times(self, factor: float) -> "Cumulants":
        """The cumulants of *factor* times the sum."""
        square = factor * factor
        return Cumulants(
            square * self.second,
            square * factor * self.third,
            square * square * self.fourth,
        )


NOTHING: Final = Cumulants(0.0, 0.0, 0.0)


def of_draws(values: Sequence[float], count: int) -> Cumulants:
    """The cumulants of the sum of *count* draws from *values* (not empty), with
    replacement."""
    middle = fmean(values)
    squares = [(each - middle) ** 2 for each in values]
    second = fmean(squares)
    third = fmean((each - middle) ** 3 for each in values)
    fourth = fmean(each * each for each in squares) - 3 * second * second
    return Cumulants(count * second, count * third, count * fourth)


def of_signs(values: Sequence[float]) -> Cumulants:
    """The cumulants of the sum of *values*, each with a random sign."""
    squares = [each * each for each in values]
    return Cumulants(sum(squares), 0.0, -2 * sum(each * each for each in squares))


def enough(days: Sequence[float]) -> bool:
    """Whether the formula applies to sums of *days* (given as deviations)."""
    if len(days) < MANY:
        return False
    squares = [each * each for each in days]
    return 0.0 < sum(each * each for each in squares) <= EVEN * sum(squares) ** 2


def quantile_of(sum_: Cumulants, share: float) -> float:
    """The quantile *share* of the sum, as a distance from its mean."""
    z, deviation = _NORMAL.inv_cdf(share), sqrt(sum_.second)
    skew, excess = sum_.third / deviation**3, sum_.fourth / sum_.second**2
    return deviation * (
        z
        + skew * (z * z - 1) / 6
        + excess * (z**3 - 3 * z) / 24
        - skew * skew * (2 * z**3 - 5 * z) / 36
    )


def beyond(sum_: Cumulants, distance: float) -> float:
    """The probability that the sum is at least *distance* from its mean, on either
    side. The effects of the third cumulant on the two sides cancel."""
    deviation = sqrt(sum_.second)
    z = abs(distance) / deviation
    skew, excess = sum_.third / deviation**3, sum_.fourth / sum_.second**2
    more = excess * (z**3 - 3 * z) / 24
    more += skew * skew * (z**5 - 10 * z**3 + 15 * z) / 72
    return min(1.0, max(0.0, 2 * (_NORMAL.cdf(-z) + _NORMAL.pdf(z) * more)))
