"""The audit trail can only grow, and shows where somebody has been at it."""

import csv
import sqlite3
import time
from contextlib import closing
from dataclasses import astuple
from io import StringIO
from pathlib import Path

import pytest

from core.model.audit import AuditTrail
from core.model.errors import Contradiction, StoreError
from core.store import inspection
from core.store.journal import Journal
from tests.builders import NOW
from tests.core.store.journals import open_in, path_in


def _write(directory: Path, *, lines: int) -> None:
    with open_in(directory) as journal:
        for number in range(lines):
            _note(journal, f"line {number}")


def _note(journal: Journal, payload: str) -> None:
    with journal.transaction():
        journal.trail.append(at=NOW, ref="tb-x-1", kind="note", payload=payload)


def _note_in_vain(journal: Journal) -> None:
    with journal.transaction():
        journal.trail.append(at=NOW, ref="", kind="note", payload="lost")
        raise KeyError


def _tamper(directory: Path, statement: str) -> None:
    """Change the trail as somebody would who has the file and means it."""
    with closing(sqlite3.connect(path_in(directory))) as connection, connection:
        connection.execute("DROP TRIGGER event_refuses_update")
        connection.execute("DROP TRIGGER event_refuses_delete")
        connection.execute(statement)


def _tamper_again(directory: Path, statement: str) -> None:
    with closing(sqlite3.connect(path_in(directory))) as connection, connection:
        connection.execute(statement)


def _rows(table: StringIO) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(table.getvalue(), newline="")))


def test_lines_stand_in_order_with_all_they_say(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal:
        _note(journal, "gekauft: 100 QRVX für 482 €")
        *_, line = journal.trail.lines()

    assert (line.seq, line.ref, line.kind) == (2, "tb-x-1", "note")
    assert line.payload == "gekauft: 100 QRVX für 482 €"
    assert line.at == "2026-11-23T14:41:07.000000+00:00"


def test_a_whole_trail_has_no_faults(tmp_path: Path) -> None:
    _write(tmp_path, lines=20)

    assert inspection.verify(path_in(tmp_path)) == ()


def test_a_line_that_fails_to_be_written_breaks_no_chain(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal:
        with pytest.raises(KeyError):
            _note_in_vain(journal)
        _note(journal, "kept")
        found = journal.verify()

    assert found == ()


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE event SET payload = 'x' WHERE seq = 5", "line 6 does not follow"),
        ("UPDATE event SET ts = ts || ' ' WHERE seq = 5", "line 6 does not follow"),
        ("UPDATE event SET ref = 'tb-y-1' WHERE seq = 5", "line 6 does not follow"),
        ("UPDATE event SET prev_hash = '' WHERE seq = 5", "line 5 does not follow"),
        ("DELETE FROM event WHERE seq = 5", "lines 5 to 5 are missing"),
        ("DELETE FROM event WHERE seq = 1", "lines 1 to 1 are missing"),
        ("DELETE FROM event WHERE seq > 8", "old copy"),
    ],
)
def test_tampering_shows(tmp_path: Path, statement: str, word: str) -> None:
    _write(tmp_path, lines=9)

    _tamper(tmp_path, statement)

    assert any(word in fault for fault in inspection.verify(path_in(tmp_path)))


@pytest.mark.parametrize(
    "statement", ["UPDATE event SET kind = 'x'", "DELETE FROM event"]
)
def test_the_database_itself_refuses_to_change_a_line(
    tmp_path: Path, statement: str
) -> None:
    with (
        open_in(tmp_path) as journal,
        pytest.raises(Contradiction, match="append-only"),
        journal.transaction(),
    ):
        journal._access.change(statement)


def test_the_trail_can_be_read_beside_a_running_bot(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal:
        _note(journal, "while it runs")
        table = StringIO(newline="")
        found = inspection.export(path_in(tmp_path), table)
        faults = inspection.verify(path_in(tmp_path))

    assert [row["raw"] for row in _rows(table)][1:] == ["while it runs"]
    assert found == AuditTrail(lines=2, first=NOW, last=NOW, faults=())
    assert faults == ()


def test_what_is_exported_is_what_was_written(tmp_path: Path) -> None:
    table = StringIO(newline="")
    with open_in(tmp_path) as journal:
        _note(journal, 'gekauft: "100, QRVX"\nfür 482 €')
        inspection.export(path_in(tmp_path), table)
        *_, line = journal.trail.lines()

    *_, row = _rows(table)
    kept = (row["seq"], row["at_utc"], row["order"], row["event"], row["raw"])
    assert (*kept, row["hash_before"]) == tuple(str(field) for field in astuple(line))


def test_the_export_of_a_broken_trail_is_complete_and_says_where_it_is_broken(
    tmp_path: Path,
) -> None:
    _write(tmp_path, lines=9)
    _tamper(tmp_path, "DELETE FROM event WHERE seq = 5")
    _tamper_again(tmp_path, "UPDATE event SET ts = 'yesterday' WHERE seq = 10")
    table = StringIO(newline="")

    found = inspection.export(path_in(tmp_path), table)

    assert len(_rows(table)) == found.lines == 9
    missing, changed = found.faults
    assert missing == "audit lines 5 to 5 are missing"
    assert changed.startswith("audit line 10 is not the one that was sealed")
    assert (found.first, found.last) == (NOW, None)


def test_looking_at_a_journal_that_is_not_there_makes_none(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no journal"):
        inspection.verify(path_in(tmp_path))

    assert list(tmp_path.iterdir()) == []


async def test_a_long_trail_is_read_beside_the_loop(tmp_path: Path) -> None:
    with open_in(tmp_path) as journal, journal.transaction():
        for number in range(3_000):
            journal.trail.append(
                at=NOW, ref="tb-x-1", kind="note", payload=f"line {number}"
            )
    ours, all_threads = time.thread_time(), time.process_time()

    found = await inspection.Archive(path_in(tmp_path)).export(StringIO())

    ours, all_threads = time.thread_time() - ours, time.process_time() - all_threads
    assert found.lines == 3_001
    assert ours < all_threads / 2
