"""The high-water mark: a small file next to the database that records its progress.

A database that is behind its mark is not the one written last: a backup was restored,
or it belongs to another installation. The mark is written once a commit is synced, so
it is never ahead of the right database. It is written in place, within one sector, and has a
checksum.

Each audit line is sealed by the next one; the newest is sealed by the mark. With the
owner's secret, nobody without it can forge the seal.
"""

import hmac
import json
import logging
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple, Self

from core.store.access import Access
from core.store.disk import private
from core.store.memory import DB_UUID, ORDER_ID_HIGH
from core.store.trail import TrailLine, line_at


log = logging.getLogger(__name__)

_WIDTH: Final = 200
_KEPT: Final = "SELECT k, v FROM meta WHERE k IN (?, ?)"
_NEWEST: Final = "SELECT max(seq) FROM event"


class HighWater(NamedTuple):
    """The progress of a database: its uuid, its last audit line, the highest order id
    used, and the seal of that line ("" in old marks)."""

    db_uuid: str
    seq: int
    order_id: int
    seal: str = ""


NOTHING: Final = HighWater(db_uuid="", seq=0, order_id=0)
"""Stands for an unreadable mark, which no database fits."""


def difference(known: HighWater | None, found: HighWater) -> str | None:
    """Why the database *found* is not the one that the mark *known* belongs to, or
    None."""
    if known is None:
        if found.seq <= 1:  # new: nothing but its first line is in it
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
    return None if hmac.compare_digest(known.seal, found.seal) else _unsealed(known)


def _unsealed(known: HighWater) -> str:
    return (
        f"audit line {known.seq} is not the one that was sealed: somebody has "
        "changed it, or OPENBELL_AUDIT_SECRET is another than before"
    )


def seal_of(line: TrailLine | None, secret: str) -> str:
    """The seal of an audit line: its SHA-256, and with a secret the HMAC of that."""
    if line is None:
        return ""
    if not secret:
        return line.hash
    return hmac.new(secret.encode(), line.hash.encode(), "sha256").hexdigest()


def reached(access: Access, *, known: HighWater | None, secret: str) -> HighWater:
    """The progress of this database, with the seal of the line that *known* seals,
    since there may be newer lines."""
    found = access.rows(_KEPT, (DB_UUID, ORDER_ID_HIGH))
    kept: dict[str, str] = {row["k"]: row["v"] for row in found}
    was_sealed = known is not None and (known.seal or secret)
    return HighWater(
        db_uuid=kept.get(DB_UUID, ""),
        seq=access.value(_NEWEST) or 0,
        order_id=int(kept.get(ORDER_ID_HIGH, 0)),
        seal=seal_of(line_at(access, known.seq), secret)
        if known and was_sealed
        else "",
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
        """The last mark; None if none was ever written."""
        line = os.pread(self._file, _WIDTH, 0)
        if not line:
            return None
        try:
            checksum, db_uuid, seq, order_id, *seal = json.loads(line)
            read = HighWater(
                db_uuid=db_uuid, seq=seq, order_id=order_id, seal="".join(seal)
            )
        except (ValueError, TypeError):
            return NOTHING
        return read if checksum == _checksum(read) else NOTHING

    def write(self, reached: HighWater) -> None:
        """Write *reached*. A failure is only logged, since the data is committed."""
        if reached == self._last:
            return
        line = json.dumps([_checksum(reached), *reached]).ljust(_WIDTH - 1)
        try:
            os.pwrite(self._file, f"{line}\n".encode(), 0)
        except OSError:
            log.exception("The high-water mark could not be written")
        else:
            self._last = reached


def _checksum(mark: HighWater) -> int:
    fields = tuple(mark) if mark.seal else mark[:-1]  # as old marks have it
    return zlib.crc32(repr(fields).encode())
