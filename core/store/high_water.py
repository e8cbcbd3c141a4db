"""The high-water mark: a line beside the database that says how far it had come.

A database that is behind its mark is not the one written last: a backup was brought
back, or it is another's. The mark is written after each commit, so it is never
ahead of a database that has not been exchanged. It is written in place and within
one sector, and is worth nothing without its checksum.
"""

import json
import logging
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final, Self

from sqlalchemy import Connection, func, select

from core.store.disk import private
from core.store.memory import DB_UUID, ORDER_ID_HIGH
from core.store.tables import event, meta


log = logging.getLogger(__name__)

_WIDTH: Final = 200
_KEPT: Final = select(meta).where(meta.c.k.in_([DB_UUID, ORDER_ID_HIGH]))
_NEWEST: Final = select(func.max(event.c.seq))


@dataclass(frozen=True, slots=True, kw_only=True)
class HighWater:
    """How far a database has come: which it is, its last audit line, and the highest
    order id that it has given away."""

    db_uuid: str
    seq: int
    order_id: int


NOTHING: Final = HighWater(db_uuid="", seq=0, order_id=0)
"""What an unreadable mark is read as: no database fits it."""


def difference(known: HighWater | None, found: HighWater) -> str | None:
    """Why the database *found* is not the one *known* was written for, or None."""
    if known is None:
        if found.seq <= 1:  # new: nothing but its birth is in it
            return None
        return "it has come here without its high-water mark"
    if known == NOTHING:
        return "its high-water mark cannot be read"
    if known.db_uuid != found.db_uuid:
        return "it is another database than the one used here before"
    if found.seq < known.seq or found.order_id < known.order_id:
        return (
            f"it ends at audit line {found.seq} and order id {found.order_id}, but "
            f"had come to {known.seq} and {known.order_id}: it is an old copy"
        )
    return None


def reached(on: Connection) -> HighWater:
    """How far the database on this connection has come."""
    kept = {row.k: row.v for row in on.execute(_KEPT)}
    return HighWater(
        db_uuid=kept.get(DB_UUID, ""),
        seq=on.execute(_NEWEST).scalar() or 0,
        order_id=int(kept.get(ORDER_ID_HIGH, 0)),
    )


class Mark:
    """The mark on disk."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._last: HighWater | None = None

    @classmethod
    @contextmanager
    def opened(cls, database: Path) -> Iterator[Self]:
        """The mark beside *database*. Raises StoreError when it cannot be opened."""
        file = private(database.with_name(f"{database.name}.high-water"))
        try:
            yield cls(file)
        finally:
            os.close(file)

    def read(self) -> HighWater | None:
        """What was written last; None when nothing ever was."""
        line = os.pread(self._file, _WIDTH, 0)
        if not line:
            return None
        try:
            checksum, db_uuid, seq, order_id = json.loads(line)
            read = HighWater(db_uuid=db_uuid, seq=seq, order_id=order_id)
        except (ValueError, TypeError):
            return NOTHING
        return read if checksum == _checksum(read) else NOTHING

    def write(self, reached: HighWater) -> None:
        """Write *reached*. A failure is logged: what it marks has been committed."""
        if reached == self._last:
            return
        line = json.dumps([_checksum(reached), *astuple(reached)]).ljust(_WIDTH - 1)
        try:
            os.pwrite(self._file, f"{line}\n".encode(), 0)
        except OSError:
            log.exception("The high-water mark could not be written")
        else:
            self._last = reached


def _checksum(mark: HighWater) -> int:
    return zlib.crc32(repr(astuple(mark)).encode())
