"""A client's messages are counted by the second, or taken up at a pace."""

from datetime import timedelta

from core.sandbox.gateway.rate import MessageRate, RateVerdict
from tests.harness.exchange import NOW


SECOND = timedelta(seconds=1)


def test_the_third_second_with_too_many_is_the_last() -> None:
    rate = MessageRate()
    verdicts = [
        rate.count(NOW + second * SECOND, limit=2)
        for second in range(3)
        for _ in range(4)
    ]

    fine, over = RateVerdict.FINE, RateVerdict.OVER
    assert verdicts == [
        *(fine, fine, RateVerdict.STRIKE, over),
        *(fine, fine, RateVerdict.STRIKE, over),
        *(fine, fine, RateVerdict.OUT, over),
    ]


def test_at_a_pace_everything_is_taken_up_in_turn_and_never_more_in_a_second() -> None:
    rate = MessageRate()

    turns = [rate.pace(NOW, limit=3) for _ in range(8)]

    assert turns == [NOW + number // 3 * SECOND for number in range(8)]


def test_a_slow_client_at_a_pace_never_waits() -> None:
    rate = MessageRate()
    moments = [NOW + number * SECOND / 2 for number in range(10)]

    assert [rate.pace(moment, limit=2) for moment in moments] == moments
