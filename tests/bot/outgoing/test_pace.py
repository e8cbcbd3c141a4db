"""Edits keep Telegram's pace; a Telegram that is away is left alone for a while."""

import asyncio

import pytest

from bot.outgoing.delivery import Delivered, Delivery
from bot.outgoing.pace import BURST, LONGEST_PAUSE, BackOffs, EditPace, Hold


async def test_a_burst_may_leave_at_once_and_then_one_a_second() -> None:
    pace = EditPace()
    for _ in range(BURST):
        assert pace.wait(7) == 0.0
        pace.edited(7)

    assert pace.wait(7) > 2
    assert pace.wait(8) == 0.0


async def test_progress_waits_a_second_after_any_edit() -> None:
    pace = EditPace()
    before = pace.wait_for_progress(7)

    pace.edited(7)

    assert before == 0.0
    assert 0.9 < pace.wait_for_progress(7) <= 1.0


async def test_progress_never_takes_the_last_edit_of_a_burst() -> None:
    pace = EditPace()
    for _ in range(BURST - 1):
        pace.edited(7)

    assert pace.wait_for_progress(7) > 2
    assert pace.wait(7) == 0.0


@pytest.mark.attack(14)
async def test_a_pause_that_telegram_asked_for_is_kept() -> None:
    hold = Hold()

    hold.asked(30)

    assert hold.left > 29


async def test_each_failure_doubles_the_pause_up_to_the_longest(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hold = Hold()
    pauses = []
    for _ in range(8):
        hold.failed("no route")
        pauses.append(round(hold.left))

    assert pauses == [1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]
    assert len([r for r in caplog.records if r.name == "bot.outgoing.pace"]) == 1


async def test_success_ends_the_pause() -> None:
    hold = Hold()
    hold.failed("no route")

    hold.reached()
    await hold.over()

    assert hold.left == 0.0


@pytest.mark.parametrize("asked", [0.0, 20.0])
async def test_who_writes_in_a_closed_chat_is_answered_at_once(asked: float) -> None:
    hold, loop = Hold(), asyncio.get_running_loop()
    for _ in range(6):
        hold.not_taken(Delivered(outcome=Delivery.CLOSED, why="blocked"))
    hold.asked(asked)
    began = loop.time()

    loop.call_later(2.0, hold.opened)
    await hold.over()

    assert loop.time() - began == pytest.approx(max(2.0, asked), abs=0.1)


async def test_what_somebody_writes_ends_no_outage() -> None:
    hold = Hold()
    hold.failed("no route")

    hold.opened()

    assert hold.left > 0


async def test_what_rests_is_looked_at_when_its_time_has_come() -> None:
    rests = BackOffs()
    rests.rest("card:a", 0.01)
    rests.rest("card:b", 60)
    soonest = rests.soonest()

    await asyncio.sleep(0.02)

    assert soonest is not None
    assert soonest <= 0.01
    assert rests.left("card:a") == 0.0
    assert rests.left("card:b") > 59
