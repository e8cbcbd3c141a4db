"""What stands behind a command, and what words without a slash mean."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from bot.handlers.services import Heard


_PANIC: Final = re.compile(
    "(please )?(panic|stop( it| all)?|sell (all|everything)( of it)?( my)?"
    "( shares| stocks)?)( now| please)*|sell it all"
)
_LETTERS: Final = re.compile(r"[a-z]+")

_SYNONYMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("holdings", "portfolio", "position", "stocks"), "positions"),
        **dict.fromkeys(("balance", "funds", "cash", "money"), "account"),
        **dict.fromkeys(("order", "fills", "trades", "working"), "orders"),
        **dict.fromkeys(("gainers", "find", "search", "card"), "scan"),
        **dict.fromkeys(("pause", "freeze", "hold"), "halt"),
        **dict.fromkeys(("continue", "unhalt", "unpause"), "resume"),
        **dict.fromkeys(("profit", "loss", "profits", "gains", "earnings"), "pnl"),
        **dict.fromkeys(("ready", "state", "alive", "ping"), "status"),
        **dict.fromkeys(("performance", "results", "scorecard"), "score"),
        **dict.fromkeys(("past", "picks", "earlier"), "history"),
        **dict.fromkeys(("audit", "trail", "csv", "download"), "export"),
        **dict.fromkeys(("commands", "menu"), "help"),
        **dict.fromkeys(("hello", "hi", "hey", "begin"), "start"),
        **dict.fromkeys(("logs", "errors", "warnings"), "log"),
        **dict.fromkeys(("trust",), "about"),
        **dict.fromkeys(("quiet", "silence", "silent", "snooze"), "mute"),
        **dict.fromkeys(("notifications", "sound", "loud"), "noise"),
        **dict.fromkeys(("undo", "withdraw", "abort"), "cancel"),
        **dict.fromkeys(("morning", "summary"), "report"),
        **dict.fromkeys(("reason", "explain", "because"), "why"),
        **dict.fromkeys(("panik", "emergency", "sos"), "panic"),
    }
)
"""Other first words for a command. Each command only shows or asks; what it halts can
be resumed: none of them places an order."""

_SIZES: Final = frozenset({"all", "half", "quarter", "everything", "some"})
_FILLERS: Final = frozenset({"my", "the", "please", "me", "show", "of", "shares", "a"})

_QUESTIONS: Final = frozenset(
    {
        "what",
        "what's",
        "whats",
        "how",
        "when",
        "where",
        "who",
        "which",
        "is",
        "are",
        "am",
    }
)
_LOOKED_FOR: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("hold", "own", "held", "positions", "holdings"), "positions"),
        **dict.fromkeys(("make", "made", "earn", "earned", "lost", "profit"), "pnl"),
        **dict.fromkeys(("worth", "account", "balance", "free", "cash"), "account"),
        **dict.fromkeys(("orders", "working", "bought", "sold", "filled"), "orders"),
        **dict.fromkeys(("ready", "wrong", "status", "up", "open"), "status"),
        **dict.fromkeys(("see", "allowed", "people"), "people"),
        **dict.fromkeys(("rings", "loud", "quiet"), "noise"),
        **dict.fromkeys(("version", "trusted"), "about"),
        **dict.fromkeys(("do", "help", "commands"), "help"),
    }
)
"""What a question asks for. "hold" alone halts, and "what do I hold" does not."""

NEAR: Final = 0.75
"""How alike a misspelt word must be to count as the command (difflib's ratio)."""

ALIKE: Final = 0.5
"""How alike a command must be to be suggested."""

SUGGESTED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A command, and the words behind it."""

    name: str
    behind: tuple[str, ...]


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
    said = [word.strip(".,!?") for word in (text or "").split()]
    words = [word for word in said if word and word.lower() not in _FILLERS]
    if not words:
        return NotClear(nearest=())
    if words[0].lower() in _QUESTIONS:
        return _asked(words[1:], names)
    first = words[0].lower().lstrip("/").partition("@")[0]
    name = _command(first, names)
    if name is None:
        return NotClear(nearest=_nearest(first, names))
    return Meant(name=name, behind=_in_order(name, words[1:]))


def _asked(words: Sequence[str], names: Collection[str]) -> Meant | NotClear:
    """What a question looks for; whatever it says, it only looks."""
    said = {word.lower() for word in words}
    found = (name for word, name in _LOOKED_FOR.items() if word in said)
    name = next((each for each in found if each in names), None)
    return NotClear(nearest=()) if name is None else Meant(name=name, behind=())


def _command(word: str, names: Collection[str]) -> str | None:
    if word in names:
        return word
    if _SYNONYMS.get(word) in names:
        return _SYNONYMS[word]
    close = get_close_matches(word, _known(names), n=2, cutoff=NEAR)
    found = {_SYNONYMS.get(each, each) for each in close}
    return found.pop() if len(found) == 1 else None


def _nearest(word: str, names: Collection[str]) -> tuple[str, ...]:
    close = get_close_matches(word, _known(names), n=2 * SUGGESTED, cutoff=ALIKE)
    named = dict.fromkeys(_SYNONYMS.get(each, each) for each in close)
    return tuple(named)[:SUGGESTED]


def _known(names: Collection[str]) -> list[str]:
    return [*names, *(word for word, name in _SYNONYMS.items() if name in names)]


def _in_order(name: str, behind: Sequence[str]) -> tuple[str, ...]:
    """Of what is bought or sold, the stock stands first: "sell half macv"."""
    if name not in {"sell", "buy"}:
        return tuple(behind)
    return tuple(sorted(behind, key=_is_amount))


def _is_amount(word: str) -> bool:
    return word.lower() in _SIZES or not word[0].isalpha()
