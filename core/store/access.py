"""The one connection, and the one transaction that may be open on it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from sqlalchemy import Connection

from core.model.errors import Contradiction


class Follower(Protocol):
    """Who keeps in mind what is on disk, and must hear how a transaction ended."""

    def committed(self) -> None:
        """What was written is on disk."""

    def rolled_back(self) -> None:
        """What was written since the last commit never was."""


class Access:
    """Reads at any time; writes only in a transaction, one at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._writing = False
        self._followers: list[Follower] = []

    def followed_by(self, follower: Follower) -> None:
        """Tell *follower* the end of every transaction from now on."""
        self._followers.append(follower)

    @property
    def reading(self) -> Connection:
        return self._connection

    @property
    def writing(self) -> Connection:
        """Raises Contradiction outside a transaction."""
        if not self._writing:
            raise Contradiction("Something was to be written outside a transaction.")
        return self._connection

    def forget(self) -> None:
        """Rows were deleted: whoever keeps in mind what is on disk looks again."""
        for follower in self._followers:
            follower.rolled_back()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self._writing:
            raise Contradiction("A transaction inside another would not be on disk.")
        self._connection.rollback()  # ends SQLAlchemy's notion of a reading one
        self._writing, committed = True, False
        try:
            with self._connection.begin():
                self._connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield
            committed = True
        finally:
            self._writing = False
            if not committed:
                for follower in self._followers:
                    follower.rolled_back()
        for follower in self._followers:
            follower.committed()


class Role:
    """One role of the journal: the tables that it may touch are its own."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def transaction(self) -> AbstractContextManager[None]:
        return self._access.transaction()

    @property
    def _reading(self) -> Connection:
        return self._access.reading

    @property
    def _writing(self) -> Connection:
        return self._access.writing
