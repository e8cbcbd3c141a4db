"""Dice that always fall the same, and fall evenly."""

import pytest
from hypothesis import given, strategies as st

from core.sandbox.market import rng


salts = st.integers(0, 2**64 - 1)


def test_a_salt_depends_on_every_part_and_on_where_parts_end() -> None:
    assert rng.salt("ab", "c") == rng.salt("ab", "c")
    assert len({rng.salt("ab", "c"), rng.salt("a", "bc"), rng.salt("abc")}) == 3
    assert rng.salt(1, 2) != rng.salt(2, 1)


@given(salts)
def test_throws_are_spread_evenly(salted: int) -> None:
    throws = [rng.uniform(salted, index) for index in range(4000)]

    assert all(0 <= throw < 1 for throw in throws)
    for tenth in range(10):
        share = sum(tenth <= 10 * throw < tenth + 1 for throw in throws) / 4000
        assert 0.05 < share < 0.15


def test_bells_are_around_nothing_and_never_far() -> None:
    drawn = [rng.normal(42, index) for index in range(4000)]

    mean = sum(drawn) / 4000
    assert abs(mean) < 0.1
    assert sum((d - mean) ** 2 for d in drawn) / 4000 == pytest.approx(1.0, abs=0.1)
    assert max(map(abs, drawn)) <= 3.0


@given(salts, st.integers(-500, 500), st.integers(0, 40), st.sampled_from([2, 8, 32]))
def test_many_points_of_a_wave_are_the_same_as_each_alone(
    salted: int, first: int, count: int, period: int
) -> None:
    together = rng.smooth_noises(salted, first, first + count, period)

    alone = [rng.smooth_noise(salted, (first + k) / period) for k in range(count + 1)]
    assert together == pytest.approx(alone)
    assert all(-1 <= height <= 1 for height in together)


@given(salts, st.integers(-500, 500), st.integers(0, 40))
def test_many_throws_are_the_same_as_each_alone(
    salted: int, first: int, count: int
) -> None:
    together = rng.uniforms(salted, first, first + count)

    assert together == [rng.uniform(salted, first + k) for k in range(count + 1)]
