"""What a start means: a crash loop starts halted, anything else does not."""

import pytest

from core.flows.boot import Wait, begin, broke, end
from core.model.news import Restarted, TradingHalted
from tests.harness.core import Harness


def crash(harness: Harness) -> None:
    """A process begins, and is gone."""
    begin(harness.journal.memory, harness.unit(), harness.halts())


def test_the_first_starts_are_ordinary(harness: Harness) -> None:
    for _ in range(3):
        crash(harness)
        harness.clock.forward(seconds=30)

    assert harness.halts().halted is None


def test_the_start_after_three_crashes_in_ten_minutes_is_halted_and_told_once(
    harness: Harness,
) -> None:
    for _ in range(5):
        crash(harness)
        harness.clock.forward(seconds=30)

    (told,) = harness.news(TradingHalted)
    assert [halt.reason for halt in harness.halts().all()] == [told.reason]
    assert "crashed 3 times within 10 minutes" in told.reason


def test_crashes_of_long_ago_do_not_count(harness: Harness) -> None:
    for _ in range(5):
        crash(harness)
        harness.clock.forward(minutes=6)

    assert harness.halts().halted is None


def test_ends_in_good_order_are_no_crashes(harness: Harness) -> None:
    for _ in range(5):
        crash(harness)
        end(harness.journal.memory)

    assert harness.halts().halted is None


def test_every_start_is_counted(harness: Harness) -> None:
    crash(harness)
    crash(harness)

    assert harness.journal.memory.boots() == 2


@pytest.mark.attack(12)
def test_a_start_tells_why_the_run_before_ended(harness: Harness) -> None:
    crash(harness)
    broke(harness.journal.memory, "StoreError: the disk is damaged")
    crash(harness)
    harness.clock.forward(seconds=30)
    crash(harness)

    assert [told.why for told in harness.news(Restarted)] == [
        "StoreError: the disk is damaged",
        None,
    ]


@pytest.mark.attack(16)
def test_starts_after_a_wait_for_the_disk_are_no_crashes_and_are_told_once(
    harness: Harness,
) -> None:
    wait = Wait(since=harness.clock.now(), why="The journal cannot be written: full")
    crash(harness)
    for _ in range(5):
        harness.clock.forward(seconds=8)
        begin(harness.journal.memory, harness.unit(), harness.halts(), wait)
        broke(harness.journal.memory, "StoreUnavailable: database or disk is full")

    assert harness.halts().halted is None
    assert [told.why for told in harness.news(Restarted)] == [wait.why]


@pytest.mark.attack(12)
def test_a_crash_loop_does_not_tell_of_each_start(harness: Harness) -> None:
    for _ in range(9):
        crash(harness)
        harness.clock.forward(seconds=30)

    assert len(harness.news(Restarted)) == 3


async def test_an_engine_that_is_ended_has_not_crashed(harness: Harness) -> None:
    for _ in range(5):
        async with harness.running():
            pass

    assert harness.engine.queries.status().halted is None


RUN, CLEAN, BROKEN = "run", "clean", "broken"
"""How a run ended: killed, by a signal, or by an error that was written down."""


@pytest.mark.attack(12)
@pytest.mark.parametrize(
    ("ends", "every", "halts"),
    [
        ([RUN] * 3, 11, True),
        ([BROKEN] * 3, 11, True),
        ([RUN, BROKEN, RUN], 199, True),
        ([RUN] * 2, 1, False),
        ([RUN, RUN, CLEAN, RUN], 11, True),
        ([CLEAN] * 9, 11, False),
        ([BROKEN, CLEAN, BROKEN, CLEAN], 11, False),
        ([RUN] * 9, 301, False),
        ([RUN] * 3, 299, True),
    ],
    ids=[
        "killed",
        "died of an error",
        "both, over ten minutes less two seconds",
        "twice",
        "a clean end between",
        "clean ends",
        "two deaths",
        "every five minutes",
        "the third in just under ten minutes",
    ],
)
def test_the_third_end_that_was_not_clean_within_ten_minutes_halts(
    harness: Harness, ends: list[str], every: int, *, halts: bool
) -> None:
    for how in ends:
        crash(harness)
        if how is CLEAN:
            end(harness.journal.memory)
        elif how is BROKEN:
            broke(harness.journal.memory, "RuntimeError: a slip in the outbox")
        harness.clock.forward(seconds=every)
    crash(harness)

    assert (harness.halts().halted is not None) is halts


@pytest.mark.attack(12)
@pytest.mark.parametrize("ahead", [3600, 30 * 86_400])
def test_crashes_under_a_clock_that_was_ahead_do_not_count_once_it_is_set_back(
    harness: Harness, ahead: int
) -> None:
    """Else every end that is not clean would halt, until the clock is there again."""
    now = harness.clock.moment
    harness.clock.forward(seconds=ahead)
    for _ in range(3):
        crash(harness)
        harness.clock.forward(seconds=30)
    harness.clock.moment = now
    crash(harness)

    assert harness.halts().halted is None
