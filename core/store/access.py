"""The database connection, and the one transaction that may be open on it.

The SQL statements are in the modules of the roles. sqlite3 caches prepared statements
by their text, so the same text is parsed only once."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, Protocol

from core.model.errors import Contradiction, StoreUnavailable
from core.store.disk import is_deleted
from core.store.errors import ours


Row = sqlite3.Row
Parameters = Sequence[Any] | Mapping[str, Any]
"""The parameters of a statement: for ? or for :names."""


_TOUCH: Final = """
INSERT INTO meta (k, v) VALUES ('synced', 1) ON CONFLICT (k) DO UPDATE SET v = v + 1
"""
"""A write whose commit also syncs what was committed before. It has to change a byte,
because SQLite does not write unchanged pages, and a commit without writes syncs
nothing."""


_DELETED: Final = (
    "The journal's file was deleted or replaced: what is written into it would be lost."
)


_SYNCED: Final = "PRAGMA synchronous = FULL"
_UNSYNCED: Final = "PRAGMA synchronous = NORMAL"
"""In WAL mode a commit syncs with the first, and not with the second."""


class Follower(Protocol):
    """A cache of what is on disk, which must know how each transaction ended."""

    def committed(self) -> None:
        """What was written is on disk."""

    def rolled_back(self) -> None:
        """What was written since the last commit was undone."""


class Access:
    """Reads at any time; writes only in a transaction, one at a time. Every method
    raises StoreError if the disk or the database fails."""

    def __init__(
        self, connection: sqlite3.Connection, files: Sequence[int] = ()
    ) -> None:
        """*files* are descriptors of the database and of its write-ahead log. A disk that
        counts no names (some over FUSE) says of none whether it was deleted."""
        self._connection = connection
        self._files = tuple(each for each in files if not is_deleted(each))
        self._writing = False
        self.is_synced = False  # an earlier run may have ended before its sync
        self._syncs = True
        self._level = ""
        self._followers: list[Follower] = []

    def followed_by(self, follower: Follower) -> None:
        """Notify *follower* of the end of every transaction from now on."""
        self._followers.append(follower)

    def forget(self) -> None:
        """Rows were deleted: clear all caches."""
        for follower in self._followers:
            follower.rolled_back()

    # statements

    def rows(self, statement: str, values: Parameters = ()) -> list[Row]:
        """All rows that *statement* finds."""
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise ours(error) from error

    def each(self, statement: str, values: Parameters = ()) -> Iterator[Row]:
        """The same, one row after the other, since there may be many."""
        try:
            yield from self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise ours(error) from error

    def row(self, statement: str, values: Parameters = ()) -> Row | None:
        """The one row that *statement* finds."""
        found = self.rows(statement, values)
        return found[0] if found else None

    def value(self, statement: str, values: Parameters = ()) -> Any:
        """The first column of that row; None without one."""
        found = self.rows(statement, values)
        return found[0][0] if found else None

    def change(self, statement: str, values: Parameters = ()) -> int:
        """Write in the open transaction. Returns how many rows were changed.

        Raises:
            Contradiction: there is no transaction, or a key refuses it.
        """
        if not self._writing:
            raise Contradiction("Something was to be written outside a transaction.")
        return self._execute(statement, values).rowcount

    def _execute(self, statement: str, values: Parameters = ()) -> sqlite3.Cursor:
        try:
            return self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise ours(error) from error

    # transactions

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything that is written in the block is committed and synced when it is left, or
        undone if it is left by an error.

        Raises:
            Contradiction: a transaction is open, or a key refuses what was written.
            StoreUnavailable: the file was deleted: SQLite would write into nothing.
            StoreError: the disk does not say.
        """
        self._be_the_only_one()
        if any(map(is_deleted, self._files)):
            raise StoreUnavailable(_DELETED)
        self._writing, committed = True, False
        before = self._connection.total_changes
        try:
            self._set_level(_SYNCED if self._syncs else _UNSYNCED)
            self._execute("BEGIN IMMEDIATE")
            yield
            writes = self._connection.total_changes > before
            if writes and self._syncs and not self.is_synced:
                self._execute(_TOUCH)
            self._execute("COMMIT")
            committed = True
            if writes:
                self.is_synced = self._syncs
        finally:
            self._writing = False
            if not committed:
                self._roll_back()
        for follower in self._followers:
            follower.committed()

    @contextmanager
    def unsynced(self) -> Iterator[None]:
        """A transaction that is written when the block is left, but not synced: it can
        be lost in a power failure, but not by the end of the process. The next
        transaction that writes syncs both, and so does ``sync``.

        Raises:
            Contradiction: a transaction is open.
        """
        self._be_the_only_one()
        self._syncs = False
        try:
            with self.transaction():
                yield
        finally:
            self._syncs = True

    def _set_level(self, level: str) -> None:
        """SQLite takes a new level only before a transaction."""
        if level != self._level:
            self._execute(level)
            self._level = level

    def sync(self) -> None:
        """Return when everything committed is synced to disk."""
        if not self.is_synced:
            with self.transaction():
                self.change(_TOUCH)

    def _be_the_only_one(self) -> None:
        if self._writing:
            raise Contradiction("A transaction inside another would not be on disk.")

    def _roll_back(self) -> None:
        """Roll back, unless SQLite has already done so after a disk error."""
        try:
            if self._connection.in_transaction:
                self._execute("ROLLBACK")
        finally:
            for follower in self._followers:
                follower.rolled_back()


class Role:
    """One role of the journal, with its own tables."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def transaction(self) -> AbstractContextManager[None]:
        return self._access.transaction()

    def unsynced(self) -> AbstractContextManager[None]:
        return self._access.unsynced()

    def sync(self) -> None:
        self._access.sync()
