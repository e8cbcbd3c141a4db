"""What is said of the reasons why nothing may be sent, and which of them end at once."""

from collections.abc import Iterable
from typing import Final

from core.model.halt import THE_BOT, Halt


def in_words(halts: Iterable[Halt]) -> str | None:
    """Every reason, oldest first; None when there is none."""
    return "; ".join(halt.reason.rstrip(".") for halt in halts) or None


def need_a_look(halts: Iterable[Halt]) -> bool:
    """Whether /resume asks before it ends them: the owner's own /halt he knows, what
    the bot found wrong he has to read first."""
    return any(halt.by == THE_BOT for halt in halts)


_PANIC: Final = "/panic by "


def panic_reason(by: str) -> str:
    """Why nothing may be sent after *by* has said /panic."""
    return f"{_PANIC}{by}"


def is_old_copy(halts: Iterable[Halt]) -> bool:
    """Whether the journal may be an older one: then its exit plans hold for nothing."""
    return any(halt.old_copy for halt in halts)


def is_panicking(halts: Iterable[Halt]) -> bool:
    """Whether a panic's halt holds: then no exit is placed, for all is to be sold."""
    return any(halt.reason.startswith(_PANIC) for halt in halts)
