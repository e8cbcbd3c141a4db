"""The disk of the simulated machine: full, as SQLite itself finds it; and what of a
journal a power failure leaves of it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import Connection, ProgrammingError, connect
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from core.store import disk as real_disk
from tests.simulation.loop import LIFE


_FULL: Final = 2
"""SQLite's number of the setting that syncs every commit."""

_NO_LIMIT: Final = 4_294_967_294


class SyncPoints:
    """Of one journal's files, those bytes that were synced when the last transaction
    was committed without a sync; taken from SQLite's own words, and not from ours."""

    def __init__(self, path: Path, journal: Connection) -> None:
        self._files = (path, path.with_name(f"{path.name}-wal"))
        self._index = path.with_name(f"{path.name}-shm")
        self._synced: dict[str, bytes] = {}
        self._lost = self._commits = False
        self._syncs = journal.execute("PRAGMA synchronous").fetchone()[0] >= _FULL
        if not self._syncs:
            self._synced = {f.name: f.read_bytes() for f in self._files if f.exists()}
        self._count = b""
        journal.set_trace_callback(self._begins)

    def unsynced(self) -> Mapping[str, bytes]:
        """The files as they are after a power failure at this moment that takes all that
        it may take; empty if it can take nothing."""
        self._end()
        return self._synced if self._lost else {}

    def _begins(self, statement: str) -> None:
        """SQLite begins *statement*: the one before has ended."""
        self._end()
        words = statement.upper().replace("=", " ").split()
        if words[:2] == ["PRAGMA", "SYNCHRONOUS"]:
            self._syncs = words[-1] == "FULL"
            if not self._syncs and not self._lost:
                self._synced = {f.name: f.read_bytes() for f in self._files}
        self._commits = words[:1] == ["COMMIT"]
        if self._commits:
            self._count = self._transactions()

    def _end(self) -> None:
        if self._commits and self._transactions() != self._count:
            self._lost = not self._syncs
        self._commits = False

    def _transactions(self) -> bytes:
        """SQLite's count of the transactions in its log: a commit that changed no page
        writes nothing, and syncs nothing (sqlite.org/walformat.html, 2.1: iChange)."""
        with suppress(FileNotFoundError), self._index.open("rb") as file:
            return file.read(12)[8:]
        return b""


@dataclass(slots=True)
class Disk:
    """The journals' connections by life."""

    _journals: dict[int, Connection] = field(default_factory=dict)
    _points: dict[int, SyncPoints] = field(default_factory=dict)
    _full: set[int] = field(default_factory=set)

    def fill(self, life: int) -> Callable[[], None]:
        """Let no file of that life grow from now on, however often it opens its
        journal; returns a function that ends that. A write that needs a page more fails
        with "database or disk is full".
        """
        self._full.add(life)
        self._limit(life)
        return lambda: self._free(life)

    def _free(self, life: int) -> None:
        self._full.discard(life)
        self._limit(life)

    def _limit(self, life: int) -> None:
        if (journal := self._journals.get(life)) is None:
            return
        with suppress(ProgrammingError):  # that life has closed it
            pages = _pages(journal) if life in self._full else _NO_LIMIT
            journal.execute(f"PRAGMA max_page_count={pages}")

    def unsynced(self, life: int) -> Mapping[str, bytes]:
        """As that life's ``SyncPoints`` have it."""
        points = self._points.get(life)
        return points.unsynced() if points else {}

    @contextmanager
    def survivor(self, path: Path, life: int) -> Iterator[Path]:
        """The journal at *path* of that life as a power failure would leave it now."""
        if not (synced := self.unsynced(life)):
            yield path
            return
        with TemporaryDirectory(dir=path.parent) as folder:
            for name, content in synced.items():
                (Path(folder) / name).write_bytes(content)
            yield Path(folder) / path.name

    def lost_updates(self, path: Path, life: int) -> set[int]:
        """The updates in the journal that a power failure would take."""
        if not self.unsynced(life):
            return set()
        with self.survivor(path, life) as left:
            return updates(path) - updates(left)

    def note(self, path: Path, journal: Connection) -> Connection:
        """Somebody has opened a journal."""
        life = LIFE.get()
        self._journals[life] = journal
        self._points[life] = SyncPoints(path, journal)
        if life in self._full:
            self._limit(life)
        return journal


def updates(journal: Path) -> set[int]:
    """The numbers of the updates in a journal, as another reader sees them."""
    with closing(connect(f"file:{journal}?mode=ro", uri=True)) as database:
        return {number for (number,) in database.execute("SELECT update_id FROM inbox")}


def _pages(journal: Connection) -> int:
    pages: int = journal.execute("PRAGMA page_count").fetchone()[0]
    return pages


@contextmanager
def watched() -> Iterator[Disk]:
    """Record every journal that is opened while the block is open."""
    disk, opened = Disk(), real_disk.opened
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(real_disk, "opened", lambda path: disk.note(path, opened(path)))
        yield disk
