"""One transaction at a time; what is written together is on disk together."""

import pytest

from core.model.errors import Contradiction
from core.model.news import Ghost
from core.model.points import W2
from tests.harness.core import House
from tests.nouns import a_halt


def test_a_write_says_its_points_before_in_and_after(house: House) -> None:
    unit = house.unit()
    with unit.writing(W2):
        house.journal.memory.set_halts([a_halt("lunch")])

    assert house.points == ["pre-W2", "in-W2", "W2"]
    assert house.notifier.woken == 1


def test_a_write_inside_another_is_a_part_of_it(house: House) -> None:
    unit = house.unit()
    with unit.writing():
        with unit.writing(W2):
            house.journal.memory.set_halts([a_halt("lunch")])
        woken_inside = house.notifier.woken

    assert (woken_inside, house.notifier.woken) == (0, 1)
    assert house.journal.memory.halts() == (a_halt("lunch"),)


def fail(house: House) -> None:
    """Two writes in one, and then something goes wrong."""
    unit = house.unit()
    with unit.writing():
        with unit.writing():
            house.journal.memory.set_halts([a_halt("lunch")])
            unit.tell(Ghost(ref="tb-x", text="boo"))
        raise Contradiction


def test_a_failure_undoes_the_whole_and_tells_nothing(house: House) -> None:
    with pytest.raises(Contradiction):
        fail(house)

    assert house.journal.memory.halts() == ()
    assert house.journal.outbox.untold() == ()
    assert house.notifier.woken == 0


def test_after_a_failure_it_writes_again(house: House) -> None:
    unit = house.unit()
    with pytest.raises(Contradiction), unit.writing(W2):
        raise Contradiction
    with unit.writing():
        house.journal.memory.set_halts([a_halt("lunch")])

    assert house.journal.memory.halts() == (a_halt("lunch"),)
