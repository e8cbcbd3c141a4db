"""Restores a copy of the journal and marks it, because IB may have orders that it does
not know.

The copy is checked before anything is touched, and the journal that it replaces is set
aside, not deleted. The high-water mark stays: it has the highest order id ever used, so
that none is used twice.
"""

import os
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Final

from core.model.errors import StoreError
from core.store import trail
from core.store.access import Access
from core.store.copies.backup import copied, recordings_beside
from core.store.copies.exported import RecordingFiles, sync_folder
from core.store.disk import held, looked_into, private, writing_in
from core.store.memory import SqlMemory
from core.store.schema import is_known, version


_BESIDE: Final = ("", "-wal", "-shm")
"""The files of a database in use (sqlite.org/wal.html)."""


def restore(copy: Path, database: Path, *, now: datetime) -> Path | None:
    """Replace *database* by *copy*, marked as restored: the next start voids all
    offers, halts, and compares every order with IB's. Recorded scans that had left the
    journal come back from beside the copy, where they are not there any more. Returns
    the new path of the previous database, None if there was none.

    Raises:
        StoreBusy: a bot is running with it.
        StoreError: the copy is damaged, incomplete, or of a newer Openbell; nothing was
            changed.
    """
    try:
        _judge(copy)
    except StoreError as error:
        sentence = f"{copy} cannot be restored, and nothing was changed: {error}"
        raise StoreError(sentence) from error
    with held(database), writing_in(database.parent):
        fresh = database.with_name(f"{database.name}.restoring")
        reason = f"it was restored from {copy.name} at {now:%Y-%m-%d %H:%M} UTC"
        _make(fresh, copy, reason)
        recordings_beside(copy, database).copy_to(RecordingFiles(database))
        aside = _put_aside(database, now)
        fresh.replace(database)
        sync_folder(database.parent)
    return aside


def _judge(copy: Path) -> None:
    """Raises StoreError if *copy* is not a complete journal that this version can
    read."""
    try:
        is_there = copy.is_file()
    except OSError as error:
        raise StoreError(f"{error.strerror}.") from error
    if not is_there:
        raise StoreError("There is no such file.")
    with looked_into(copy) as connection:
        access = Access(connection)
        found = access.value("PRAGMA integrity_check(1)")
        if found != "ok":
            raise StoreError(f"It is damaged: {found}.")
        here = version(connection)
        if here is None:
            raise StoreError("It is not a journal of Openbell's.")
        if not is_known(here):
            raise StoreError("A newer Openbell has written it.")
        if faults := trail.examined(trail.lines(access)).faults:
            raise StoreError(f"It is not whole: {faults[0]}.")


def _make(fresh: Path, copy: Path, reason: str) -> None:
    """Make the file *fresh*, like *copy* but marked. Raises StoreError; then there is no
    such file."""
    fresh.unlink(missing_ok=True)
    os.close(private(fresh))
    try:
        copied(copy, fresh)
        _mark(fresh, reason)
    except StoreError:
        fresh.unlink()
        raise


def _mark(database: Path, reason: str) -> None:
    with looked_into(database, mode="rw") as connection:
        access = Access(connection)
        with access.transaction():
            memory = SqlMemory(access)
            memory.set_stale(reason)
            memory.end_run()  # the copy may be of a running bot, which did not crash


def _put_aside(database: Path, now: datetime) -> Path | None:
    """Set the previous database aside. An empty file is not kept, since taking the lock
    may have created it."""
    empty = database.stat().st_size == 0
    stamp = f"{database.name}.before-{now:%Y%m%dT%H%M%S}"
    names = chain([stamp], (f"{stamp}-{number}" for number in count(2)))
    paths = map(database.with_name, names)
    aside = next(path for path in paths if not os.path.lexists(path))
    for end in _BESIDE:
        file = database.with_name(f"{database.name}{end}")
        if file.exists():
            file.replace(aside.with_name(f"{aside.name}{end}"))
    if empty:
        aside.unlink()
        return None
    return aside
