"""Figures of few, equal and tied days: what they may not claim."""

from itertools import combinations, product
from math import comb
from random import Random
from statistics import fmean

import pytest
from scipy.stats import binomtest
from statsmodels.stats.multitest import multipletests

from core.model.scoring.score import Conclusion
from core.rules.scoring.intervals import mean_interval
from core.rules.scoring.pools import Pool
from core.rules.scoring.results import LEAST_DAYS, results_of
from core.rules.scoring.significance import (
    DRAWS,
    against_random_rows,
    against_zero,
    holm,
)
from core.rules.scoring.tally import Tally
from tests.core.rules.scoring.test_results import a_day, edge, primary


DRAWN_BY_CHANCE = 3 / DRAWS**0.5
"""Six standard errors of a share that DRAWS draws find, at least."""


@pytest.mark.parametrize("days", [1, 2, 19, 20, 251, 252, 253])
def test_equal_days_have_no_width_and_a_p_above_zero(days: int) -> None:
    """252 is where a formula takes over."""
    rows = [row for number in range(days) for row in a_day(number, [1.1, 0.0])]
    result = primary(rows)
    assert [result.interval.low, result.interval.high] == pytest.approx([1.1, 1.1])
    assert 1 / (1 + DRAWS) <= result.p <= 1
    assert result.hits == days
    theirs = binomtest(days, days).proportion_ci(method="wilson")
    assert result.hit_interval.low == pytest.approx(theirs.low, abs=1e-9)
    assert result.hit_interval.high == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("days", [1, 30, 300])
def test_days_like_spy_are_neither_ahead_nor_a_difference(days: int) -> None:
    rows = [row for n in range(days) for row in a_day(n, [0.7, 0.7], spy=0.7)]
    for result in results_of(Tally(rows), choices=Random(1).choices):
        assert (result.mean, result.hits, result.p) == (0, 0, 1)
        assert (result.interval.low, result.interval.high) == (0, 0)
        assert result.hit_interval.low == pytest.approx(0, abs=1e-12)
        assert result.verdict in {Conclusion.TOO_EARLY, Conclusion.NO_DIFFERENCE}


def test_one_day_proves_nothing_however_great() -> None:
    for result in results_of(
        Tally(a_day(0, [900, 0, 0, 0])), choices=Random(1).choices
    ):
        assert result.days == 1
        assert result.verdict is Conclusion.TOO_EARLY
    assert primary(a_day(0, [900, 0])).p == 1


@pytest.mark.parametrize(
    ("days", "verdict"),
    [
        (LEAST_DAYS - 1, Conclusion.TOO_EARLY),
        (LEAST_DAYS, Conclusion.BETTER),
        (LEAST_DAYS + 1, Conclusion.BETTER),
    ],
)
def test_a_verdict_needs_twenty_days_with_a_pick(
    days: int, verdict: Conclusion
) -> None:
    """Days without a pick do not help."""
    idle = [row for n in range(100, 130) for row in a_day(n, [1, 2], picks=0)]
    assert primary([*edge(40, days=days), *idle]).verdict is verdict


@pytest.mark.parametrize(
    "days", [[1.0, 1.0, -1.0, 1.0], [2.0, -2.0, 2.0], [0.0, 0.0, 1.0, 3.0, 1.0]]
)
def test_p_of_tied_days_is_that_of_all_flips(days: list[float]) -> None:
    """A flip that comes out as far as what was seen counts as as far."""
    flips = [
        sum(sign * day for sign, day in zip(signs, days, strict=True))
        for signs in product((-1, 1), repeat=len(days))
    ]
    exact = fmean(abs(each) >= abs(sum(days)) - 1e-12 for each in flips)
    ours = against_zero(days, choices=Random(2).choices)
    assert ours == pytest.approx(exact, abs=DRAWN_BY_CHANCE)


@pytest.mark.parametrize("size", [1, 2])
def test_p_against_random_rows_is_that_of_all_choices(size: int) -> None:
    """Of one day of tied rows, with all that chance could have picked."""
    rows = [-3.0, -1.0, -1.0, 0.0, 0.0, 1.0, 1.0, 3.0]
    picked = (3.0, 1.0)[:size]
    middle = fmean(rows)
    distance = fmean(picked) - middle
    exact = sum(
        abs(fmean(each) - middle) >= abs(distance) - 1e-12
        for each in combinations(rows, size)
    ) / comb(len(rows), size)
    pool = Pool([(row - middle) / size for row in rows], size)
    ours = against_random_rows([distance], [pool], choices=Random(3).choices)
    width = DRAWN_BY_CHANCE if size == 1 else 0.15  # drawn with repetition, narrowed
    assert ours == pytest.approx(exact, abs=width)


def test_corrected_p_are_in_the_order_of_the_raw_and_never_below_them() -> None:
    """Ties among them, and values at both ends: statsmodels agrees to 1e-9."""
    raw = dict(enumerate([0.01, 0.04, 0.04, 0.03, 1.0, 1 / 1001, 0.5, 0.04, 1.0]))
    ours = holm(raw)
    _, theirs, *_ = multipletests(list(raw.values()), method="holm")
    assert [ours[name] for name in raw] == pytest.approx(list(theirs), abs=1e-9)
    ordered = sorted(raw, key=lambda name: raw[name])
    corrected = [ours[name] for name in ordered]
    assert corrected == sorted(corrected)
    assert all(raw[name] <= ours[name] <= 1 for name in raw)


@pytest.mark.parametrize("days", [2, 25, 300])
def test_p_is_a_probability_above_zero_for_any_days(days: int) -> None:
    random = Random(days)
    for scale in (1e-9, 1.0, 1e6):
        values = [random.gauss(3, 1) * scale for _ in range(days)]
        assert 1 / (1 + DRAWS) <= against_zero(values, choices=random.choices) <= 1


def test_an_interval_holds_its_mean() -> None:
    random = Random(4)
    for days in (2, 5, 251, 252, 400):
        values = [random.gauss(0.2, 3) for _ in range(days)]
        interval = mean_interval(values, choices=random.choices)
        assert interval.low <= fmean(values) <= interval.high
