"""The file itself: ours alone, for our eyes only, whole, or not opened at all."""

import errno
import fcntl
import os
import resource
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from core.model.errors import (
    StoreBusy,
    StoreError,
    StoreMisplaced,
    StoreUnavailable,
)
from core.store import disk
from core.store.disk import connected, held, is_checked_at_once, is_held
from core.store.inspection import damage
from core.store.journal import Journal
from tests.builders import NOW
from tests.core.store.journals import open_in, path_in
from tests.values import a_halt


def _fill(journal: Journal, *, lines: int) -> None:
    with journal.transaction():
        for _ in range(lines):
            journal.trail.append(at=NOW, ref="", kind="note", payload="x" * 1_000)


def test_a_journal_has_one_holder(tmp_path: Path) -> None:
    with (
        open_in(tmp_path),
        pytest.raises(StoreBusy, match="Another Openbell is running"),
        open_in(tmp_path),
    ):
        pass


def test_a_journal_that_was_closed_can_be_opened_again(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal, journal.transaction():
        journal.memory.set_halts([a_halt("yes")])

    with open_in(tmp_path) as journal:
        assert journal.memory.halts() == (a_halt("yes"),)


def test_everything_on_disk_is_for_its_owners_eyes_only(tmp_path: Path) -> None:
    directory = tmp_path / "data"

    with open_in(directory) as journal:
        _fill(journal, lines=1)
        journal.backup(directory / "copy.sqlite3")
        modes = {
            file.name: stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()
        }

    assert len(modes) == 6  # the file, its log and index, lock, mark, copy
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_commits_are_synced_and_keys_are_enforced(tmp_path: Path) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }

    with connected(tmp_path / "new.sqlite3") as connection:
        found = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted
        }

    assert found == wanted


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path_in(tmp_path).write_bytes(b"to whom it may concern" * 100)

    with pytest.raises(StoreError, match="not a database"), open_in(tmp_path):
        pass


@pytest.mark.parametrize("end", ["-wal", "-shm"])
def test_a_folder_where_a_file_of_the_journal_belongs_ends_the_start(
    tmp_path: Path, end: str
) -> None:
    """No wait mends it."""
    path = path_in(tmp_path)
    path.with_name(f"{path.name}{end}").mkdir(parents=True)

    with pytest.raises(StoreMisplaced, match=f"{path.name}{end}: "), open_in(tmp_path):
        pass


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal:
        _fill(journal, lines=50)
    whole = path_in(tmp_path).read_bytes()
    path_in(tmp_path).write_bytes(whole[: len(whole) // 2])

    with pytest.raises(StoreError), open_in(tmp_path):
        pass


@pytest.mark.parametrize("page", [4, 9, 14, 19])
def test_a_page_that_was_overwritten_is_found(tmp_path: Path, page: int) -> None:
    with open_in(tmp_path) as journal:
        _fill(journal, lines=50)
    _overwrite(path_in(tmp_path), page=page)

    with pytest.raises(StoreError, match=r"damaged|malformed"), open_in(tmp_path):
        pass


@pytest.mark.parametrize("page", [4, 9, 14, 19])
def test_a_large_one_is_not_looked_through_before_the_start_but_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(disk, "CHECKED_AT_ONCE", 0)
    with open_in(tmp_path) as journal:
        _fill(journal, lines=50)
    well = damage(path_in(tmp_path))
    _overwrite(path_in(tmp_path), page=page)

    assert well is None
    assert not is_checked_at_once(path_in(tmp_path))
    assert damage(path_in(tmp_path)) is not None


def test_a_damaged_copy_is_not_called_a_backup(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal:
        _fill(journal, lines=50)
        _fold_log(journal)
        _overwrite(path_in(tmp_path), page=19)

        with pytest.raises(StoreError, match="damaged"):
            journal.backup(tmp_path / "copy")

    assert not (tmp_path / "copy").exists()


def _fold_log(journal: Journal) -> None:
    """Bring everything from the log into the file itself."""
    journal._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _overwrite(database: Path, *, page: int) -> None:
    with database.open("r+b") as file:
        file.seek(page * 4096)
        file.write(b"\xa5" * 4096)


def test_an_error_that_is_not_the_disks_stays_what_it_is(tmp_path: Path) -> None:
    with (
        open_in(tmp_path) as journal,
        pytest.raises(OverflowError),
        journal.transaction(),
    ):
        journal.inbox.finish(2**70)


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands where the directory should be")

    with pytest.raises(StoreError, match="data"), open_in(tmp_path / "data"):
        pass


def test_a_full_disk_loses_the_transaction_and_nothing_else(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal:
        _fill(journal, lines=1)
        pages = journal._access.value("PRAGMA page_count")
        journal._connection.execute(f"PRAGMA max_page_count = {pages}")

        with pytest.raises(StoreError, match="full"):
            _fill(journal, lines=100)

        lines = list(journal.trail.lines())
        journal._connection.execute("PRAGMA max_page_count = 100000")
        _fill(journal, lines=1)
        assert len(list(journal.trail.lines())) == len(lines) + 1
        assert journal.verify() == ()


def test_a_database_that_another_process_writes_is_busy_and_recovers(
    tmp_path: Path,
) -> None:
    with (
        open_in(tmp_path) as journal,
        closing(sqlite3.connect(path_in(tmp_path), isolation_level=None)) as other,
    ):
        journal._connection.execute("PRAGMA busy_timeout = 10")
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreBusy), journal.transaction():
            journal.memory.set_halts([a_halt("yes")])

        assert journal.memory.halts() == ()
        other.execute("ROLLBACK")
        with journal.transaction():
            journal.memory.set_halts([a_halt("no")])
        assert journal.memory.halts() == (a_halt("no"),)


@pytest.mark.attack(16)
@pytest.mark.parametrize("ending", ["", "-wal"])
@pytest.mark.parametrize("replaced", [False, True])
def test_nothing_is_written_into_a_file_that_is_no_more(
    tmp_path: Path, ending: str, *, replaced: bool
) -> None:
    """SQLite goes on, and what it commits is gone with the process."""
    with open_in(tmp_path) as journal:
        file = Path(f"{path_in(tmp_path)}{ending}")
        if replaced:
            (tmp_path / "other").write_bytes(b"")
            (tmp_path / "other").replace(file)
        else:
            file.unlink()
        with pytest.raises(StoreUnavailable, match="deleted or replaced"):
            _fill(journal, lines=1)

        assert journal.trail.newest() is not None  # it can be read
        with pytest.raises(StoreUnavailable), journal.unsynced():
            pass


@pytest.mark.attack(16)
def test_a_disk_that_is_away_over_the_network_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_away(_: int) -> os.stat_result:
        raise OSError(errno.ESTALE, "Stale file handle")

    with open_in(tmp_path) as journal:
        with monkeypatch.context() as patched:
            patched.setattr(os, "fstat", is_away)
            with pytest.raises(StoreUnavailable, match="Stale"):
                _fill(journal, lines=1)

        _fill(journal, lines=1)


def test_a_disk_that_counts_no_names_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some that are programs (FUSE) say 0 of every file."""
    told = os.fstat

    def without_names(file: int) -> os.stat_result:
        mode, inode, device, _, *rest = told(file)
        return os.stat_result((mode, inode, device, 0, *rest))

    monkeypatch.setattr(os, "fstat", without_names)
    with open_in(tmp_path) as journal:
        _fill(journal, lines=1)


@pytest.mark.attack(30)
def test_deleting_the_lock_file_lets_no_second_one_in(tmp_path: Path) -> None:
    with held(path_in(tmp_path)):
        for lock in tmp_path.rglob("*.lock"):
            lock.unlink()

        with (
            pytest.raises(StoreBusy, match="Another Openbell"),
            held(path_in(tmp_path)),
        ):
            pass


@pytest.mark.attack(30)
@pytest.mark.parametrize("lost", ["lock", "journal"])
@pytest.mark.parametrize("replaced", [False, True])
def test_who_runs_is_known_by_either_of_its_two_files(
    tmp_path: Path, lost: str, *, replaced: bool
) -> None:
    journal = path_in(tmp_path)
    lock = journal.with_name(f"{journal.name}.lock")
    with held(journal):
        gone = lock if lost == "lock" else journal
        gone.unlink()
        if replaced:
            gone.touch()

        assert is_held(journal)

    assert not is_held(journal)


@pytest.mark.attack(16)
def test_a_lock_of_another_program_is_known_to_be_for_now(tmp_path: Path) -> None:
    with (
        open_in(tmp_path) as journal,
        closing(sqlite3.connect(path_in(tmp_path), isolation_level=None)) as other,
    ):
        journal._connection.execute("PRAGMA busy_timeout = 10")
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreUnavailable), journal.transaction():
            journal.memory.set_halts([a_halt("yes")])


@pytest.mark.attack(16)
def test_a_log_that_cannot_be_opened_is_known_to_be_for_now(tmp_path: Path) -> None:
    """As on a disk without room for another file."""
    with open_in(tmp_path):
        pass
    path_in(tmp_path).with_name(f"{path_in(tmp_path).name}-wal").mkdir()

    with pytest.raises(StoreUnavailable, match="unable to open"), open_in(tmp_path):
        pass


@pytest.mark.attack(16)
def test_a_process_with_too_many_open_files_waits(tmp_path: Path) -> None:
    with open_in(tmp_path):
        pass
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_lowest_free(), limits[1]))
    try:
        with pytest.raises(StoreUnavailable), open_in(tmp_path):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def _lowest_free() -> int:
    """The descriptor that the next file would get."""
    number = os.open(os.devnull, os.O_RDONLY)
    os.close(number)
    return number


@pytest.mark.attack(16)
@pytest.mark.parametrize("name", ["EROFS", "ENOMEM", "ETIMEDOUT", "ENOTCONN"])
def test_a_disk_that_is_away_or_read_only_is_known_to_be_for_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def fails(*_: object, **__: object) -> int:
        raise OSError(getattr(errno, name), "not now")

    monkeypatch.setattr(os, "open", fails)

    with pytest.raises(StoreUnavailable, match="not now"), open_in(tmp_path):
        pass


@pytest.mark.attack(16)
def test_a_disk_without_locks_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", fails)

    with pytest.raises(StoreUnavailable, match="No locks"), open_in(tmp_path):
        pass


@pytest.mark.attack(16)
def test_a_full_disk_is_known_to_be_for_now(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal:
        pages = journal._access.value("PRAGMA page_count")
        journal._connection.execute(f"PRAGMA max_page_count = {pages}")

        with pytest.raises(StoreUnavailable), journal.transaction():
            journal.memory.set_halts([a_halt("x" * 100_000)])

        assert journal.memory.halts() == ()
