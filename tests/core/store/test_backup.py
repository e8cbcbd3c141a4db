"""A backup is whole, made while the journal is used, and never replaces a file."""

import shutil
from pathlib import Path

import pytest

from core.model.errors import StoreError
from core.store.backup import back_up
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


def test_a_backup_into_nowhere_says_so(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal, pytest.raises(StoreError, match="Cannot write"):
        journal.backup(tmp_path / "no" / "such" / "place")
