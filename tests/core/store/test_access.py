"""A commit is synced, but for what is kept to be synced with the next one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.model.errors import Contradiction
from core.store.journal import Journal
from tests.builders import NOW
from tests.core.store.journals import open_in, path_in
from tests.values import a_halt


FULL, NORMAL = 2, 1
"""Of PRAGMA synchronous: in WAL mode only the first syncs each commit."""


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with open_in(tmp_path) as journal:
        yield journal


def _receive(journal: Journal, number: int) -> int:
    """Keep an update; with which setting it was committed."""
    with journal.inbox.unsynced():
        journal.inbox.receive([(number, "{}")], at=NOW)
        setting: int = journal._access.value("PRAGMA synchronous")
    return setting


def _commits_of_a_sync(journal: Journal) -> int:
    said: list[str] = []
    journal._connection.set_trace_callback(said.append)
    journal.inbox.sync()
    journal._connection.set_trace_callback(None)
    return said.count("COMMIT")


def test_an_update_is_kept_without_a_sync_and_the_rest_with_one(
    journal: Journal,
) -> None:
    assert _receive(journal, 1) == NORMAL
    with journal.transaction():
        assert journal._access.value("PRAGMA synchronous") == FULL
    assert journal.inbox.unread() == ((1, "{}"),)


def test_what_is_not_synced_is_synced_once(journal: Journal) -> None:
    _receive(journal, 1)

    assert _commits_of_a_sync(journal) == 1
    assert _commits_of_a_sync(journal) == 0


def test_the_next_write_syncs_what_came_before(journal: Journal) -> None:
    _receive(journal, 1)
    with journal.transaction():
        journal.memory.set_halts([a_halt("yes")])

    assert _commits_of_a_sync(journal) == 0


def _halt_in_vain(journal: Journal) -> None:
    with journal.transaction():
        journal.memory.set_halts([a_halt("yes")])
        raise KeyError


def test_a_transaction_that_writes_nothing_or_fails_syncs_nothing(
    journal: Journal,
) -> None:
    _receive(journal, 1)
    with journal.transaction():
        journal.inbox.receive([(1, "again")], at=NOW)
    with pytest.raises(KeyError):
        _halt_in_vain(journal)

    assert _commits_of_a_sync(journal) == 1


def test_the_mark_waits_for_the_sync(tmp_path: Path) -> None:
    """Else a power failure would leave it ahead: the right journal would seem old."""
    with open_in(tmp_path) as journal:
        at_first = _mark_of(tmp_path)
        with journal.unsynced():
            journal.trail.append(at=NOW, ref="", kind="note", payload="")
        before = _mark_of(tmp_path)
        journal.sync()

        assert before == at_first
        assert _mark_of(tmp_path) != before


def _mark_of(tmp_path: Path) -> bytes:
    path = path_in(tmp_path)
    return path.with_name(f"{path.name}.high-water").read_bytes()


def test_what_an_earlier_run_left_is_synced_before_it_is_confirmed(
    tmp_path: Path,
) -> None:
    """A process that is killed may have committed without a sync."""
    with open_in(tmp_path):
        pass
    with open_in(tmp_path) as journal:
        assert _commits_of_a_sync(journal) == 1


def test_one_that_fails_leaves_the_next_ones_synced(journal: Journal) -> None:
    with pytest.raises(Contradiction), journal.transaction(), journal.inbox.unsynced():
        pass

    assert journal._access.value("PRAGMA synchronous") == FULL


def _log_of(tmp_path: Path) -> bytes:
    """SQLite syncs a commit with the pages that it appends here: with none, never."""
    path = path_in(tmp_path)
    return path.with_name(f"{path.name}-wal").read_bytes()


def test_a_sync_has_something_to_sync(journal: Journal, tmp_path: Path) -> None:
    """SQLite writes no page whose bytes stay the same, and then syncs nothing."""
    for number in (1, 2, 3):
        _receive(journal, number)
        before = _log_of(tmp_path)
        journal.inbox.sync()

        assert _log_of(tmp_path) != before


def test_a_write_of_what_is_there_already_syncs_what_came_before(
    journal: Journal, tmp_path: Path
) -> None:
    with journal.transaction():
        journal.memory.set_halts([a_halt("yes")])
    _receive(journal, 1)
    before = _log_of(tmp_path)
    with journal.transaction():
        journal.memory.set_halts([a_halt("yes")])
    journal.inbox.sync()

    assert _log_of(tmp_path) != before
