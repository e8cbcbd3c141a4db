"""What is proven to have been read, without a gateway (core/broker/unread)."""

import pytest

from core.broker.unread import CLOCK, Unread


def some_left(count: int) -> Unread:
    unread = Unread()
    for number in range(1, count + 1):
        unread.leave(number)
    return unread


@pytest.mark.attack(17)
def test_a_message_counts_until_a_window_after_its_reading_is_proven() -> None:
    unread = some_left(3)
    before = unread.in_its_last(1.0, now=100.0)
    unread.answer(2, now=100.0)

    assert before == 3
    assert unread.in_its_last(1.0, now=100.9) == 3
    assert unread.in_its_last(1.0, now=101.0) == 1


@pytest.mark.attack(17)
def test_only_a_first_answer_proves_anything() -> None:
    unread = some_left(3)
    unread.answer(2, now=0.0)
    for number in (2, 1, 99):
        unread.answer(number, now=5.0)

    assert unread.in_its_last(1.0, now=1.0) == 1


@pytest.mark.attack(17)
def test_a_lost_answer_of_the_clock_makes_the_next_prove_less() -> None:
    unread = Unread()
    for _ in range(3):
        unread.leave(CLOCK)
        unread.leave(None)
    unread.answer(CLOCK, now=0.0)  # whichever of the three it is of

    assert unread.read == 1


@pytest.mark.attack(17)
def test_a_short_window_forgets_nothing_that_a_longer_one_counts() -> None:
    unread = some_left(3)
    unread.answer(3, now=100.0)

    assert unread.in_its_last(1.0, now=101.0) == 0
    assert unread.in_its_last(1.1, now=101.0) == 3
    assert unread.room_at(1, window=1.1, now=101.0) == pytest.approx(101.1)
