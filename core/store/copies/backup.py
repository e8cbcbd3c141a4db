"""Copies of the database, made while it is in use, with the recorded scans that have left
it for files."""

import os
import re
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from core.model.errors import StoreError
from core.store.copies.exported import RecordingFiles
from core.store.errors import ours


_STAMPED: Final = re.compile(r"openbell-\d{8}T\d{6}\.sqlite3")


def back_up_into(
    folder: Path, database: Path, *, now: datetime, keep: int
) -> tuple[Path, tuple[Path, ...]]:
    """Write a copy of *database* into *folder*, under a name with its moment (*now*,
    UTC). Once it is whole, of the copies made like this only the newest *keep* are kept.
    Returns the copy, and what was deleted.

    Raises:
        StoreError: it could not be made; then nothing was deleted.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"Cannot write {folder}: {error.strerror}.") from error
    copy = folder / f"openbell-{now:%Y%m%dT%H%M%S}.sqlite3"
    back_up(database, copy)
    made = sorted(each for each in folder.iterdir() if _STAMPED.fullmatch(each.name))
    old = tuple(made[: max(0, len(made) - keep)])
    for each in old:
        each.unlink()
    return copy, old


def back_up(database: Path, to: Path) -> None:
    """Write a whole and consistent copy of *database* to the new file *to*, and what has
    left it for files (exported.py) into the folder of their name beside *to*.

    Works beside a running bot. What is committed when it begins is in the copy.

    Raises:
        StoreError: *to* exists, or something cannot be read or written.
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
        copied(database, to)
    except StoreError:
        to.unlink()
        raise
    _with_recordings(database, to)


def recordings_beside(copy: Path, database: Path) -> RecordingFiles:
    """The files of *database*'s recorded scans that lie beside a *copy* of it."""
    return RecordingFiles(copy.with_name(database.name))


def _with_recordings(database: Path, to: Path) -> None:
    """Copy the exported recordings. This comes after the journal's copy, so that one that
    leaves the journal meanwhile is in both and not in neither."""
    try:
        RecordingFiles(database).copy_to(recordings_beside(to, database))
    except StoreError as problem:
        raise StoreError(
            f"{database} is copied to {to}, but not all recorded scans that have left "
            f"it: {problem}"
        ) from problem


def copied(database: Path, to: Path) -> None:
    """Write all of *database* into the empty file *to*, and look whether it is whole.

    Raises:
        StoreError: one cannot be read or written, or the copy is damaged.
    """
    try:
        found = _copied(database, to)
    except sqlite3.Error as error:
        sentence = f"{database} cannot be copied to {to}: {error}."
        raise type(ours(error))(sentence) from error
    if found != "ok":
        raise StoreError(f"The copy is damaged: {found}.")


def _copied(database: Path, to: Path) -> str:
    """Returns what SQLite says of the copy: "ok", or its first fault."""
    address = f"{database.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True)) as here,
        closing(sqlite3.connect(to)) as there,
    ):
        here.backup(there)
        there.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        (found,) = there.execute("PRAGMA quick_check(1)").fetchone()
    return str(found)
