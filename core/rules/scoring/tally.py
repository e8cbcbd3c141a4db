"""Outcomes day by day, as numbers alone: years of them fit into some megabytes.

Tested by tests/core/rules/scoring/test_results.py.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import fmean

from core.model.scoring.following import Horizon
from core.model.scoring.score import DayFigure
from core.rules.scoring.outcomes import Outcome


def _numbers() -> "array[float]":  # 3.11 takes no array[float] outside quotes
    return array("d")


@dataclass(frozen=True, slots=True)
class DayTally:
    """One session's gains in percent: of its picks, of SPY beside each of them, and of
    all its rows, the picks among them."""

    picks: "array[float]" = field(default_factory=_numbers)
    spy: "array[float]" = field(default_factory=_numbers)
    rows: "array[float]" = field(default_factory=_numbers)

    @property
    def against_spy(self) -> float:
        """How much better the picks did, in percent points; there is one."""
        return fmean(self.picks) - fmean(self.spy)

    @property
    def against_rows(self) -> float:
        return fmean(self.picks) - fmean(self.rows)


class Tally:
    """All outcomes at every horizon."""

    def __init__(self, outcomes: Iterable[Outcome] = ()) -> None:
        self._days: dict[tuple[Horizon, date], DayTally] = {}
        for outcome in outcomes:
            self.add(outcome, picked=outcome.picked)

    def add(self, outcome: Outcome, *, picked: bool) -> None:
        """*picked* is whether it counts as a pick here."""
        day = self._days.setdefault((outcome.horizon, outcome.day), DayTally())
        day.rows.append(outcome.gain)
        if picked:
            day.picks.append(outcome.gain)
            day.spy.append(outcome.spy)

    def days_with_picks(self, horizon: Horizon) -> Sequence[tuple[date, DayTally]]:
        """Day by day (New York's), the oldest first."""
        return sorted(
            (day, tally)
            for (at, day), tally in self._days.items()
            if at is horizon and tally.picks
        )

    def at_the_close(self) -> tuple[DayFigure, ...]:
        """The mean gains of each day that has a pick."""
        return tuple(
            DayFigure(
                day=day,
                picks=fmean(of_it.picks),
                spy=fmean(of_it.spy),
                rows=fmean(of_it.rows),
            )
            for day, of_it in self.days_with_picks(Horizon.CLOSE)
        )
