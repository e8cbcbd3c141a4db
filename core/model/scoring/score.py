"""The score of the picks, from the recordings. Gains are in percent, after costs."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from core.model.scoring.following import Horizon


class Against(StrEnum):
    """What the picks are measured against, over the same time."""

    SPY = "SPY"
    RANDOM = "a random row of the same scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One comparison: at which horizon, and against what."""

    horizon: Horizon
    against: Against


PRIMARY: Final = Measure(horizon=Horizon.CLOSE, against=Against.SPY)
"""The primary measure, named before any result was seen; the p-values of the others are
corrected for multiple testing (Holm)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """From ``low`` to ``high``, both inclusive."""

    low: float
    high: float


class Conclusion(StrEnum):
    """What may be concluded about the picks."""

    TOO_EARLY = "too early to tell"
    NO_DIFFERENCE = "no difference seen"
    BETTER = "better"
    WORSE = "worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The result of one measure. ``mean`` is in percentage points a day: picks minus
    what they are measured against; ``hits`` counts the days on which that was above
    zero.

    ``p`` is uncorrected; ``corrected`` takes the number of measures into account. Both
    intervals are 95 % intervals.
    """

    measure: Measure
    days: int
    picks: int
    mean: float
    interval: Interval
    hits: int
    hit_interval: Interval
    p: float
    corrected: float
    verdict: Conclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigure:
    """The mean gains of one session's cards at its close (New York date)."""

    day: date
    picks: float
    spy: float
    rows: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The score of the newest series of recordings; cards with other settings are left
    out.

    ``results`` has the primary measure first; ``bought`` is the same measure for bought
    picks only, ``not_bought`` for all others. ``unpriced`` counts the picks that could
    not be priced at the close, by reason. ``slippage`` is the mean difference of fill
    price and the card's ask in percent, above zero if the fill cost more; ``fees`` is
    what IB charged for the purchases, in percent of what was paid; each None without
    any.
    """

    series: str
    settings: str
    other_series: int
    results: tuple[Result, ...]
    bought: Result | None
    days: tuple[DayFigure, ...]
    unpriced: tuple[tuple[str, int], ...]
    slippage: float | None
    not_bought: Result | None = None  # early versions did not keep it
    fees: float | None = None

    @property
    def headline(self) -> "Score":
        """The score with the primary result alone: what one line says. Each morning's
        report is kept, and would keep every day of the score once more."""
        return replace(
            self, results=self.results[:1], days=(), bought=None, not_bought=None
        )
