"""Brings a copy of the journal back, marked as one: what it does not know may be at IB.

The copy is looked through before anything is touched, and what it replaces is put aside,
not deleted. The high-water mark stays where it is: it knows the highest order id that was
ever given away, so none is given twice.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Final

from core.model.errors import StoreError
from core.store import trail
from core.store.access import Access
from core.store.copies.backup import copied
from core.store.disk import held, looked_into, private
from core.store.memory import SqlMemory
from core.store.schema import is_known, version


_BESIDE: Final = ("", "-wal", "-shm")
"""The files of a database in use (sqlite.org/wal.html)."""


def restore(copy: Path, database: Path, *, now: datetime) -> Path | None:
    """Put *copy* in the place of *database*. The next start finds it marked as restored:
    it voids all offers, halts, and compares every order with IB's. Returns where the
    database that was there is now, None when there was none.

    Raises:
        StoreBusy: a bot is running with it.
        StoreError: the copy is damaged, incomplete, or of a newer Openbell; nothing was
            changed.
    """
    if not copy.is_file():
        raise StoreError(f"There is no copy at {copy}.")
    _judge(copy)
    with held(database):
        fresh = database.with_name(f"{database.name}.restoring")
        fresh.unlink(missing_ok=True)
        os.close(private(fresh))
        copied(copy, fresh)
        _mark(fresh, f"it was restored from {copy.name} at {now:%Y-%m-%d %H:%M} UTC")
        aside = _put_aside(database, now)
        fresh.replace(database)
        _sync(database.parent)
    return aside


def _judge(copy: Path) -> None:
    """Raises StoreError when it is no whole journal that this Openbell can read."""
    with looked_into(copy) as connection:
        access = Access(connection)
        found = access.value("PRAGMA integrity_check(1)")
        if found != "ok":
            raise StoreError(f"{copy} is damaged: {found}.")
        here = version(connection)
        if here is None:
            raise StoreError(f"{copy} is not a journal of Openbell's.")
        if not is_known(here):
            raise StoreError(f"A newer Openbell has written {copy}.")
        if faults := trail.examined(trail.lines(access)).faults:
            raise StoreError(f"{copy} is not whole: {faults[0]}.")


def _mark(database: Path, reason: str) -> None:
    with looked_into(database, mode="rw") as connection:
        access = Access(connection)
        with access.transaction():
            memory = SqlMemory(access)
            memory.set_stale(reason)
            memory.end_run()  # the copy may be of a running bot, which did not crash


def _put_aside(database: Path, now: datetime) -> Path | None:
    """What nothing was ever written to is not kept: holding it has made the file."""
    empty = database.stat().st_size == 0
    aside = database.with_name(f"{database.name}.before-{now:%Y%m%dT%H%M%S}")
    for end in _BESIDE:
        file = database.with_name(f"{database.name}{end}")
        if file.exists():
            file.replace(aside.with_name(f"{aside.name}{end}"))
    if empty:
        aside.unlink()
        return None
    return aside


def _sync(folder: Path) -> None:
    """Until then the new name may be lost with the power."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
