"""Which commands act at once, and which are asked about first.

A typing mistake must do no harm: /panic ends every stop order at IB, and /resume lets
orders leave. A question or a misspelt word therefore asks, with a button; /halt takes
nothing away and needs less certainty.

Tested by tests/bot/handlers/test_urgency.py.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import dropwhile
from types import MappingProxyType
from typing import Final

from bot.handlers.vocabulary import is_denial


STOP_OR_HALT: Final = ("panic", "halt", "status")
"""What may be meant where it is not certain that all is to be stopped."""

_AT_ONCE: Final = frozenset({"panic", "halt", "resume", "cancel"})
"""Commands that change something before anything is asked."""

_TRADING: Final = frozenset(
    {"now", "please", "all", "everything", "it", "trading", "orders", "buying"}
)

INTENSIFIERS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "panic": frozenset({"now", "please", "all", "everything", "it"})
        | {"sell", "stop", "out"},
        "resume": frozenset({"now", "trading", "orders", "buying", "all", "it"}),
    }
)
"""What may stand behind a word for a command that acts at once and cancels or allows
orders: any other word makes it another sentence."""

_BEHIND: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "hold": frozenset({"on", "fire", "off", "up"}) | _TRADING,
        "/panic": INTENSIFIERS["panic"] - {"stop"},
    }
)
"""The same for single first words: "hold" is said of a stock and of a beer, too, and
"/panic stop" may mean to end one."""


def is_question(text: str) -> bool:
    """Whether *text* is a question. A command with a slash, and "STOP?!", are not."""
    end = text.strip()[-3:]
    return "?" in end and "!" not in end and not text.strip().startswith("/")


def begins_as_question(text: str) -> bool:
    """Whether it is one by its first words, with or without its sign: "can I halt"."""
    return _ASKS.match(text.strip()) is not None


_ASKS: Final = re.compile(
    r"(what|how|why|when|where|who|which|if|(can|could|may|should|must|shall|do|did) i|"
    r"(did|does|is|will|would) it|"
    r"(did|does|do|is|are|will|would) (you(?! please)|we|they))\b",
    re.IGNORECASE,
)
"""Not "could you" and "would you please": those are polite requests. "Do it" is none."""


STOP_WORDS: Final = frozenset({"stop", "kill", "stahp", "bail"})


def ends_in_a_stop(words: Sequence[str]) -> bool:
    """Whether *words*, in small letters, end in a cry: "we need to stop now", "no no stop";
    not in the stop of a stock: "my stop"."""
    said = list(dropwhile("no".__eq__, words))
    while said and said[-1] in _AFTER_A_STOP:
        said.pop()
    is_order = bool(_OF_AN_ORDER & {*said[-2:-1]})
    is_denied = any(map(is_denial, said))
    return bool(STOP_WORDS & {*said[-1:]}) and not (is_order or is_denied)


_AFTER_A_STOP: Final = frozenset(
    {"it", "this", "that", "all", "everything", "now", "please", "ok", "okay"}
)
_OF_AN_ORDER: Final = frozenset({"my", "the", "a", "an", "its", "trailing"})


def last_part(text: str) -> str:
    """What stands behind the last sign or "and" in *text*: "stop" in "no! stop!"."""
    *_, last = "", *filter(str.strip, _APART.split(text))
    return last


_APART: Final = re.compile(r"[.,;:!?\n]+|\b(?:and|then|so)\b")


def is_asked_first(
    name: str, arguments: Sequence[str], text: str, *, surely: bool
) -> bool:
    """Whether *text*, in which the command *name* was found, is asked about before it
    is run: "resume?", "manic"; ``surely`` if its word was not misspelt.
    """
    if name not in _AT_ONCE or (name == "cancel" and not arguments):
        return False
    is_meant_as_one = text.strip().startswith("/") and name != "resume"
    is_asked = is_question(text) or begins_as_question(text)
    return is_asked or not (surely or is_meant_as_one)


def says_more(name: str, first: str, arguments: Sequence[str]) -> bool:
    """Whether a word for a command that acts at once begins another sentence: "panic
    over", "continue tomorrow", "hold my beer"; *first* is the word as written.
    """
    may_follow = _BEHIND.get(first) or INTENSIFIERS.get(name)
    said = {word.lower().strip(".,!?") for word in arguments} - {""}
    return may_follow is not None and not said <= may_follow
