"""The disk of the simulated machine: full, as SQLite itself finds it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from sqlite3 import Connection, ProgrammingError
from typing import Final

import pytest

from core.store import disk as real_disk
from tests.simulation.loop import LIFE


_NO_LIMIT: Final = 4_294_967_294


@dataclass(slots=True)
class Disk:
    """Knows the connection of each life to its journal."""

    _journals: dict[int, Connection] = field(default_factory=dict)
    _full: set[int] = field(default_factory=set)

    def fill(self, life: int) -> Callable[[], None]:
        """From now on no file of that life grows, however often it opens its journal
        anew; returns how to make room again. A write that needs another page fails with
        "database or disk is full"."""
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

    def note(self, journal: Connection) -> Connection:
        """Somebody has opened a journal."""
        life = LIFE.get()
        self._journals[life] = journal
        if life in self._full:
            self._limit(life)
        return journal


def _pages(journal: Connection) -> int:
    pages: int = journal.execute("PRAGMA page_count").fetchone()[0]
    return pages


@contextmanager
def watched() -> Iterator[Disk]:
    """Know every journal that is opened while the block is open."""
    disk, opened = Disk(), real_disk.opened
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(real_disk, "opened", lambda path: disk.note(opened(path)))
        yield disk
