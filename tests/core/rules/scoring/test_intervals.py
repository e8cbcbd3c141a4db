"""Intervals equal those of scipy, numpy and arch."""

from collections.abc import Iterator, Sequence
from random import Random

import numpy as np
import pytest
from arch.bootstrap import IIDBootstrap
from scipy.stats import binomtest

from core.rules.scoring.intervals import RESAMPLES, mean_interval, quantile, wilson


@pytest.mark.parametrize(
    ("hits", "tries"), [(0, 1), (1, 1), (0, 34), (17, 34), (34, 34), (3, 1_260)]
)
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_the_hit_rates_interval_is_scipys(hits: int, tries: int, level: float) -> None:
    ours = wilson(hits, tries, level=level)
    theirs = binomtest(hits, tries).proportion_ci(level, method="wilson")
    assert ours.low == pytest.approx(theirs.low, abs=1e-9)
    assert ours.high == pytest.approx(theirs.high, abs=1e-9)


@pytest.mark.parametrize("share", [0, 0.025, 0.5, 0.975, 1])
@pytest.mark.parametrize("size", [1, 2, 7, 2_000])
def test_a_quantile_is_numpys(size: int, share: float) -> None:
    random = Random(size)
    values = sorted(random.gauss(0, 3) for _ in range(size))
    theirs = float(np.quantile(values, share))
    assert quantile(values, share) == pytest.approx(theirs, abs=1e-9)


class ArchsDraws:
    """The days that arch draws from one seed, for our bootstrap."""

    def __init__(self, days: Sequence[float], seed: int) -> None:
        self._draws: Iterator[list[float]] = (
            [float(each) for each in data[0][0]]
            for data in _archs(days, seed).bootstrap(RESAMPLES)
        )

    def __call__(self, population: Sequence[float], *, k: int) -> list[float]:
        drawn = next(self._draws)
        assert len(drawn) == len(population) == k
        return drawn


def _archs(days: Sequence[float], seed: int) -> IIDBootstrap:
    return IIDBootstrap(np.array(days), seed=np.random.RandomState(seed))


@pytest.mark.parametrize("size", [2, 20, 250])
def test_the_means_interval_is_archs_for_the_same_draws(size: int) -> None:
    random = Random(size)
    days = [random.gauss(0.3, 4) for _ in range(size)]
    ours = mean_interval(days, choices=ArchsDraws(days, seed=5))
    theirs = _archs(days, 5).conf_int(np.mean, reps=RESAMPLES, method="percentile")
    assert [ours.low, ours.high] == pytest.approx(list(theirs.ravel()), abs=1e-9)


def test_one_day_alone_has_no_width() -> None:
    only = mean_interval([1.25], choices=Random(1).choices)
    assert (only.low, only.high) == (1.25, 1.25)
