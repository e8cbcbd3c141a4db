"""A copy that is brought back is marked as one, and nothing is lost by bringing it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.model.errors import StoreBusy, StoreError
from core.model.proposal import ProposalId
from core.store.copies.backup import back_up
from core.store.copies.exported import RecordingFiles
from core.store.copies.restore import restore
from tests.builders import NOW, a_proposal
from tests.core.store.journals import open_in, path_in


LATER = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of a journal that went on afterwards: it gave an order id away."""
    to = tmp_path / "copy"
    with open_in(tmp_path) as journal:
        with journal.transaction():
            journal.proposals.add(a_proposal())
            journal.trail.append(at=NOW, ref="", kind="card", payload="")
        journal.backup(to)
        with journal.transaction():
            journal.memory.raise_order_id_high(41)
    return to


def test_the_next_start_finds_it_restored_and_the_order_ids_go_on(
    tmp_path: Path, copy: Path
) -> None:
    restore(copy, path_in(tmp_path), now=LATER)

    with open_in(tmp_path) as journal:
        assert journal.stale() is not None
        assert journal.proposals.offers() == (a_proposal(),)
        assert journal.memory.order_id_high() == 41
        assert journal.verify() == ()


def test_also_a_copy_of_the_very_last_state_is_marked(tmp_path: Path) -> None:
    with open_in(tmp_path):
        pass
    back_up(path_in(tmp_path), tmp_path / "copy")

    restore(tmp_path / "copy", path_in(tmp_path), now=LATER)

    with open_in(tmp_path) as journal:
        assert journal.stale() == "it was restored from copy at 2026-11-24 09:30 UTC"
        journal.accept(at=NOW)
    with open_in(tmp_path) as journal:
        assert journal.stale() is None


def test_what_was_there_is_put_aside_whole(tmp_path: Path, copy: Path) -> None:
    aside = restore(copy, path_in(tmp_path), now=LATER)

    assert aside is not None
    (tmp_path / "old").mkdir()
    aside.replace(path_in(tmp_path / "old"))
    with open_in(tmp_path / "old") as before:
        assert before.memory.order_id_high() == 41


def test_what_is_put_aside_in_the_same_second_replaces_nothing(
    tmp_path: Path, copy: Path
) -> None:
    first = restore(copy, path_in(tmp_path), now=LATER)
    second = restore(copy, path_in(tmp_path), now=LATER)

    assert first is not None
    assert second not in {first, None}
    (tmp_path / "old").mkdir()
    first.replace(path_in(tmp_path / "old"))
    with open_in(tmp_path / "old") as before:
        assert before.memory.order_id_high() == 41


def test_into_an_empty_folder_nothing_is_put_aside(tmp_path: Path, copy: Path) -> None:
    new = tmp_path / "new"

    assert restore(copy, path_in(new), now=LATER) is None
    with open_in(new) as journal:
        assert journal.stale() is not None
    assert not list(new.glob("*.before-*"))


def test_beside_a_running_bot_nothing_is_changed(tmp_path: Path, copy: Path) -> None:
    with open_in(tmp_path) as journal:
        with pytest.raises(StoreBusy):
            restore(copy, path_in(tmp_path), now=LATER)
        assert journal.stale() is None


def torn(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    file.write_bytes(data)


def of_a_newer_openbell(file: Path) -> None:
    with closing(sqlite3.connect(file)) as opened, opened:
        opened.execute("UPDATE alembic_version SET version_num = '9999'")


def with_a_line_cut_out(file: Path) -> None:
    with closing(sqlite3.connect(file)) as opened, opened:
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in opened.execute(names).fetchall():
            opened.execute(f'DROP TRIGGER "{name}"')
        opened.execute("DELETE FROM event WHERE seq = 1")


def no_journal(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as opened, opened:
        opened.execute("CREATE TABLE mine (a)")


def gone(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize(
    "harm", [torn, of_a_newer_openbell, with_a_line_cut_out, no_journal, gone]
)
def test_a_copy_that_is_not_whole_changes_nothing(
    tmp_path: Path, copy: Path, harm: Callable[[Path], None]
) -> None:
    harm(copy)
    before = path_in(tmp_path).read_bytes()

    with pytest.raises(StoreError) as told:
        restore(copy, path_in(tmp_path), now=LATER)

    sentence = str(told.value)
    assert sentence.startswith(f"{copy} cannot be restored, and nothing was changed: ")
    assert path_in(tmp_path).read_bytes() == before
    with open_in(tmp_path) as journal:
        assert journal.stale() is None


def test_recorded_scans_beside_the_copy_come_back_with_it(tmp_path: Path) -> None:
    card, new = ProposalId("a"), tmp_path / "new"
    with open_in(tmp_path):
        pass
    RecordingFiles(path_in(tmp_path)).write(card, ["one"])
    back_up(path_in(tmp_path), tmp_path / "copies.sqlite3")

    restore(tmp_path / "copies.sqlite3", path_in(new), now=LATER)
    restore(tmp_path / "copies.sqlite3", path_in(new), now=LATER)

    assert RecordingFiles(path_in(new)).has(card)
