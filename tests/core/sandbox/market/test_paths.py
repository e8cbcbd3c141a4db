"""A price path agrees with itself however it is asked."""

from math import log

import pytest
from hypothesis import given, strategies as st

from core.sandbox.market.paths import Drawn, Jumping, Laid, Path


def a_path(salted: int = 1, *, minutes: int = 390, beat: int = 1) -> Drawn:
    return Drawn(
        salted=salted,
        minutes=minutes,
        start=log(10.0),
        end=log(12.0),
        volatility=0.04,
        surge=0.05,
        beat=beat,
    )


salts = st.integers(0, 2**64 - 1)
seconds = st.floats(0, 390 * 60)


@given(salts)
def test_a_drawn_path_begins_and_ends_where_it_must(salted: int) -> None:
    path = a_path(salted)

    assert path.at(0) == pytest.approx(10.0)
    assert path.at(390 * 60) == pytest.approx(12.0)
    assert path.at(1e9) == path.at(390 * 60)


@given(salts, st.lists(seconds, min_size=2, max_size=5))
def test_the_order_of_the_questions_does_not_matter(
    salted: int, moments: list[float]
) -> None:
    forwards, backwards = a_path(salted), a_path(salted)

    there = [forwards.at(m) for m in moments]
    back = [backwards.at(m) for m in reversed(moments)]

    assert there == back[::-1]


@given(salts, seconds)
def test_no_moment_leaves_its_minute(salted: int, moment: float) -> None:
    path = a_path(salted)
    candle = path.minute(min(389, int(moment // 60)))

    assert candle.low <= path.at(moment) <= candle.high


@given(salts, st.integers(0, 380), st.integers(1, 9))
def test_the_reach_is_that_of_the_minutes(salted: int, first: int, count: int) -> None:
    path = a_path(salted)
    candles = [path.minute(first + k) for k in range(count)]

    high, low = path.reach(first, first + count)

    assert high == pytest.approx(max(c.high for c in candles))
    assert low == pytest.approx(min(c.low for c in candles))


def test_a_minute_closes_where_the_next_one_opens() -> None:
    path = a_path()

    assert all(path.minute(n).close == path.minute(n + 1).open for n in range(389))


def test_a_price_stands_between_two_beats() -> None:
    path = a_path(beat=10)

    assert path.at(100.0) == path.at(109.9)
    assert len({path.at(10.0 * n) for n in range(50)}) > 40


def test_a_laid_path_is_exactly_as_wished() -> None:
    path = Laid(opened=10.0, last=11.0, drift=0.01, minutes=390)

    assert path.at(0) == 10.0
    assert path.at(0.5) == pytest.approx(11.0, rel=1e-3)
    assert path.at(600) == pytest.approx(11.0 * 2.718281828**0.1)
    assert path.minute(0).open == 10.0
    assert path.minute(0).high >= 11.0


@pytest.mark.parametrize(
    "before", [a_path(), Laid(opened=9, last=9, drift=0, minutes=9)]
)
def test_a_jump_changes_nothing_before_it_and_everything_after(before: Path) -> None:
    path = Jumping(before=before, jump_second=90.0, jump_to=20.0)

    assert path.at(89.0) == before.at(89.0)
    assert path.at(90.0) == path.at(5000.0) == 20.0
    assert path.minute(0) == before.minute(0)
    assert path.minute(1).high == 20.0
    assert path.minute(2).low == 20.0
    assert path.reach(0, 3)[0] == 20.0
