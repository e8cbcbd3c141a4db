"""The audit trail: append-only, each line sealed by the next one."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from core.model.audit import AuditTrail
from core.store.access import Access, Role


_FIRST: Final = "0" * 64
_AS_JSON: Final = json.JSONEncoder(ensure_ascii=False)
_APPEND: Final = """
INSERT INTO event (seq, ts, ref, kind, payload, prev_hash) VALUES (?, ?, ?, ?, ?, ?)
"""
_LINES: Final = "SELECT seq, ts, ref, kind, payload, prev_hash FROM event ORDER BY seq"
_NEWEST: Final = f"{_LINES} DESC LIMIT 1"
_LINE: Final = """
SELECT seq, ts, ref, kind, payload, prev_hash FROM event WHERE seq = ?
"""


@dataclass(frozen=True)
class TrailLine:
    """One line; ``at`` is UTC in ISO form, ``seq`` counts from 1 without a gap."""

    seq: int
    at: str
    ref: str
    kind: str
    payload: str
    prev_hash: str

    @property
    def fields(self) -> tuple[int | str, ...]:
        """In the order of the table's columns."""
        return self.seq, self.at, self.ref, self.kind, self.payload, self.prev_hash

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the line as JSON, the seal that the next line carries."""
        return hashlib.sha256(_AS_JSON.encode(self.fields).encode()).hexdigest()


class SqlTrail(Role):
    """Implements Trail. The last line is cached, since no other process writes here."""

    def __init__(self, access: Access) -> None:
        super().__init__(access)
        self._newest: TrailLine | None = None
        access.followed_by(self)

    def newest(self) -> TrailLine | None:
        """The last line; None in an empty trail."""
        if self._newest is None:
            row = self._access.row(_NEWEST)
            self._newest = TrailLine(*row) if row else None
        return self._newest

    def append(self, *, at: datetime, ref: str, kind: str, payload: str) -> None:
        last = self.newest()
        line = TrailLine(
            seq=last.seq + 1 if last else 1,
            at=at.astimezone(UTC).isoformat(timespec="microseconds"),
            ref=ref,
            kind=kind,
            payload=payload,
            prev_hash=last.hash if last else _FIRST,
        )
        self._access.change(_APPEND, line.fields)
        self._newest = line

    def lines(self) -> Iterator[TrailLine]:
        """The whole trail, oldest line first."""
        return lines(self._access)

    def committed(self) -> None:
        """What is known is on disk."""

    def rolled_back(self) -> None:
        self._newest = None


def line_at(access: Access, seq: int) -> TrailLine | None:
    """The line with this number; None when there is none."""
    row = access.row(_LINE, (seq,))
    return TrailLine(*row) if row else None


def lines(access: Access) -> Iterator[TrailLine]:
    """All lines, oldest first."""
    for row in access.each(_LINES):
        yield TrailLine(*row)


def examined(all_lines: Iterable[TrailLine]) -> AuditTrail:
    """The length and span of *all_lines*, and where their chain is broken.

    Lines cut off at the end leave no trace in the chain; the high-water mark shows
    those."""
    first = last = None
    count, number, seal, found = 0, 1, _FIRST, []
    for line in all_lines:
        if line.seq != number:
            found.append(f"audit lines {number} to {line.seq - 1} are missing")
        elif line.prev_hash != seal:
            found.append(f"audit line {line.seq} does not follow from the one before")
        first, last = first or line, line
        count, number, seal = count + 1, line.seq + 1, line.hash
    return AuditTrail(
        lines=count,
        first=moment_of(first.at if first else None),
        last=moment_of(last.at if last else None),
        faults=tuple(found),
    )


def moment_of(at: str | None) -> datetime | None:
    """When a line was written; None without one, and if somebody has altered it."""
    try:
        return datetime.fromisoformat(at) if at else None
    except ValueError:
        return None
