"""The journal as a whole: its audit trail, and how large it is."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditTrail:
    """The trail's length, its first and last moment (UTC; None if unknown), and a
    description of where it is broken, empty when every line is as it was written."""

    lines: int
    first: datetime | None
    last: datetime | None
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalSize:
    """The journal's size on disk in ``bytes``, and the moment of its first line
    (``since``, UTC); None if that line has none."""

    bytes: int
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One line of the log: when (UTC), its level (INFO, WARNING, ERROR, CRITICAL), and
    its text, without secrets."""

    at: datetime
    level: str
    text: str
