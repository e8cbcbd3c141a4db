"""The one connection, and the one transaction that may be open on it.

Statements are SQL as it stands in the modules of the roles. sqlite3 keeps each prepared
by its text, so the same text is never parsed twice.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, Protocol

from core.model.errors import Contradiction
from core.store.errors import ours


Row = sqlite3.Row
Values = Sequence[Any] | Mapping[str, Any]
"""What stands for the ? or the :names of a statement."""


_TOUCH: Final = """
INSERT INTO meta (k, v) VALUES ('synced', 1) ON CONFLICT (k) DO UPDATE SET v = v + 1
"""
"""A write whose commit takes to the disk what was committed before. It has to change a
byte: SQLite writes no page that stays the same, and a commit without one syncs nothing."""


class Follower(Protocol):
    """Who keeps in mind what is on disk, and must hear how a transaction ended."""

    def committed(self) -> None:
        """What was written is on disk."""

    def rolled_back(self) -> None:
        """What was written since the last commit never was."""


class Access:
    """Reads at any time; writes only in a transaction, one at a time. Every method
    raises StoreError when the disk or the database does."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._writing = False
        self._is_synced = True
        self._followers: list[Follower] = []

    def followed_by(self, follower: Follower) -> None:
        """Tell *follower* the end of every transaction from now on."""
        self._followers.append(follower)

    def forget(self) -> None:
        """Rows were deleted: whoever keeps in mind what is on disk looks again."""
        for follower in self._followers:
            follower.rolled_back()

    # statements

    def rows(self, statement: str, values: Values = ()) -> list[Row]:
        """All rows that *statement* finds."""
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise ours(error) from error

    def each(self, statement: str, values: Values = ()) -> Iterator[Row]:
        """The same, one after the other: there may be many."""
        try:
            yield from self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise ours(error) from error

    def row(self, statement: str, values: Values = ()) -> Row | None:
        """The one row that *statement* finds."""
        found = self.rows(statement, values)
        return found[0] if found else None

    def value(self, statement: str, values: Values = ()) -> Any:
        """The first column of that row; None without one."""
        found = self.rows(statement, values)
        return found[0][0] if found else None

    def change(self, statement: str, values: Values = ()) -> int:
        """Write, in the open transaction; how many rows were changed.

        Raises:
            Contradiction: there is no transaction, or a key refuses it.
        """
        if not self._writing:
            raise Contradiction("Something was to be written outside a transaction.")
        return self._execute(statement, values).rowcount

    def _execute(self, statement: str, values: Values = ()) -> sqlite3.Cursor:
        try:
            return self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise ours(error) from error

    # transactions

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._be_the_only_one()
        self._writing, committed = True, False
        before = self._connection.total_changes
        try:
            self._execute("BEGIN IMMEDIATE")
            yield
            writes = self._connection.total_changes > before
            if writes and not self._is_synced:
                self._execute(_TOUCH)
            self._execute("COMMIT")
            committed = True
            self._is_synced |= writes
        finally:
            self._writing = False
            if not committed:
                self._roll_back()
        for follower in self._followers:
            follower.committed()

    @contextmanager
    def unsynced(self) -> Iterator[None]:
        """A transaction that is on disk when the block is left, but not synced: a power
        failure may lose it, the end of the process does not. The next transaction that
        writes syncs both; so does ``sync``."""
        self._be_the_only_one()
        self._execute("PRAGMA synchronous = NORMAL")
        try:
            with self.transaction():
                yield
        finally:
            self._is_synced = False
            self._execute("PRAGMA synchronous = FULL")

    def sync(self) -> None:
        """Return when all that was committed is synced to the disk."""
        if not self._is_synced:
            with self.transaction():
                self.change(_TOUCH)

    def _be_the_only_one(self) -> None:
        if self._writing:
            raise Contradiction("A transaction inside another would not be on disk.")

    def _roll_back(self) -> None:
        """A disk that fails may have done it already."""
        try:
            if self._connection.in_transaction:
                self._execute("ROLLBACK")
        finally:
            for follower in self._followers:
                follower.rolled_back()


class Role:
    """One role of the journal: the tables that it may touch are its own."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def transaction(self) -> AbstractContextManager[None]:
        return self._access.transaction()
