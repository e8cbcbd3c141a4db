"""A database that is not the one written last is noticed, until somebody accepts it."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from core.store.high_water import NOTHING, HighWater, difference
from core.store.inspection import verify
from core.store.journal import Journal
from tests.builders import NOW
from tests.core.store.journals import open_in, path_in


SECRET = "a phrase of the owner's"  # noqa: S105  a test's own
HERE = HighWater(db_uuid="ours", seq=10, order_id=41)


def _mark(directory: Path) -> Path:
    return directory / f"{path_in(directory).name}.high-water"


def _go_on(journal: Journal, *, order_id: int) -> None:
    with journal.transaction():
        journal.trail.append(at=NOW, ref="", kind="note", payload="")
        journal.memory.raise_order_id_high(order_id)


def _restore_an_old_copy(directory: Path) -> None:
    with open_in(directory) as journal:
        _go_on(journal, order_id=41)
        journal.backup(directory / "yesterday")
        _go_on(journal, order_id=42)
    shutil.copy(directory / "yesterday", path_in(directory))


@pytest.mark.parametrize(
    ("known", "found", "word"),
    [
        pytest.param(HERE, HERE, None, id="the same"),
        pytest.param(
            HERE, HighWater(db_uuid="ours", seq=11, order_id=42), None, id="ahead"
        ),
        pytest.param(
            HERE, HighWater(db_uuid="ours", seq=9, order_id=41), "old", id="fewer lines"
        ),
        pytest.param(
            HERE, HighWater(db_uuid="ours", seq=10, order_id=40), "old", id="lower id"
        ),
        pytest.param(
            HERE,
            HighWater(db_uuid="theirs", seq=99, order_id=99),
            "another",
            id="other",
        ),
        pytest.param(
            HERE, HighWater(db_uuid="", seq=0, order_id=0), "another", id="new file"
        ),
        pytest.param(None, HERE, "without", id="no mark"),
        pytest.param(
            None, HighWater(db_uuid="ours", seq=1, order_id=0), None, id="just born"
        ),
        pytest.param(NOTHING, HERE, "read", id="unreadable mark"),
    ],
)
def test_the_mark_tells_what_is_wrong(
    known: HighWater | None, found: HighWater, word: str | None
) -> None:
    told = difference(known, found)

    if word is None:
        assert told is None
    else:
        assert told is not None
        assert word in told


def test_a_journal_that_goes_on_is_not_stale(tmp_path: Path) -> None:
    for order_id in range(3):
        with open_in(tmp_path) as journal:
            assert journal.stale() is None
            _go_on(journal, order_id=order_id)


def test_an_old_copy_is_noticed_at_every_start_until_it_is_accepted(
    tmp_path: Path,
) -> None:
    _restore_an_old_copy(tmp_path)

    for _ in range(2):
        with open_in(tmp_path) as journal:
            assert journal.stale() is not None
            _go_on(journal, order_id=42)
    with open_in(tmp_path) as journal:
        journal.accept(at=NOW)

    with open_in(tmp_path) as journal:
        assert journal.stale() is None


def test_a_copy_that_is_brought_back_twice_is_noticed_twice(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal:
        journal.backup(tmp_path / "yesterday")
        _go_on(journal, order_id=0)

    for _ in range(2):
        shutil.copy(tmp_path / "yesterday", path_in(tmp_path))
        with open_in(tmp_path) as journal:
            assert journal.stale() is not None


def test_accepting_ends_it_at_once(tmp_path: Path) -> None:
    _restore_an_old_copy(tmp_path)

    with open_in(tmp_path) as journal:
        journal.accept(at=NOW)
        after = journal.stale()

    assert after is None


def test_what_was_replaced_by_an_accepted_copy_is_foreign_afterwards(
    tmp_path: Path,
) -> None:
    with open_in(tmp_path) as journal:
        _go_on(journal, order_id=41)
        journal.backup(tmp_path / "old")
        _go_on(journal, order_id=42)
    shutil.copy(path_in(tmp_path), tmp_path / "newest")
    shutil.copy(tmp_path / "old", path_in(tmp_path))
    with open_in(tmp_path) as journal:
        journal.accept(at=NOW)

    shutil.copy(tmp_path / "newest", path_in(tmp_path))

    with open_in(tmp_path) as journal:
        assert journal.stale() is not None


def test_no_order_id_is_given_twice_after_a_restore(tmp_path: Path) -> None:
    _restore_an_old_copy(tmp_path)

    with open_in(tmp_path) as journal:
        assert journal.memory.order_id_high() == 42


def test_a_database_that_vanished_is_noticed(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal:
        _go_on(journal, order_id=41)
    path_in(tmp_path).unlink()

    with open_in(tmp_path) as journal:
        assert journal.stale() is not None
        assert journal.memory.order_id_high() == 41
        journal.accept(at=NOW)
        assert journal.stale() is None


def test_a_database_from_elsewhere_is_noticed(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal:
        _go_on(journal, order_id=41)
    _mark(tmp_path).unlink()

    with open_in(tmp_path) as journal:
        assert journal.stale() is not None


@pytest.mark.parametrize("line", ["", "rubbish", '["a"]', '[1, "x", 5, 5]'])
def test_a_mark_that_cannot_be_read_is_never_taken_for_a_match(
    tmp_path: Path, line: str
) -> None:
    with open_in(tmp_path) as journal:
        _go_on(journal, order_id=41)
    _mark(tmp_path).write_text(line)

    with open_in(tmp_path) as journal:
        assert journal.stale() is not None


def test_a_mark_that_cannot_be_written_does_not_undo_the_commit(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_in(tmp_path) as journal:
        writable = journal._mark._file
        with _mark(tmp_path).open() as only_readable:
            journal._mark._file = only_readable.fileno()
            _go_on(journal, order_id=41)
        journal._mark._file = writable
        kept = journal.memory.order_id_high()

    assert kept == 41
    assert "could not be written" in caplog.text


def test_a_mark_that_was_changed_by_hand_is_not_believed(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal:
        _go_on(journal, order_id=41)
    line = _mark(tmp_path).read_text()

    _mark(tmp_path).write_text(line.replace(" 41,", " 40,"))

    assert line != _mark(tmp_path).read_text()
    with open_in(tmp_path) as journal:
        assert journal.stale() is not None


# the seal of the newest line


def _change_the_newest_line(directory: Path) -> None:
    """As somebody would who knows SQL, and not the seal."""
    with sqlite3.connect(path_in(directory)) as database:
        database.execute("DROP TRIGGER event_refuses_update")
        database.execute(
            "UPDATE event SET payload = 'nothing happened' "
            "WHERE seq = (SELECT max(seq) FROM event)"
        )
    database.close()


@pytest.mark.attack(8)
@pytest.mark.parametrize("secret", ["", SECRET])
def test_the_newest_audit_line_cannot_be_changed_unnoticed(
    tmp_path: Path, secret: str
) -> None:
    with open_in(tmp_path, secret=secret) as journal:
        _go_on(journal, order_id=41)
    assert verify(path_in(tmp_path), secret=secret) == ()

    _change_the_newest_line(tmp_path)

    (fault,) = verify(path_in(tmp_path), secret=secret)
    assert "is not the one that was sealed" in fault
    with open_in(tmp_path, secret=secret) as journal:
        assert journal.stale() is not None


@pytest.mark.attack(8)
@pytest.mark.parametrize("forged_with", ["", "another secret of theirs"])
def test_who_lacks_the_secret_cannot_make_the_seal(
    tmp_path: Path, forged_with: str
) -> None:
    with open_in(tmp_path, secret=SECRET) as journal:
        _go_on(journal, order_id=41)
    _change_the_newest_line(tmp_path)
    with open_in(tmp_path, secret=forged_with) as journal:
        journal.accept(at=NOW)  # writes a mark that fits what was changed

    with open_in(tmp_path, secret=SECRET) as journal:
        assert journal.stale() is not None


def test_a_mark_from_before_seals_is_believed_without_a_secret_only(
    tmp_path: Path,
) -> None:
    with open_in(tmp_path) as journal:
        _go_on(journal, order_id=41)
        unsealed = journal._progress()._replace(seal="")
        journal._mark.write(unsealed)

    assert verify(path_in(tmp_path)) == ()
    assert verify(path_in(tmp_path), secret=SECRET) != ()


def test_a_line_written_after_the_mark_does_not_break_it(tmp_path: Path) -> None:
    """A crash between the commit and the mark."""
    with open_in(tmp_path) as journal:
        _go_on(journal, order_id=41)
        before = _mark(tmp_path).read_text()
        _go_on(journal, order_id=42)
    _mark(tmp_path).write_text(before)

    with open_in(tmp_path) as journal:
        assert journal.stale() is None
