"""One transaction at a time; what is written together is on disk together."""

import pytest

from core.model.errors import Contradiction
from core.model.news import Ghost
from core.model.points import W2
from tests.harness.core import Harness
from tests.harness.waiting import until
from tests.values import a_halt


def test_a_write_says_its_points_before_in_and_after(harness: Harness) -> None:
    unit = harness.unit()
    with unit.writing(W2):
        harness.journal.memory.set_halts([a_halt("lunch")])

    assert harness.points == ["pre-W2", "in-W2", "W2"]
    assert harness.notifier.woken == 1


def test_a_write_inside_another_is_a_part_of_it(harness: Harness) -> None:
    unit = harness.unit()
    with unit.writing():
        with unit.writing(W2):
            harness.journal.memory.set_halts([a_halt("lunch")])
        woken_inside = harness.notifier.woken

    assert (woken_inside, harness.notifier.woken) == (0, 1)
    assert harness.journal.memory.halts() == (a_halt("lunch"),)


def fail(harness: Harness) -> None:
    """Two writes in one, and then something goes wrong."""
    unit = harness.unit()
    with unit.writing():
        with unit.writing():
            harness.journal.memory.set_halts([a_halt("lunch")])
            unit.notify(Ghost(ref="tb-x", text="boo"))
        raise Contradiction


def test_a_failure_undoes_the_whole_and_tells_nothing(harness: Harness) -> None:
    with pytest.raises(Contradiction):
        fail(harness)

    assert harness.journal.memory.halts() == ()
    assert harness.journal.outbox.unsent() == ()
    assert harness.notifier.woken == 0


def test_after_a_failure_it_writes_again(harness: Harness) -> None:
    unit = harness.unit()
    with pytest.raises(Contradiction), unit.writing(W2):
        raise Contradiction
    with unit.writing():
        harness.journal.memory.set_halts([a_halt("lunch")])

    assert harness.journal.memory.halts() == (a_halt("lunch"),)


def test_the_log_has_a_line_for_each_change_that_is_on_disk(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    unit = harness.unit()
    with unit.writing():
        unit.audit("tb-x-1", "Sent", "sending")
        unit.notify(Ghost(ref="tb-y", text="boo"))
        before = caplog.messages.copy()
    with pytest.raises(Contradiction):
        fail(harness)
    with unit.writing():
        pass

    assert before == []
    assert caplog.messages == ["Sent tb-x-1 sending", "to tell: Ghost ghost:tb-y"]


async def test_an_order_that_was_approved_leaves_before_the_log_has_its_lines(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="core.ledger.unit_of_work")
    unit = harness.unit()
    with unit.writing():
        unit.audit("tb-x-1", "approved", "by Sam")
    at_once = caplog.messages.copy()
    await until(lambda: caplog.messages)

    assert (at_once, caplog.messages) == ([], ["approved tb-x-1 by Sam"])


async def test_at_the_end_the_log_has_every_line(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="core.ledger.unit_of_work")
    async with harness.trading():
        harness.engine.halt(by="Sam", reason="lunch")

    assert any("halt" in line for line in caplog.messages)
