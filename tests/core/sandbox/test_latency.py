"""How long answers take, and that the clock runs."""

from datetime import timedelta
from statistics import median, quantiles

import pytest

from core.sandbox.clock import GatewayClock
from core.sandbox.latency import AnswerKind, Latency, Profile
from tests.core.sandbox.talking import MORNING


def draws(step: AnswerKind, profile: Profile = Profile.TYPICAL) -> list[float]:
    latency = Latency(profile, seed="1")
    return [latency(step) for _ in range(2000)]


def test_a_typical_scan_takes_what_was_measured() -> None:
    found = draws(AnswerKind.SCAN)

    assert median(found) == pytest.approx(0.582, abs=0.08)
    assert quantiles(found, n=100)[94] == pytest.approx(0.860, abs=0.1)
    assert max(found) <= 1.03


@pytest.mark.parametrize(
    ("step", "low", "high"),
    [
        (AnswerKind.QUOTE, 0.15, 0.6),
        (AnswerKind.BARS, 0.25, 0.8),
        (AnswerKind.ACK, 0.03, 0.12),
        (AnswerKind.FILL, 0.2, 1.5),
    ],
)
def test_typical_figures_stay_in_their_stated_ranges(
    step: AnswerKind, low: float, high: float
) -> None:
    found = draws(step)

    assert low <= min(found) < max(found) <= high


def test_instant_is_nought_and_the_others_are_ever_slower() -> None:
    profiles = (Profile.INSTANT, Profile.TYPICAL, Profile.SLOW, Profile.NIGHTLY)

    medians = [median(draws(AnswerKind.ACK, profile)) for profile in profiles]

    assert medians[0] == 0
    assert medians == sorted(set(medians))


def test_the_same_seed_draws_the_same() -> None:
    assert draws(AnswerKind.FILL) == draws(AnswerKind.FILL)


async def test_a_clock_starts_where_it_is_told_and_runs_as_fast_as_told() -> None:
    clock = GatewayClock(MORNING, speed=3600.0)

    wait = clock.seconds_until(clock.now() + timedelta(hours=1))

    assert MORNING <= clock.now() < MORNING + timedelta(hours=1)
    assert wait == pytest.approx(1.0, abs=0.1)


def test_a_clock_that_stands_still_is_refused() -> None:
    with pytest.raises(ValueError, match="speed"):
        GatewayClock(MORNING, speed=0)
