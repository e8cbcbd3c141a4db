"""Converts SQLite's errors into ours, for every statement."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from core.model.errors import (
    Contradiction,
    OpenbellError,
    StoreDamaged,
    StoreError,
    StoreLocked,
    StoreUnavailable,
)


_BUSY: Final = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")
"""The last is a lock of the write-ahead log that did not end."""

_FOR_NOW: Final = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")
"""A full, unresponsive or read-only disk, or one without room for a new file, as the
write-ahead log is: conditions that may end."""


_DAMAGED: Final = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


def ours(error: sqlite3.Error) -> OpenbellError:
    """Our error for *error*; a violated key is a Contradiction."""
    if isinstance(error, sqlite3.IntegrityError):
        return Contradiction(f"The journal refuses to write this: {error}.")
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(_BUSY):
        return StoreLocked(f"Another program has locked the journal: {error}.")
    if name.startswith(_FOR_NOW):
        return StoreUnavailable(f"The journal cannot be written: {error}.")
    if name.startswith(_DAMAGED):
        return StoreDamaged(f"The database is damaged: {error}.")
    return StoreError(f"The database cannot be used: {error}.")


@contextmanager
def speaking_our_errors() -> Iterator[None]:
    """Convert SQLite's errors in the block to ours.

    Raises:
        OpenbellError: as ``ours``.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise ours(error) from error
