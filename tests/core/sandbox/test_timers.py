"""What is due comes in order, once, unless it was replaced or called off."""

from datetime import timedelta

from core.sandbox.timers import Timers
from tests.harness.exchange import LATER, NOW


def taken(timers: Timers[str]) -> list[str]:
    """Everything due within the minute."""
    return [timer.what for timer in timers.due(LATER)]


def test_what_is_due_comes_by_time_and_then_as_it_was_added() -> None:
    timers = Timers[str]()
    timers.add(LATER, "last")
    timers.add(NOW, "first")
    timers.add(NOW, "second")
    timers.add(LATER + timedelta(seconds=1), "not yet")

    assert timers.next_at() == NOW
    assert taken(timers) == ["first", "second", "last"]
    assert timers.next_at() == LATER + timedelta(seconds=1)


def test_what_is_added_meanwhile_comes_in_its_order() -> None:
    timers, seen = Timers[str](), []
    timers.add(NOW, "first")
    timers.add(LATER, "last")
    for timer in timers.due(LATER):
        seen.append(timer.what)
        if timer.what == "first":
            timers.add(NOW, "meanwhile")

    assert seen == ["first", "meanwhile", "last"]


def test_of_one_key_only_the_latest_counts() -> None:
    timers = Timers[str]()
    timers.add(NOW, "old", key="k")
    timers.add(LATER, "new", key="k")

    assert timers.has("k")
    assert timers.next_at() == LATER
    assert taken(timers) == ["new"]
    assert not timers.has("k")


def test_what_is_called_off_never_comes() -> None:
    timers = Timers[str]()
    timers.add(NOW, "called off", key="k")
    timers.add(NOW, "kept")
    timers.forget("k")

    assert [timer.what for timer in timers.pending()] == ["kept"]
    assert taken(timers) == ["kept"]

    timers.add(NOW, "anything")
    timers.clear()
    assert timers.next_at() is None
