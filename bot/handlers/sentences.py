"""Sentences that mean a command.

Tested by tests/bot/handlers/test_text_commands.py and tests/docs/test_requests.py.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bot.handlers.wordings import looking, owning, trading


_MEANT: Final = [
    (re.compile(said, re.IGNORECASE), command)
    for said, command in (*trading.SENTENCES, *owning.SENTENCES, *looking.SENTENCES)
]

_COURTESIES: Final = re.compile(
    r"(please|pls|plz|hey|ok|okay|kindly|show me|(could|can|would|will) you( please)?|"
    r"i want to|i'd like to|i would like to)[ ,]+(?P<first>.+)|"
    r"(?P<last>.+?)[ ,]+(please|pls|plz|thanks|thank you|thx|(@|at)( the)? ?market)",
    re.IGNORECASE,
)


def whole_sentence(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The command and its arguments that the whole of *text* means; None if none."""
    if text.strip() in _HELP:
        return "help", ()
    said = _spelt_out(" ".join(text.split()).strip(" .,!?"))
    while polite := _COURTESIES.fullmatch(said):
        said = polite["first"] or polite["last"]
    for pattern, command in _MEANT:
        if found := pattern.fullmatch(said):
            name, *words = command.split()
            return name, tuple(_arguments(name, words, found.groupdict()))
    return None


def _spelt_out(said: str) -> str:
    """*said* with words for the letters that stand for them: "what r u", "go thru". U and
    R are stocks elsewhere."""
    for pattern, word in _TEXTED:
        said = pattern.sub(word, said)
    return said


_TEXTED: Final = tuple(
    (re.compile(letters, re.IGNORECASE), word)
    for letters, word in (
        (r"^wat(s?)\b", r"what\1"),
        (r"\b(did|do|can|could|would|will|have|are|r) u\b", r"\1 you"),
        (r"\br (?=you\b|we\b|my\b)", "are "),
        (r"\bthru\b", "through"),
        (r"\bmkt(?= open)", "market"),
    )
)


def how_to(text: str) -> str:
    """What *text* asks how to do: "sell half" of "how do I sell half?"; "" for another."""
    found = _HOW_TO.fullmatch(" ".join(text.split()).strip(" .,!?"))
    return found["what"] if found else ""


_HOW_TO: Final = re.compile(
    r"((please|hey) )?(how (do|can|could|should|would|may) (i|you|we|one)|(show me )?how to|"
    r"can you (tell|show) me how to|where (do|can) i) (?P<what>.+)",
    re.IGNORECASE,
)


def _arguments(
    name: str, words: list[str], said: Mapping[str, str | None]
) -> Iterator[str]:
    """The arguments of the command, filled in; for a setting without the "to" before
    its value: "max order to 2000".
    """
    named = {key: word or "" for key, word in said.items()}
    if "at" in named:
        named["at"] = _clock(named["at"])
    yield from (word.format_map(named) for word in words)
    for word in named.get("arguments", "").split():
        if name != "settings" or word.lower() not in _FILL:
            yield word


_HELP: Final = frozenset({"?", "/?"})
_FILL: Final = frozenset({"to", "the", "my"})
_NOON: Final = 12


def _clock(said: str) -> str:
    """A time of day in the schedule's form hh:mm: from "10", "9.40 am" or "3 pm"."""
    digits = re.findall(r"\d+", said)
    if not digits:  # noon
        return f"{_NOON}:00"
    hour, minute = int(digits[0]), digits[1] if len(digits) > 1 else "00"
    if "pm" in said.lower() and hour < _NOON:
        hour += _NOON
    return f"{hour}:{minute}"
