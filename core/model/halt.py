"""The reasons why nothing may be sent until the owner resumes, and /panic."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final


THE_BOT: Final = "the bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """One reason for a halt, since ``at`` (UTC). ``by`` is the owner's name, or
    THE_BOT. ``old_copy``: the journal may be an old copy whose plans are out of date,
    so that no exit is placed or ended by it either."""

    at: datetime
    by: str
    reason: str
    old_copy: bool = False


class ExitsWait(Enum):
    """Which halt keeps exits back until /resume."""

    PANIC = "panic"
    """All is to be sold, so none is placed."""

    OLD_COPY = "old copy"
    """The journal may be one: its plans hold for nothing, none is placed or ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panic:
    """A /panic ``at`` a moment (UTC), sent ``by`` an owner: all orders are cancelled,
    then a card asks whether to sell everything held. ``key`` identifies that card."""

    at: datetime
    by: str
    key: str
