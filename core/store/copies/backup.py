"""Copies of the database, made while it is in use, with the recorded scans that have left
it for files."""

import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from core.model.errors import StoreError
from core.store.copies.exported import RecordingFiles, sync_folder
from core.store.disk import writing_in
from core.store.errors import ours


_STAMPED: Final = re.compile(r"openbell-\d{8}T\d{6}\.sqlite3")

_HALF: Final = ".part"
"""How the name of a copy ends that is being made."""

PATIENT: Final = 5.0
"""Seconds that a copy waits for another program's lock."""

_LONGEST: Final = timedelta(hours=12)
"""Nobody is still at a copy that was begun so long ago."""


def back_up_into(
    folder: Path, database: Path, *, now: datetime, keep: int
) -> tuple[Path, tuple[Path, ...]]:
    """Write a copy of *database* into *folder*, under a name with its moment (*now*,
    UTC). Once it is whole, of the copies made like this only the newest *keep* are kept.
    Returns the copy, and what was deleted.

    Raises:
        StoreError: it could not be made; then nothing was deleted.
    """
    copy = folder / _name(now)
    _refuse_to_replace(_half_of(copy))
    with writing_in(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        back_up(database, copy)
        names = sorted(each.name for each in folder.iterdir())
        old = _old_of(names, now=now, keep=keep)
        for name in (*old, *_left_of(names, now=now)):
            (folder / name).unlink()
    return copy, tuple(folder / name for name in old)


def _name(moment: datetime) -> str:
    return f"openbell-{moment:%Y%m%dT%H%M%S}.sqlite3"


def _old_of(names: Sequence[str], *, now: datetime, keep: int) -> Sequence[str]:
    """Those of the copies to delete. One whose moment is still to come was made before,
    by a clock that was ahead."""
    made = sorted(
        (each for each in names if _STAMPED.fullmatch(each)),
        key=lambda name: (name <= _name(now), name),
    )
    return made[: max(0, len(made) - keep)]


def _left_of(names: Sequence[str], *, now: datetime) -> Iterator[str]:
    """What is left of copies that were not made to their end."""
    for name in names:
        stamped = name.removesuffix(_HALF)
        if stamped == name or not _STAMPED.fullmatch(stamped):
            continue
        if not _name(now - _LONGEST) <= stamped <= _name(now):
            yield name


def back_up(database: Path, to: Path) -> None:
    """Write a whole and consistent copy of *database* to the new file *to*, and what has
    left it for files (exported.py) into the folder of their name beside *to*. The copy
    gets its name last.

    Works beside a running bot. What is committed when it begins is in the copy.

    Raises:
        StoreError: *to* exists, or something cannot be read or written. If that is
            recordings, the copy is there.
    """
    _refuse_to_replace(to)
    half = _half_of(to)
    with writing_in(to.parent):
        half.unlink(missing_ok=True)
        _write(database, half)
        try:
            _with_recordings(database, to)
        except StoreError:
            _finish(half, to)
            raise
        _finish(half, to)


def _half_of(copy: Path) -> Path:
    return copy.with_name(f"{copy.name}{_HALF}")


def _finish(half: Path, to: Path) -> None:
    _refuse_to_replace(to)
    half.rename(to)
    sync_folder(to.parent)


def _write(database: Path, half: Path) -> None:
    if not database.is_file():
        raise StoreError(f"There is no journal at {database}.")
    os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        copied(database, half)
    except StoreError:
        half.unlink()
        raise


def _refuse_to_replace(to: Path) -> None:
    if os.path.lexists(to):
        raise StoreError(f"{to} exists; a copy never replaces a file.")


def recordings_beside(copy: Path, database: Path) -> RecordingFiles:
    """The files of *database*'s recorded scans that lie beside a *copy* of it."""
    return RecordingFiles(copy.with_name(database.name))


def _with_recordings(database: Path, to: Path) -> None:
    """Copy the exported recordings. This comes after the journal's copy, so that one that
    leaves the journal meanwhile is in both and not in neither."""
    try:
        RecordingFiles(database).copy_to(recordings_beside(to, database))
    except StoreError as problem:
        raise type(problem)(
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
    """Returns what SQLite says of the copy: "ok", or its first fault. Its copying would
    wait for a lock of another program for ever; a reader gives up."""
    address = f"{database.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True, timeout=PATIENT)) as here,
        closing(sqlite3.connect(to)) as there,
    ):
        here.execute("BEGIN")
        here.execute("SELECT 1 FROM sqlite_master").fetchone()
        here.backup(there)
        there.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        (found,) = there.execute("PRAGMA quick_check(1)").fetchone()
    return str(found)
