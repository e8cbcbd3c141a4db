"""A backup is whole, made while the journal is used, and never replaces a file."""

import errno
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.model.errors import StoreError, StoreLocked, StoreUnavailable
from core.model.proposal import ProposalId
from core.store.copies import backup
from core.store.copies.backup import back_up, back_up_into
from core.store.copies.exported import RecordingFiles
from tests.builders import a_proposal
from tests.core.store.journals import open_in, path_in


def test_a_backup_holds_what_was_committed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with open_in(tmp_path) as journal:
        with journal.transaction():
            journal.proposals.add(a_proposal())
        journal.backup(path_in(elsewhere))

    with open_in(elsewhere) as copy:
        assert copy.proposals.offers() == (a_proposal(),)
        assert copy.verify() == ()


def test_a_backup_amid_a_transaction_has_none_of_it(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal, journal.transaction():
        journal.proposals.add(a_proposal())
        journal.backup(tmp_path / "copy")
    shutil.move(tmp_path / "copy", path_in(tmp_path))

    with open_in(tmp_path) as journal:
        assert journal.proposals.offers() == ()


def test_a_backup_is_one_file(tmp_path: Path) -> None:
    target = tmp_path / "backups"
    target.mkdir()

    with open_in(tmp_path) as journal:
        journal.backup(target / "copy")

    assert [file.name for file in target.iterdir()] == ["copy"]


def test_a_backup_never_replaces_a_file(tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("precious")

    with open_in(tmp_path) as journal, pytest.raises(StoreError, match="exists"):
        journal.backup(tmp_path / "copy")

    assert (tmp_path / "copy").read_text() == "precious"


def test_a_backup_that_fails_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        back_up(tmp_path / "nothing there", tmp_path / "copy")

    assert list(tmp_path.iterdir()) == []


def test_a_backup_that_fails_names_both_files(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.write_bytes(b"no database" * 100)

    with pytest.raises(StoreError) as told:
        back_up(here, there)

    assert str(told.value).startswith(f"{here} cannot be copied to {there}.part: ")
    assert not there.exists()


@pytest.mark.attack(16)
def test_a_backup_of_a_journal_that_is_locked_ends_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's own copying tries again for ever."""
    monkeypatch.setattr(backup, "PATIENT", 0.01)
    with open_in(tmp_path):
        pass
    with closing(sqlite3.connect(path_in(tmp_path), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreLocked, match="database is locked"):
            back_up(path_in(tmp_path), tmp_path / "copy.sqlite3")

    assert list(tmp_path.glob("copy*")) == []


def test_a_backup_into_nowhere_says_so(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal, pytest.raises(StoreError, match="Cannot write"):
        journal.backup(tmp_path / "no" / "such" / "place")


def at(day: int) -> datetime:
    return datetime(2026, 11, day, 20, 30, tzinfo=UTC)


def test_of_copies_with_their_moment_only_the_newest_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    with open_in(tmp_path):
        pass
    folder.mkdir()
    (folder / "openbell-mine.sqlite3").write_text("not made by this")

    for day in (23, 24):
        back_up_into(folder, path_in(tmp_path), now=at(day), keep=2)
    copy, old = back_up_into(folder, path_in(tmp_path), now=at(25), keep=2)

    assert copy.name == "openbell-20261125T203000.sqlite3"
    assert [each.name for each in old] == ["openbell-20261123T203000.sqlite3"]
    assert sorted(each.name for each in folder.iterdir()) == [
        "openbell-20261124T203000.sqlite3",
        "openbell-20261125T203000.sqlite3",
        "openbell-mine.sqlite3",
    ]


def test_a_clock_set_back_never_costs_the_newest_copy(tmp_path: Path) -> None:
    """What has a moment still to come was made by a clock that was ahead: before."""
    folder = tmp_path / "copies"
    with open_in(tmp_path):
        pass

    for day in (28, 29):
        back_up_into(folder, path_in(tmp_path), now=at(day), keep=2)
    made, _ = back_up_into(folder, path_in(tmp_path), now=at(24), keep=2)
    last, old = back_up_into(folder, path_in(tmp_path), now=at(25), keep=2)

    assert [each.name for each in old] == ["openbell-20261129T203000.sqlite3"]
    assert sorted(folder.iterdir()) == [made, last]


def test_a_copy_has_its_name_once_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what a power failure leaves of one counts among those that are kept."""
    folder = tmp_path / "copies"
    with open_in(tmp_path):
        pass

    def killed(_here: Path, there: Path) -> None:
        there.write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as then:
        then.setattr(backup, "copied", killed)
        with pytest.raises(KeyboardInterrupt):
            back_up_into(folder, path_in(tmp_path), now=at(23), keep=2)
    half = [each.name for each in folder.iterdir()]
    copy, old = back_up_into(folder, path_in(tmp_path), now=at(24), keep=2)

    assert half == ["openbell-20261123T203000.sqlite3.part"]
    assert old == ()
    assert list(folder.iterdir()) == [copy]


def test_a_copy_has_its_name_once_its_recorded_scans_are_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a loss of power in between leaves a copy that counts as whole."""
    folder = tmp_path / "copies"
    with open_in(tmp_path):
        pass
    exported(tmp_path, "a")
    seen: list[str] = []

    def seen_and_killed(_self: RecordingFiles, _others: RecordingFiles) -> None:
        seen.extend(each.name for each in folder.iterdir())
        raise KeyboardInterrupt

    for copy in (
        lambda: back_up_into(folder, path_in(tmp_path), now=at(23), keep=2),
        lambda: back_up(path_in(tmp_path), folder / "copy"),
    ):
        with monkeypatch.context() as then:
            then.setattr(RecordingFiles, "copy_to", seen_and_killed)
            with pytest.raises(KeyboardInterrupt):
                copy()

    assert seen
    assert all(each.endswith(".part") for each in seen)
    back_up(path_in(tmp_path), folder / "copy")  # what was left is not in the way
    assert (folder / "copy").exists()


@pytest.mark.attack(16)
@pytest.mark.parametrize("name", ["rename", "replace"], ids=["copy", "recorded scan"])
def test_a_disk_that_is_full_at_a_name_may_have_room_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A start that has to migrate makes a copy, and waits for what may end."""

    def fails(_self: Path, _to: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    with open_in(tmp_path):
        pass
    exported(tmp_path, "a")
    monkeypatch.setattr(Path, name, fails)
    with pytest.raises(StoreUnavailable, match="No space left"):
        back_up_into(tmp_path / "copies", path_in(tmp_path), now=at(23), keep=2)


def test_a_copy_that_cannot_be_made_costs_no_older_one(tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    with open_in(tmp_path):
        pass
    back_up_into(folder, path_in(tmp_path), now=at(23), keep=1)

    with pytest.raises(StoreError):
        back_up_into(folder, tmp_path / "nothing there", now=at(24), keep=1)

    assert len(list(folder.iterdir())) == 1


def exported(directory: Path, card: str, text: str = "one") -> Path:
    """A recorded scan that left the journal in *directory*."""
    RecordingFiles(path_in(directory)).write(ProposalId(card), [text])
    return directory / f"{path_in(directory).stem}-recordings"


def test_recorded_scans_that_left_the_journal_are_kept_beside_its_copies(
    tmp_path: Path,
) -> None:
    """They left the journal for a folder that no copy had."""
    folder, beside = tmp_path / "copies", tmp_path / "one"
    beside.mkdir()
    with open_in(tmp_path):
        pass
    there = exported(tmp_path, "a")

    back_up_into(folder, path_in(tmp_path), now=at(23), keep=1)
    exported(tmp_path, "b")
    back_up_into(folder, path_in(tmp_path), now=at(24), keep=1)
    back_up(path_in(tmp_path), beside / "copy")

    for copies in (folder, beside):
        files = {
            each.name: each.read_bytes() for each in (copies / there.name).iterdir()
        }
        assert files == {each.name: each.read_bytes() for each in there.iterdir()}
        assert len(files) == 2


def test_a_kept_scan_is_never_replaced_and_half_a_copy_is_not_taken_for_one(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "copies"
    with open_in(tmp_path):
        pass
    exported(tmp_path, "a")
    back_up_into(folder, path_in(tmp_path), now=at(23), keep=1)
    kept = {each: each.read_bytes() for each in folder.glob("*/*")}
    exported(tmp_path, "a", "damaged since")
    (folder / f"{path_in(tmp_path).stem}-recordings" / "b.jsonl.new").write_text("half")
    exported(tmp_path, "b")

    back_up_into(folder, path_in(tmp_path), now=at(24), keep=1)

    (a, before), *_ = kept.items()
    assert a.read_bytes() == before
    assert sorted(each.name for each in folder.glob("*/*")) == [
        "a.jsonl.gz",
        "b.jsonl.gz",
    ]


def test_scans_that_cannot_be_kept_are_told_and_the_copy_of_the_journal_stays(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "copies"
    with open_in(tmp_path):
        pass
    back_up_into(folder, path_in(tmp_path), now=at(23), keep=1)
    exported(tmp_path, "a")
    (folder / f"{path_in(tmp_path).stem}-recordings").write_text("in the way")

    with pytest.raises(StoreError, match="recorded scans"):
        back_up_into(folder, path_in(tmp_path), now=at(24), keep=1)

    assert len(list(folder.glob("*.sqlite3"))) == 2
