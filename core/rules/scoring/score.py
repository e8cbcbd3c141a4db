"""The score of the picks, from all recordings of one series."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from core.model.scoring.score import PRIMARY, Result, Score
from core.rules.scoring.intervals import Resample
from core.rules.scoring.outcomes import (
    ScoredScan,
    fees_charged,
    fill_moves,
    outcomes,
    unpriced,
)
from core.rules.scoring.results import results_of
from core.rules.scoring.tally import Tally


@dataclass(slots=True)
class _Series:
    """The outcomes of all cards with the same scan settings."""

    every: Tally = field(default_factory=Tally)
    bought: Tally = field(default_factory=Tally)  # only what was bought is a pick
    left: Tally = field(default_factory=Tally)  # only what was not bought is one
    unpriced: Counter[str] = field(default_factory=Counter)
    moves: list[float] = field(default_factory=list)
    fees: list[float] = field(default_factory=list)

    def add(self, scored_scan: ScoredScan) -> None:
        for each in outcomes(scored_scan):
            self.every.add(each, picked=each.picked)
            if each.horizon is PRIMARY.horizon:
                self.bought.add(each, picked=each.picked and each.bought)
                self.left.add(each, picked=each.picked and not each.bought)
        self.unpriced.update(dict(unpriced([scored_scan])))
        self.moves.extend(fill_moves(scored_scan))
        self.fees.extend(fees_charged(scored_scan))


def score(scored_scans: Iterable[ScoredScan], *, choices: Resample) -> Score | None:
    """The score of the newest series in *scored_scans* (in order of recording); None
    without recordings. *scored_scans* is iterated only once, since years of them do not
    fit into memory."""
    series: dict[str, _Series] = {}
    newest = None
    for scored_scan in scored_scans:
        newest = scored_scan.recording
        series.setdefault(newest.series, _Series()).add(scored_scan)
    if newest is None:
        return None
    found = series[newest.series]
    every = results_of(found.every, choices=choices)
    return Score(
        series=newest.series,
        settings=newest.settings,
        other_series=len(series) - 1,
        results=every,
        bought=_first(results_of(found.bought, choices=choices)),
        not_bought=_first(results_of(found.left, choices=choices)),
        days=found.every.at_the_close(),
        unpriced=tuple(found.unpriced.most_common()),
        slippage=fmean(found.moves) if found.moves else None,
        fees=fmean(found.fees) if found.fees else None,
    )


def _first(results: Sequence[Result]) -> Result | None:
    return results[0] if results else None
