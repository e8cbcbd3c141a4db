"""Halts: their reasons in words, and which of them /resume ends at once."""

from collections.abc import Iterable
from typing import Final

from core.model.status import THE_BOT, ExitsWait, Halt


def in_words(halts: Iterable[Halt]) -> str | None:
    """Every reason, oldest first, as text; None if there is none."""
    return "; ".join(halt.reason.rstrip(".") for halt in halts) or None


def need_a_look(halts: Iterable[Halt]) -> bool:
    """Whether /resume asks before it ends them: the owner has to read what the bot
    found wrong, but knows about his own /halt."""
    return any(halt.by == THE_BOT for halt in halts)


_PANIC: Final = "/panic by "


def panic_reason(by: str) -> str:
    """The reason for the halt of a /panic sent by *by*."""
    return f"{_PANIC}{by}"


def is_old_copy(halts: Iterable[Halt]) -> bool:
    """Whether the journal may be an old copy, whose exit plans are out of date."""
    return any(halt.old_copy for halt in halts)


def is_panicking(halts: Iterable[Halt]) -> bool:
    """Whether a panic's halt is in force: no exit is placed, since everything is to be
    sold."""
    return any(halt.reason.startswith(_PANIC) for halt in halts)


def exits_wait(halts: Iterable[Halt]) -> ExitsWait | None:
    """What keeps exits back (S15); None for any other halt, and for none."""
    every = tuple(halts)
    if is_old_copy(every):
        return ExitsWait.OLD_COPY
    return ExitsWait.PANIC if is_panicking(every) else None
