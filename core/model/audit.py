"""The journal as a whole: its audit trail, and how large it is."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditTrail:
    """How long it is, from when to when (UTC; None where it cannot be told), and where
    it is broken, in words: empty when every line is as it was written."""

    lines: int
    first: datetime | None
    last: datetime | None
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalSize:
    """How much of the disk the journal fills, in ``bytes``, and ``since`` when (UTC) it
    has grown to that; None where its first line does not tell."""

    bytes: int
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """When (UTC), how bad (INFO, WARNING, ERROR, CRITICAL), and the words, without
    secrets."""

    at: datetime
    level: str
    text: str
