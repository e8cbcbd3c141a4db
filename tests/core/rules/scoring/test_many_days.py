"""Of many days the formula says what very many draws say."""

from random import Random
from statistics import fmean

import numpy as np
import pytest

from core.rules.scoring.intervals import mean_interval
from core.rules.scoring.many_days import MANY, enough
from core.rules.scoring.significance import DRAWS, against_zero
from tests.core.rules.scoring.test_significance import against_rows


VERY_MANY = 20_000


def gains(days: int, seed: int = 1) -> list[float]:
    """Percent a day, skewed and with fat tails, as those of small companies are."""
    random = Random(seed)
    return [100 * (random.lognormvariate(0, 0.12) - 1) for _ in range(days)]


def never(population: object, *, k: int) -> list[float]:
    """For what must not draw."""
    raise AssertionError


@pytest.mark.parametrize("days", [MANY, 500, 1_260])
def test_the_interval_is_that_of_very_many_draws(days: int) -> None:
    values = gains(days)
    ours = mean_interval(values, choices=never)
    generator = np.random.default_rng(5)
    means = [generator.choice(values, size=days).mean() for _ in range(VERY_MANY)]
    deviation = float(np.std(values)) / days**0.5
    low, high = np.quantile(means, [0.025, 0.975])
    assert ours.low == pytest.approx(low, abs=0.06 * deviation)
    assert ours.high == pytest.approx(high, abs=0.06 * deviation)


@pytest.mark.parametrize("shift", [0.2, 0.7, 1.2])
def test_sign_flips_are_those_of_very_many_draws(shift: float) -> None:
    values = [each - fmean(gains(MANY)) + shift for each in gains(MANY)]
    ours = against_zero(values, choices=never)
    signs = np.random.default_rng(5).choice([-1.0, 1.0], size=(VERY_MANY, MANY))
    flipped = np.abs(signs @ np.array(values))
    theirs = float(np.mean(flipped >= abs(sum(values))))
    assert ours == pytest.approx(theirs, abs=0.012)


@pytest.mark.parametrize("better", [0.0, 0.7, 1.3])
def test_random_rows_are_those_of_very_many_draws(better: float) -> None:
    rows = [gains(5, seed) for seed in range(MANY)]
    picked = [[day[0] + better, day[1]] for day in rows]
    ours = against_rows(picked, rows, choices=never)
    generator = np.random.default_rng(5)
    sums = sum(
        generator.permuted(np.tile(day, (VERY_MANY, 1)), axis=1)[:, :2].mean(axis=1)
        - fmean(day)
        for day in rows
    )
    seen = sum(fmean(few) - fmean(day) for few, day in zip(picked, rows, strict=True))
    theirs = float(np.mean(np.abs(sums) >= abs(seen)))
    assert ours == pytest.approx(theirs, abs=0.012)


def test_p_is_never_nothing_of_many_days_either() -> None:
    sure = [5.0 + each / 100 for each in gains(MANY)]
    assert against_zero(sure, choices=never) == pytest.approx(1 / (1 + DRAWS))


def test_days_that_all_have_the_same_gain_have_no_width() -> None:
    only = mean_interval([1.25] * MANY, choices=Random(1).choices)
    assert (only.low, only.high) == (1.25, 1.25)


def test_where_one_day_is_greater_than_all_others_days_are_drawn() -> None:
    assert enough(gains(MANY))
    assert not enough([*gains(MANY), 4_000.0])
    assert not enough(gains(MANY - 1))
