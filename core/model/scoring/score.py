"""What the recordings say of the picks. All gains are in percent, after costs."""

from dataclasses import dataclass
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
    """One question to the recordings."""

    horizon: Horizon
    against: Against


PRIMARY: Final = Measure(horizon=Horizon.CLOSE, against=Against.SPY)
"""The one that was named before anything was seen; the others are corrected (Holm)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """From ``low`` to ``high``, both inside."""

    low: float
    high: float


class Verdict(StrEnum):
    """What may be said of the picks."""

    TOO_EARLY = "too early to tell"
    NO_DIFFERENCE = "no difference seen"
    BETTER = "better"
    WORSE = "worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The answer to one measure. ``mean`` is percent points a day, picks less what they
    are measured against; ``hits`` counts the days on which that was above zero.

    ``p`` is as it came; ``corrected`` takes into account how many were asked. Both
    intervals are of 95 %.
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
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigure:
    """The mean gains of one session's cards at its close (New York's day)."""

    day: date
    picks: float
    spy: float
    rows: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The newest series of recordings: cards of other settings are not counted in.

    ``results`` has the primary measure first; ``bought`` is the same measure over what
    was bought only. ``unpriced`` counts the picks that could not be priced at the
    close, by the reason. ``slippage`` is the mean of fill against the card's ask in
    percent, above zero when it cost more; None without a fill.
    """

    series: str
    settings: str
    other_series: int
    results: tuple[Result, ...]
    bought: Result | None
    days: tuple[DayFigure, ...]
    unpriced: tuple[tuple[str, int], ...]
    slippage: float | None
