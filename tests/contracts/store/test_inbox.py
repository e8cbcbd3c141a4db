"""An update is kept once, and read until somebody has finished it."""

from datetime import timedelta

from core.ports.journal import Store
from tests.builders import (
    NOW,
)


SECOND = timedelta(seconds=1)


def test_an_update_that_arrives_again_is_kept_once(store: Store) -> None:
    with store.transaction():
        new = store.inbox.receive([(7, "first")], at=NOW)
        newer = store.inbox.receive([(7, "again"), (8, "next")], at=NOW + SECOND)

    assert (new, newer) == ((7,), (8,))
    assert store.inbox.unread() == ((7, "first"), (8, "next"))


def test_a_finished_update_stays_finished_when_it_is_delivered_again(
    store: Store,
) -> None:
    with store.transaction():
        store.inbox.receive([(7, "tap")], at=NOW)
        store.inbox.finish(7)

    with store.transaction():
        new = store.inbox.receive([(7, "tap")], at=NOW + SECOND)

    assert new == ()
    assert store.inbox.unread() == ()


def test_a_buried_update_does_not_hold_up_the_rest(store: Store) -> None:
    with store.transaction():
        store.inbox.receive([(7, "{"), (8, "tap")], at=NOW)

        store.inbox.give_up_on(7, reason="not JSON")

    assert store.inbox.unread() == ((8, "tap"),)


def test_updates_are_read_as_they_came_even_if_numbers_start_anew(
    store: Store,
) -> None:
    with store.transaction():
        store.inbox.receive([(900, "before the quiet week")], at=NOW)
        store.inbox.receive([(3, "after it")], at=NOW + timedelta(days=8))

    assert [raw for _, raw in store.inbox.unread()] == [
        "before the quiet week",
        "after it",
    ]


def test_an_empty_batch_is_fine(store: Store) -> None:
    with store.transaction():
        store.inbox.receive([], at=NOW)

    assert store.inbox.unread() == ()
