"""An update is kept once, and read until somebody has finished it."""

from datetime import timedelta

from core.ports import Store
from tests.builders import (
    NOW,
)


SECOND = timedelta(seconds=1)


def test_an_update_that_arrives_again_is_kept_once(store: Store) -> None:
    with store.transaction():
        store.receive([(7, "first")], at=NOW)
        store.receive([(7, "again"), (8, "next")], at=NOW + SECOND)

    assert store.unread() == ((7, "first"), (8, "next"))


def test_a_finished_update_stays_finished_when_it_is_delivered_again(
    store: Store,
) -> None:
    with store.transaction():
        store.receive([(7, "tap")], at=NOW)
        store.finish(7)

    with store.transaction():
        store.receive([(7, "tap")], at=NOW + SECOND)

    assert store.unread() == ()


def test_a_buried_update_does_not_hold_up_the_rest(store: Store) -> None:
    with store.transaction():
        store.receive([(7, "{"), (8, "tap")], at=NOW)

        store.bury(7, reason="not JSON")

    assert store.unread() == ((8, "tap"),)


def test_updates_are_read_as_they_came_even_if_numbers_start_anew(
    store: Store,
) -> None:
    with store.transaction():
        store.receive([(900, "before the quiet week")], at=NOW)
        store.receive([(3, "after it")], at=NOW + timedelta(days=8))

    assert [raw for _, raw in store.unread()] == ["before the quiet week", "after it"]


def test_an_empty_batch_is_fine(store: Store) -> None:
    with store.transaction():
        store.receive([], at=NOW)

    assert store.unread() == ()
