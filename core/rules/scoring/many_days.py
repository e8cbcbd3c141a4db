"""What drawing days anew comes to, without drawing: for so many days that the formula is
nearer to the limit of endless draws than some thousand draws are, at no cost.

The distribution of a sum of many independent parts is the normal one, put right by its
third and fourth cumulant (F. Y. Edgeworth 1905; E. A. Cornish, R. A. Fisher, Revue de
l'Institut International de Statistique 5 (1938) 307-320).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean
from typing import Final


MANY: Final = 252
"""Days: the sessions of a year. Two thousand draws miss the end of an interval by 6 % of the
mean's deviation, the formula by less from some thirty days on."""

EVEN: Final = 0.04
"""The most that the fourth powers may be of the square of the squares' sum: where a few
days are far greater than all others, sums are not near to normal, and days are drawn."""

_NORMAL: Final = NormalDist()


@dataclass(frozen=True, slots=True)
class Cumulants:
    """Those of a sum of independent parts around their mean."""

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
        """Those of *factor* times the sum."""
        square = factor * factor
        return Cumulants(
            square * self.second,
            square * factor * self.third,
            square * square * self.fourth,
        )


NOTHING: Final = Cumulants(0.0, 0.0, 0.0)


def of_draws(values: Sequence[float], count: int) -> Cumulants:
    """Of the sum of *count* draws of *values* (not empty), with repetition."""
    middle = fmean(values)
    squares = [(each - middle) ** 2 for each in values]
    second = fmean(squares)
    third = fmean((each - middle) ** 3 for each in values)
    fourth = fmean(each * each for each in squares) - 3 * second * second
    return Cumulants(count * second, count * third, count * fourth)


def of_signs(values: Sequence[float]) -> Cumulants:
    """Of the sum of *values*, each with either sign."""
    squares = [each * each for each in values]
    return Cumulants(sum(squares), 0.0, -2 * sum(each * each for each in squares))


def enough(days: Sequence[float]) -> bool:
    """Whether the formula is used for sums of *days*, measured from where none differs."""
    if len(days) < MANY:
        return False
    squares = [each * each for each in days]
    return 0.0 < sum(each * each for each in squares) <= EVEN * sum(squares) ** 2


def quantile_of(sum_: Cumulants, share: float) -> float:
    """The distance from its mean below which *share* of the sums lie."""
    z, deviation = _NORMAL.inv_cdf(share), sqrt(sum_.second)
    skew, excess = sum_.third / deviation**3, sum_.fourth / sum_.second**2
    return deviation * (
        z
        + skew * (z * z - 1) / 6
        + excess * (z**3 - 3 * z) / 24
        - skew * skew * (2 * z**3 - 5 * z) / 36
    )


def beyond(sum_: Cumulants, distance: float) -> float:
    """The share of the sums that lie as far from their mean as *distance*, or farther,
    to either side: what the third cumulant adds on one it takes on the other."""
    deviation = sqrt(sum_.second)
    z = abs(distance) / deviation
    skew, excess = sum_.third / deviation**3, sum_.fourth / sum_.second**2
    more = excess * (z**3 - 3 * z) / 24
    more += skew * skew * (z**5 - 10 * z**3 + 15 * z) / 72
    return min(1.0, max(0.0, 2 * (_NORMAL.cdf(-z) + _NORMAL.pdf(z) * more)))
