"""Whether a figure could be chance: permutation tests, and their correction.

Every p is two-sided and at least 1 / (1 + draws): the day as it was is one of the
draws (B. Phipson, G. K. Smyth 2010), so that p is never too small.
"""

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Final, TypeVar

from core.rules.scoring.intervals import Choices


DRAWS: Final = 1_000
"""How often chance is asked. More sharpens p: its own error is 0.007 at 0.05."""

ROUNDING: Final = 1e-12
"""Means that differ by less are the same: sums of floats depend on their order."""

SIGNS: Final = (-1.0, 1.0)

Name = TypeVar("Name")


def against_zero(
    days: Sequence[float], *, choices: Choices, draws: int = DRAWS
) -> float:
    """How often the mean of *days* would be as far from zero as it is, if each day
    could as well have had the other sign (R. A. Fisher's sign-flip test)."""

    def flipped() -> float:
        signs = choices(SIGNS, k=len(days))
        return fmean(sign * day for sign, day in zip(signs, days, strict=True))

    return _p(fmean(days), centre=0.0, draw=flipped, draws=draws)


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
    that could have been picked, the picks among them. A day's draw is as many
    different rows as it has picks.
    """
    centre = fmean(fmean(day) for day in rows)
    sizes = [len(day) for day in picked]

    def drawn() -> float:
        return fmean(
            fmean(_sample(day, size, choices))
            for day, size in zip(rows, sizes, strict=True)
        )

    mean = fmean(fmean(day) for day in picked)
    return _p(mean, centre=centre, draw=drawn, draws=draws)


def _sample(rows: Sequence[float], size: int, choices: Choices) -> list[float]:
    """*size* different rows: places are drawn until as many differ."""
    if size == 1:
        return choices(rows, k=1)
    places: dict[float, None] = {}
    while len(places) < size:
        places[choices(range(len(rows)), k=1)[0]] = None
    return [rows[int(place)] for place in places]


def _p(seen: float, *, centre: float, draw: Callable[[], float], draws: int) -> float:
    distance = abs(seen - centre) - ROUNDING
    as_far = sum(abs(draw() - centre) >= distance for _ in range(draws))
    return (1 + as_far) / (1 + draws)


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
