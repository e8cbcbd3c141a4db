"""What a power failure takes: the commits that were not synced, and no others."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.store.journal import Journal
from tests.builders import NOW
from tests.core.store.journals import open_in, path_in
from tests.simulation.disk import Disk, watched
from tests.values import a_halt


BOT = 0
"""The life that a test is."""


@pytest.fixture
def disk() -> Iterator[Disk]:
    with watched() as disk:
        yield disk


@pytest.fixture
def journal(disk: Disk, tmp_path: Path) -> Iterator[Journal]:
    with open_in(tmp_path) as journal:
        yield journal


def _receive(journal: Journal, number: int) -> None:
    with journal.unsynced():
        journal.inbox.receive([(number, "{}")], at=NOW)


def _left(disk: Disk, folder: Path) -> list[int]:
    """The updates that a power failure would leave."""
    with (
        disk.survivor(path_in(folder), BOT) as left,
        closing(sqlite3.connect(left)) as database,
    ):
        found = database.execute("SELECT update_id FROM inbox ORDER BY 1")
        return [number for (number,) in found]


def test_what_is_not_synced_is_gone(
    disk: Disk, journal: Journal, tmp_path: Path
) -> None:
    _receive(journal, 1)
    journal.sync()
    _receive(journal, 2)
    _receive(journal, 3)

    assert _left(disk, tmp_path) == [1]
    assert disk.lost_updates(path_in(tmp_path), BOT) == {2, 3}


def test_the_next_write_saves_it(disk: Disk, journal: Journal, tmp_path: Path) -> None:
    _receive(journal, 1)
    with journal.transaction():
        journal.memory.set_halts([a_halt("yes")])

    assert _left(disk, tmp_path) == [1]
    assert disk.unsynced(BOT) == {}


def test_a_commit_that_writes_nothing_saves_nothing(
    disk: Disk, journal: Journal, tmp_path: Path
) -> None:
    _receive(journal, 1)
    with journal.transaction():
        journal.inbox.finish(99)

    assert _left(disk, tmp_path) == []


def test_in_the_middle_of_a_transaction_nothing_of_it_is_saved(
    disk: Disk, journal: Journal, tmp_path: Path
) -> None:
    _receive(journal, 1)
    with journal.transaction():
        journal.inbox.receive([(2, "{}")], at=NOW)

        assert _left(disk, tmp_path) == []


def test_what_a_checkpoint_moved_is_lost_whole_or_not_at_all(
    disk: Disk, journal: Journal, tmp_path: Path
) -> None:
    """Two checkpoints between two syncs: what is left is a sound journal of before."""
    journal.sync()
    for number in range(600):
        _receive(journal, number)

    assert _left(disk, tmp_path) == []
