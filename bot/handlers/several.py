"""Several commands in one message: "halt; cancel all", "status and positions".

Tested by tests/bot/handlers/test_several.py.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from bot.handlers.panic_words import is_panic
from bot.handlers.text_commands import Meant, meant
from bot.handlers.urgency import begins_as_question, is_question
from bot.handlers.vocabulary import (
    ASKED_FOR,
    NO_STOCKS,
    NOT_ALONE,
    OF_SHARES,
    is_denial,
    spoken,
    stock_and_amount,
)
from core.rules.figures.size import size_in
from core.rules.selling.amount import amount_in


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
    """The commands of *text* if it has several parts, and each is certainly a command
    or the first is a /halt or /cancel, which runs whatever follows it; None for all
    other text. Each command in *once*, which may place orders, runs once a message. A
    /resume and what follows it do not run: it would let them place orders. A question
    halts and cancels nothing ("how do I cancel all"). Of an order for several stocks
    ("sell macv and ko") nothing runs either."""
    if is_panic(text) or is_question(text or ""):
        return None
    if each := _of_each_stock(text or "", names):
        return Several(commands=(), left=each)
    parts = list(_parts(text or "", names))
    found = [_one(part, names) for part in parts]
    if begins_as_question(text or "") and any(map(_is_stop, found)):
        return None
    if len(parts) <= 1 or not (all(found) or _is_stop(found[0])):
        return _halted_in(text or "", names)
    return _divided(list(zip(parts, found, strict=True)), once)


def _halted_in(text: str, names: Collection[str]) -> Several | None:
    """The /halt within an order: "sell ko and halt". It runs, and the order is left. To
    "hold" may be said of another stock."""
    found = meant(text, names)
    if not (isinstance(found, Meant) and found.name in OF_SHARES):
        return None
    parts = [_trimmed(part) for part in filter(spoken, _JOINED.split(text, _MOST))]
    each = {part: _one(part, names) for part in parts}
    said = {part: one for part, one in each.items() if "hold" not in part.lower()}
    halts = [one for one in said.values() if one and one.name == "halt"]
    left = tuple(part for part, one in each.items() if one not in halts)
    is_denied = any(map(is_denial, map(str.lower, spoken(text))))
    if not halts or is_denied or begins_as_question(text):
        return None
    return Several(commands=(halts[0],), left=left)


def _of_each_stock(text: str, names: Collection[str]) -> tuple[str, ...]:
    """The /buy or /sell of *text*, once for each of several stocks that it names; empty
    where it names one, or is another command."""
    found = meant(text, names)
    first, *others = [*map(_trimmed, filter(spoken, _JOINED.split(text, _MOST))), ""]
    others = list(filter(None, others))
    if not (isinstance(found, Meant) and found.name in OF_SHARES and others):
        return ()
    ordered = [word for word in first.split() if _means(word, found.name, names)]
    own = {each for each in others if _is_order(each, names)}
    if not ordered or not all(each in own or _is_stock(each, names) for each in others):
        return ()
    word = ordered[0]
    rest = (each if each in own else f"{word} {each}" for each in others)
    return (first[first.index(word) :], *rest)


def _is_order(part: str, names: Collection[str]) -> bool:
    """Whether it is a /buy or /sell of its own: "sell ko and buy 10 macv"."""
    found = _one(part, names)
    return found is not None and found.name in OF_SHARES


def _means(word: str, name: str, names: Collection[str]) -> bool:
    found = meant(word, names)
    return isinstance(found, Meant) and found.name == name


def _is_stock(part: str, names: Collection[str]) -> bool:
    """Whether it is a stock and how much of it: "5 nvda", "all of ko"."""
    stock, amount = stock_and_amount(spoken(part))
    is_symbol = _STOCK.fullmatch(stock) and stock.lower() not in NOT_ALONE | NO_STOCKS
    is_size = size_in(amount) is not None or amount_in(amount) is not None
    is_marked = stock.isupper() or stock.startswith("$")
    is_command = isinstance(meant(part, names), Meant) and not is_marked
    return bool(is_symbol) and is_size and not is_command


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
    return found is not None and found.name in STOPS


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
        return Meant(name="panic", arguments=())
    found = meant(part, names)
    is_stock = isinstance(found, Meant) and found.name == "quote" and _is_word(part)
    return found if isinstance(found, Meant) and found.surely and not is_stock else None


def _is_word(part: str) -> bool:
    """Whether it is one word: with "cancel QRVX, FDMX" FDMX belongs to the cancel."""
    return len(spoken(part)) == 1


_APART: Final = re.compile(r"[;\n]+|[.!]+\s+|\s+(?=/[a-z])", re.IGNORECASE)
"""Separates commands of any kind; a dot does so before a space."""

_JOINED: Final = re.compile(
    r"\s*(?:[&+]|(?<!\d),|,(?!\d{3}\b)|\b(?:and then|and|then|also)\b)\s*|\s+(?=(?:cancel|halt)\b)",
    re.IGNORECASE,
)
"""May separate commands, and may join two stocks."""

_MOST: Final = 12
"""Separators that are looked for; what stands behind the last is one part, however long:
a message of 4,000 characters must not hold up the bot."""


_STOCK: Final = re.compile(r"\$?[A-Za-z]{1,5}(\.[A-Za-z])?", re.ASCII)
STOPS: Final = frozenset({"halt", "cancel"})
"""What takes effect however it is said, and whatever was asked or stands behind it."""

_SIMPLE: Final = ASKED_FOR | STOPS
"""What only shows, halts or cancels."""
