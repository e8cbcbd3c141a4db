"""Time is told in UTC, by a clock that may be ahead of this machine's."""

from datetime import UTC, datetime, timedelta

import pytest

from core.clock import SystemClock


SOON = timedelta(seconds=30)


def this_machine() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  what the Clock is compared with


def test_the_clock_tells_this_moment_in_utc() -> None:
    before = this_machine()

    now = SystemClock().now()

    assert before <= now <= before + SOON
    assert now.tzinfo is UTC


@pytest.mark.parametrize("seconds", [86_400.5, -86_400.5])
def test_a_clock_keeps_its_distance(seconds: float) -> None:
    before = this_machine() + timedelta(seconds=seconds)

    now = SystemClock(ahead=seconds).now()

    assert before <= now <= before + SOON
