"""Several commands in one message: "halt; cancel all", "status and positions".

Tested by tests/bot/handlers/test_several.py.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from bot.handlers.text_commands import Meant, is_panic, meant
from bot.handlers.urgency import is_question
from bot.handlers.vocabulary import ASKED_FOR, spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """The ``commands`` of a message, in its order, and the parts of it that are
    ``left``, each of which needs a message of its own.
    """

    commands: tuple[Meant, ...]
    left: tuple[str, ...]


def several(
    text: str | None, names: Collection[str], *, once: Collection[str]
) -> Several | None:
    """The commands of *text* if it has more than one, all of them certain; None if it
    is one command, or none. Of the commands *once* a message runs one of a name, and
    after /resume it runs none: what may place orders is not run on a guess.
    """
    if is_panic(text) or is_question(text or ""):
        return None
    parts = list(_parts(text or "", names))
    found = [_one(part, names) for part in parts]
    if len(parts) <= 1 or not (all(found) or _is_stop(found[0])):
        return None
    return _divided(list(zip(parts, found, strict=True)), once)


def _divided(
    parts: Sequence[tuple[str, Meant | None]], once: Collection[str]
) -> Several:
    commands: list[Meant] = []
    runs = list(takewhile(lambda part: not _allows_orders(part[1]), parts))
    left = []
    for said, found in runs:
        if found is None or found.name in {c.name for c in commands} & {*once}:
            left.append(said)
        else:
            commands.append(found)
    left += [said for said, _ in parts[len(runs) :]]
    return Several(commands=tuple(commands), left=tuple(left))


def _allows_orders(found: Meant | None) -> bool:
    return found is not None and found.name == "resume"


def _is_stop(found: Meant | None) -> bool:
    """Whether it takes effect whatever stands behind it: "halt; xyzzy"."""
    return found is not None and found.name in _STOPS


def _parts(text: str, names: Collection[str]) -> Iterator[str]:
    """The parts of *text*, as they were written."""
    for part in filter(spoken, _APART.split(text, maxsplit=_MOST)):
        joined = list(filter(spoken, _JOINED.split(part, maxsplit=_MOST)))
        each = [_one(one, names) for one in joined]
        if all(one is not None and one.name in _SIMPLE for one in each):
            yield from map(_trimmed, joined)
        else:
            yield _trimmed(part)


def _trimmed(part: str) -> str:
    return part.strip(" \t,.!")


def _one(part: str, names: Collection[str]) -> Meant | None:
    if is_panic(part):
        return Meant(name="panic", behind=())
    found = meant(part, names)
    is_stock = isinstance(found, Meant) and found.name == "quote" and _is_word(part)
    return found if isinstance(found, Meant) and found.surely and not is_stock else None


def _is_word(part: str) -> bool:
    """Whether it is one word: with "cancel QRVX, FDMX" FDMX belongs to the cancel."""
    return len(spoken(part)) == 1


_APART: Final = re.compile(r"[;\n]+|[.!]+\s+|\s+(?=/[a-z])", re.IGNORECASE)
"""Separates commands of any kind; a dot does so before a space."""

_JOINED: Final = re.compile(
    r"\s*(?:[,&+]|\b(?:and then|and|then|also)\b)\s*|\s+(?=(?:cancel|halt)\b)",
    re.IGNORECASE,
)
"""May separate commands, and may join two stocks."""

_MOST: Final = 12
"""Separators that are looked for; what stands behind the last is one part, however long:
a message of 4,000 characters must not hold up the bot."""

_STOPS: Final = frozenset({"halt", "cancel"})
_SIMPLE: Final = ASKED_FOR | _STOPS
"""What only shows, halts or cancels."""
