"""The result of one check, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """``NOTE`` is for what the owner must look at, since no program can tell."""

    OK = "ok"
    NOTE = "NOTE"
    MEND = "MEND"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was checked, and what was found. ``mend`` says what to do if orders cannot
    be sent or are not safe; ``note`` what the owner should look at. Both are None if
    all is well."""

    what: str
    found: str
    mend: str | None = None
    note: str | None = None

    @property
    def grade(self) -> Grade:
        if self.mend is not None:
            return Grade.MEND
        return Grade.OK if self.note is None else Grade.NOTE

    @property
    def advice(self) -> str | None:
        """What to do or to look at; None when all is well."""
        return self.mend or self.note
