"""What was committed is there after any crash, and nothing of what was not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.model.errors import StoreBusy
from core.store.journal import Journal
from tests.builders import NOW
from tests.core.store.journals import open_in, path_in
from tests.core.store.writer import write_one


ROOT = Path(__file__).parents[3]


def _writer(directory: Path, *, largest_file: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.core.store.writer"]
    return subprocess.Popen(  # noqa: S603  our own interpreter
        [*command, str(directory), str(largest_file)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def _killed_after(commits: int, directory: Path) -> int:
    """Kill a writer at some moment after *commits*; the last number it printed."""
    with _writer(directory) as child:
        assert child.stdout is not None
        printed = [int(child.stdout.readline()) for _ in range(commits)]
        child.kill()
        printed += [int(line) for line in child.stdout.read().split()]
    return printed[-1]


def _is_sound(journal: Journal, *, last: int) -> bool:
    """Everything up to *last* is there, whole; at most one more, whole, too."""
    kept = [line.payload for line in journal.trail.lines() if line.kind == "offered"]
    numbers = [str(number) for number in range(len(kept))]
    ids = [offer.id for offer in journal.proposals.offers()]
    return (
        last + 1 <= len(kept) <= last + 2
        and kept == numbers
        and sorted(ids) == sorted(f"p{number}" for number in numbers)
        and all(len(journal.orders.of_proposal(one)) == 1 for one in ids)
        and journal.memory.order_id_high() == int(numbers[-1])
        and journal.verify() == ()
        and journal.stale() is None
    )


@pytest.mark.parametrize("commits", [1, 2, 7, 20])
def test_what_was_committed_survives_a_kill(tmp_path: Path, commits: int) -> None:
    last = _killed_after(commits, tmp_path)

    with open_in(tmp_path) as journal:
        assert _is_sound(journal, last=last)


def test_the_lock_ends_with_its_process(tmp_path: Path) -> None:
    with _writer(tmp_path) as child:
        assert child.stdout is not None
        child.stdout.readline()
        with pytest.raises(StoreBusy), open_in(tmp_path):
            pass
        child.kill()

    with open_in(tmp_path) as journal:
        assert journal.verify() == ()


def test_every_commit_is_on_disk_when_it_returns(tmp_path: Path) -> None:
    """As a power loss would leave it: the files, without the index in memory."""
    here = tmp_path / "here"
    with open_in(here) as journal:
        for number in range(12):
            write_one(journal, number)
            _photograph(here, tmp_path / str(number))

    for number in range(12):
        with open_in(tmp_path / str(number)) as journal:
            assert _is_sound(journal, last=number)


def test_of_a_transaction_that_is_cut_off_nothing_is_left(tmp_path: Path) -> None:
    here = tmp_path / "here"
    with open_in(here) as journal:
        journal._connection.execute("PRAGMA cache_size = 1")  # spills at once
        write_one(journal, 0)
        before = _log_of(here).stat().st_size
        with journal.transaction():
            for _ in range(50):
                journal.trail.append(
                    at=NOW, ref="", kind="offered", payload="x" * 5_000
                )
            spilled = _log_of(here).stat().st_size
            _photograph(here, tmp_path / "there")

    assert spilled > before  # else there would be nothing to leave behind
    with open_in(tmp_path / "there") as journal:
        assert _is_sound(journal, last=0)


def _log_of(directory: Path) -> Path:
    return directory / f"{path_in(directory).name}-wal"


def _photograph(directory: Path, to: Path) -> None:
    to.mkdir()
    for ending in ("", "-wal", ".high-water"):
        name = path_in(directory).name + ending
        shutil.copy(directory / name, to / name)


def test_a_disk_that_fills_up_costs_one_transaction(tmp_path: Path) -> None:
    with _writer(tmp_path, largest_file=2_000_000) as child:
        assert child.stdout is not None
        *printed, complaint = child.stdout.read().splitlines()

    assert "The journal cannot be written" in complaint
    assert len(printed) > 5
    with open_in(tmp_path) as journal:
        assert _is_sound(journal, last=int(printed[-1]))
