"""What stands behind a command, and what words without a slash mean."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from bot.handlers.services import Heard
from bot.handlers.vocabulary import LOOKED_FOR, QUESTIONS, SYNONYMS, in_order, spoken


_PANIC: Final = re.compile(
    "(please )?(panic|stop( it| all)?|sell (all|everything)( of it)?( my)?"
    "( shares| stocks)?)( now| please)*|sell it all"
)
_LETTERS: Final = re.compile(r"[a-z]+")

NEAR: Final = 0.75
"""How alike a misspelt word must be to count as the command (difflib's ratio)."""

ALIKE: Final = 0.5
"""How alike a command must be to be suggested."""

SUGGESTED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A command, and the words behind it; ``surely`` where it was not misspelt."""

    name: str
    behind: tuple[str, ...]
    surely: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NotClear:
    """No command; the ``nearest`` ones, the likeliest first."""

    nearest: tuple[str, ...]


def words_after(heard: Heard) -> list[str]:
    """The words behind the command."""
    return list(heard.behind)


def is_panic(text: str | None) -> bool:
    """Whether the whole message is a word for wanting out, however it is written. IT
    is a stock, too: "/sell IT all" names it."""
    said = (text or "").strip().lower()
    words = " ".join(_LETTERS.findall(said))
    names_it = said.startswith("/sell") and words == "sell it all"
    return _PANIC.fullmatch(words) is not None and not names_it


def meant(text: str | None, names: Collection[str]) -> Meant | NotClear:
    """What *text*, which is none of the commands *names*, may mean: a command without
    its slash, in other words, or misspelt."""
    words = spoken(text)
    if not words:
        return NotClear(nearest=())
    if words[0].lower() in QUESTIONS:
        return _asked(words[1:], names)
    first = words[0].lower().lstrip("/").partition("@")[0]
    name = _command(first, names)
    if name is None:
        return NotClear(nearest=_nearest(first, names))
    surely = first in names or first in SYNONYMS
    return Meant(name=name, behind=in_order(name, words[1:]), surely=surely)


def could_be_a_symbol(understood: Meant, text: str) -> bool:
    """Whether *text*, where a stock is asked for, is rather one than the command that was
    *understood*: FUND is like "funds", and LOGS written so is no "logs"."""
    first = spoken(text)[0]
    is_short = len(first) <= _SYMBOL and not first.startswith("/")
    is_name = first.lower() == understood.name
    return is_short and not is_name and (first.isupper() or not understood.surely)


_SYMBOL: Final = 5
"""Letters of a symbol, at most."""


def _asked(words: Sequence[str], names: Collection[str]) -> Meant | NotClear:
    """What a question looks for; whatever it says, it only looks."""
    said = {word.lower() for word in words}
    found = (name for word, name in LOOKED_FOR.items() if word in said)
    name = next((each for each in found if each in names), None)
    return NotClear(nearest=()) if name is None else Meant(name=name, behind=())


def _command(word: str, names: Collection[str]) -> str | None:
    if word in names:
        return word
    if SYNONYMS.get(word) in names:
        return SYNONYMS[word]
    close = get_close_matches(word, _known(names), n=2, cutoff=NEAR)
    found = {SYNONYMS.get(each, each) for each in close}
    return found.pop() if len(found) == 1 else None


def _nearest(word: str, names: Collection[str]) -> tuple[str, ...]:
    close = get_close_matches(word, _known(names), n=2 * SUGGESTED, cutoff=ALIKE)
    named = dict.fromkeys(SYNONYMS.get(each, each) for each in close)
    return tuple(named)[:SUGGESTED]


def _known(names: Collection[str]) -> list[str]:
    return [*names, *(word for word, name in SYNONYMS.items() if name in names)]
