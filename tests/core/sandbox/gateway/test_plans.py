"""What is due is done in order; long work waits between its slices."""

from collections.abc import Iterator
from datetime import timedelta

from core.sandbox.gateway.plans import Plans
from tests.core.sandbox.stage import NOW


def slices(name: str, number: int, done: list[str]) -> Iterator[None]:
    for each in range(number):
        done.append(f"{name}{each}")
        yield


def test_deeds_are_done_by_time_and_then_as_they_came() -> None:
    plans, done = Plans(), list[str]()
    plans.add(NOW + timedelta(seconds=2), lambda: done.append("later"))
    plans.add(NOW, lambda: done.append("first"))
    plans.add(NOW, lambda: done.append("second"))

    plans.turn(NOW)

    assert done == ["first", "second"]
    assert plans.next_at(NOW) == NOW + timedelta(seconds=2)


def test_works_take_turns_slice_by_slice() -> None:
    plans, done = Plans(), list[str]()
    plans.work(slices("a", 3, done))
    plans.work(slices("b", 1, done))

    turns = 0
    while plans.next_at(NOW) == NOW:
        before = len(done)
        plans.turn(NOW)
        assert len(done) <= before + 1
        turns += 1

    assert done == ["a0", "b0", "a1", "a2"]
    assert plans.next_at(NOW) is None
