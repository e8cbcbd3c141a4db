"""p-values: uniform where nothing is, small where something is, equal to the oracles."""

from collections.abc import Sequence
from itertools import product
from random import Random
from statistics import fmean

import pytest
from scipy.stats import kstest, permutation_test
from statsmodels.stats.multitest import multipletests

from core.rules.scoring.intervals import Resample
from core.rules.scoring.pools import Pool
from core.rules.scoring.significance import (
    DRAWS,
    against_random_rows,
    against_zero,
    holm,
)


Days = Sequence[Sequence[float]]


def against_rows(
    picked: Days, rows: Days, *, choices: Resample, draws: int = DRAWS
) -> float:
    """p of one card a day, whose picks are some of its rows."""
    middles = [fmean(day) for day in rows]
    pools = [
        Pool([(row - middle) / len(few) for row in day], len(few))
        for few, day, middle in zip(picked, rows, middles, strict=True)
    ]
    distances = [
        fmean(few) - middle for few, middle in zip(picked, middles, strict=True)
    ]
    return against_random_rows(distances, pools, choices=choices, draws=draws)


def test_the_correction_is_statsmodels() -> None:
    random = Random(7)
    for size in range(1, 10):
        raw = {name: random.random() ** 2 for name in range(size)}
        _, theirs, *_ = multipletests(list(raw.values()), method="holm")
        for name, value in enumerate(theirs):
            assert holm(raw)[name] == pytest.approx(float(value), abs=1e-9)


def test_nothing_to_correct() -> None:
    assert holm({}) == {}


def test_sign_flips_are_scipys_in_the_limit() -> None:
    """scipy tries all 2^n; ours draws: three standard errors apart at most."""
    days = [0.4, -1.2, 2.2, 0.9, 1.7, -0.3, 0.8, 1.1]
    theirs = permutation_test(
        (days,),
        fmean,
        permutation_type="samples",
        vectorized=False,
        n_resamples=10_000,
    ).pvalue
    exact = fmean(
        abs(fmean(s * d for s, d in zip(signs, days, strict=True)))
        >= abs(fmean(days)) - 1e-12
        for signs in product((-1, 1), repeat=len(days))
    )
    assert exact == pytest.approx(float(theirs), abs=1e-9)
    error = (exact * (1 - exact) / DRAWS) ** 0.5
    ours = against_zero(days, choices=Random(3).choices)
    assert ours == pytest.approx(exact, abs=3 * error + 1 / DRAWS)


def test_p_is_never_nothing() -> None:
    sure = against_zero([5.0] * 40, choices=Random(1).choices)
    assert sure == pytest.approx(1 / (1 + DRAWS))


def test_days_without_any_difference_prove_nothing() -> None:
    assert against_zero([0.0, 0.0, 0.0], choices=Random(1).choices) == 1
    same = [[2.0, 2.0, 2.0]] * 5
    picked = [[2.0, 2.0]] * 5
    assert against_rows(picked, same, choices=Random(1).choices) == 1


def test_all_rows_picked_prove_nothing() -> None:
    rows = [[1.0, -2.0, 5.0]] * 6
    assert against_rows(rows, rows, choices=Random(1).choices) == 1


def test_a_planted_pick_is_found_against_rows() -> None:
    random = Random(2)
    rows = [[random.gauss(0, 3) for _ in range(50)] for _ in range(40)]
    best = [[max(day)] for day in rows]
    assert against_rows(best, rows, choices=random.choices) < 0.001


def _a_history_without_an_edge(seed: int) -> tuple[float, float]:
    """25 days on which both picks are two rows like all others: p against SPY and
    against a random row."""
    random = Random(seed)
    rows = [[random.gauss(0, 4) for _ in range(10)] for _ in range(25)]
    picked = [day[:2] for day in rows]
    excess = [fmean(day) for day in picked]
    return (
        against_zero(excess, choices=random.choices, draws=300),
        against_rows(picked, rows, choices=random.choices, draws=300),
    )


@pytest.mark.slow_on_purpose
def test_200_random_walk_histories_give_uniform_p() -> None:
    histories = [_a_history_without_an_edge(seed) for seed in range(200)]
    for p_values in zip(*histories, strict=True):
        assert kstest(p_values, "uniform").pvalue > 0.01
