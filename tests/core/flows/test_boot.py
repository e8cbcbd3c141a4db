"""What a start means: a crash loop starts halted, anything else does not."""

import pytest

from core.flows.boot import begin, broke, end
from core.model.news import Restarted, TradingHalted
from tests.harness.core import House


def crash(house: House) -> None:
    """A process begins, and is gone."""
    begin(house.journal.memory, house.ledger(), clock=house.clock)


def test_the_first_starts_are_ordinary(house: House) -> None:
    for _ in range(3):
        crash(house)
        house.clock.forward(seconds=30)

    assert house.ledger().halted is None


def test_the_start_after_three_crashes_in_ten_minutes_is_halted_and_told_once(
    house: House,
) -> None:
    for _ in range(5):
        crash(house)
        house.clock.forward(seconds=30)

    (told,) = house.news(TradingHalted)
    assert [halt.reason for halt in house.ledger().halts] == [told.reason]
    assert "crashed 3 times within 10 minutes" in told.reason


def test_crashes_of_long_ago_do_not_count(house: House) -> None:
    for _ in range(5):
        crash(house)
        house.clock.forward(minutes=6)

    assert house.ledger().halted is None


def test_ends_in_good_order_are_no_crashes(house: House) -> None:
    for _ in range(5):
        crash(house)
        end(house.journal.memory)

    assert house.ledger().halted is None


def test_every_start_is_counted(house: House) -> None:
    crash(house)
    crash(house)

    assert house.journal.memory.boots() == 2


@pytest.mark.attack(12)
def test_a_start_tells_why_the_run_before_ended(house: House) -> None:
    crash(house)
    broke(house.journal.memory, "StoreError: the disk is damaged")
    crash(house)
    house.clock.forward(seconds=30)
    crash(house)

    assert [told.why for told in house.news(Restarted)] == [
        "StoreError: the disk is damaged",
        None,
    ]


@pytest.mark.attack(12)
def test_a_crash_loop_does_not_tell_of_each_start(house: House) -> None:
    for _ in range(9):
        crash(house)
        house.clock.forward(seconds=30)

    assert len(house.news(Restarted)) == 3


async def test_an_engine_that_is_ended_has_not_crashed(house: House) -> None:
    for _ in range(5):
        async with house.running():
            pass

    assert house.engine.queries.status().halted is None
