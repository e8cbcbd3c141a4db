"""Copies of the database, made while it is in use."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from core.model.errors import StoreError
from core.store.errors import speaking_our_errors


def back_up(database: Path, to: Path) -> None:
    """Write a whole and consistent copy of *database* to the new file *to*.

    Works beside a running bot. What is committed when it begins is in the copy.

    Raises:
        StoreError: *to* exists, or one of the two cannot be read or written.
    """
    if not database.is_file():
        raise StoreError(f"There is no journal at {database}.")
    try:
        os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise StoreError(f"{to} exists; a copy never replaces a file.") from error
    except OSError as error:
        raise StoreError(f"Cannot write {to}: {error.strerror}.") from error
    try:
        _copy(database, to)
    except StoreError:
        to.unlink()
        raise


def _copy(database: Path, to: Path) -> None:
    with (
        speaking_our_errors(),
        closing(
            sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
        ) as here,
        closing(sqlite3.connect(to)) as there,
    ):
        here.backup(there)
        there.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        (found,) = there.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise StoreError(f"The copy is damaged: {found}.")
