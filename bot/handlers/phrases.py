"""Whole sentences that mean a command, and amounts in words.

Tested by tests/bot/handlers/test_said.py.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final


PANIC: Final = re.compile(
    r"(please )?("
    r"panic|(emergency )?stop( it| all| everything| stop)*|kill switch|get me out|"
    r"(sell|close|exit|dump|liquidate|flatten) "
    r"(all|everything|the lot|it all)( of it)?( of)?( my)?( shares| stocks| positions)?|"
    r"liquidate|flatten|sell it all"
    r")( now| please)*"
)
"""The whole message, in small letters: somebody wants out."""

STOP_SIGNS: Final = ("\N{OCTAGONAL SIGN}", "\N{SQUARED SOS}")

_COMMANDS: Final = (
    (r"stop (trading|buying|scanning)|do(n't|nt| not) (buy|trade)( anything)?", "halt"),
    (r"(set |put )?(a |my )?stop ?loss(es)?\b.*|(set|put) (a |my )?stop\b.*", "exits"),
    (r"(protect|trail)\b.*|stop (at )?\$?\d.*", "exits"),
    (r"(?P<behind>(max|min) .+)", "settings"),
    (
        r"(go|switch to|turn on) live( trading)?|(use )?(real|live) (money|trading)",
        "about",
    ),
    (r"(who|what) are you", "about"),
    (r"(set|change|raise|lower) (?P<behind>.+)", "settings"),
    (r"(turn|switch) off (the |my )?(notifications|sound|noise)", "mute"),
    (
        r"(please )?(be quiet|shut up|do ?n.?t disturb( me)?)( for)? ?(?P<behind>.*)",
        "mute",
    ),
    (r"unmute|wake up|(turn|switch) on (the |my )?(notifications|sound)", "mute off"),
    (r"(show|turn on) (the |my )?(keyboard|keys|buttons)", "keyboard on"),
    (r"(hide|remove|turn off) (the |my )?(keyboard|keys|buttons)", "keyboard off"),
    (r"cancel (everything|it all|them all|all my orders|all orders)", "cancel all"),
    (r"cancel (my |the |an )?orders?", "cancel"),
    (r"(when is (the |my )?)?next (report|scan)", "schedule"),
    (r"(top )?gainers|what (should|can|could) i buy", "scan"),
    (
        (
            r"(how is|how's|what is|what's) (?!it |my |this |that |everything )"
            r"(?P<behind>\S+) (doing|trading( at)?|at|worth)( now| today)?"
        ),
        "quote",
    ),
    (r"p ?(&|and|n) ?l\b.*|what('s|s| is) my p ?(&|and|n) ?l", "pnl"),
    (r"(are you|is it|is everything|all) (ok|okay|fine|alive|there|up|good)", "status"),
    (r"(win rate|how did (the|my) picks do.*|did it work)", "score"),
    (r"did it fill|was it filled", "orders"),
    (r"good (morning|evening|day)", "start"),
    (r"(add|remove) (user|person|owner|viewer)\b.*", "people"),
)
_MEANT: Final = [(re.compile(pattern), name) for pattern, name in _COMMANDS]

_UNITS: Final = {
    **{
        w: n
        for n, w in enumerate(
            [
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
            ],
            1,
        )
    },
    **{
        w: n
        for n, w in enumerate(
            ["eleven", "twelve", "thirteen", "fourteen", "fifteen"], 11
        )
    },
    **{
        w: 10 * n
        for n, w in enumerate(
            [
                "twenty",
                "thirty",
                "forty",
                "fifty",
                "sixty",
                "seventy",
                "eighty",
                "ninety",
            ],
            2,
        )
    },
}
_HUNDRED: Final = 100
_THOUSAND: Final = 1_000
_NUMBERS: Final = {**_UNITS, "hundred": _HUNDRED, "thousand": _THOUSAND}
_PARTS: Final = {"quarter": "25%", "everything": "all", "whole": "all"}
_DOLLARS: Final = frozenset({"dollar", "dollars", "bucks", "usd"})
_PERCENT: Final = frozenset({"percent", "pct", "per cent"})
_COUNT: Final = re.compile(r"x?(\d[\d,]*)x?", re.ASCII)


def whole_sentence(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The command that the whole of *text* means, and the words behind it; None for none."""
    said = " ".join(text.split()).strip(" .,!?")
    if text.strip() in _HELP:
        return "help", ()
    for pattern, command in _MEANT:
        if found := pattern.fullmatch(said.lower()):
            name, *fixed = command.split()
            span = found.span("behind") if "behind" in pattern.groupindex else (0, 0)
            return name, (*fixed, *_behind(name, said[slice(*span)]))
    return None


def _behind(name: str, words: str) -> list[str]:
    """Of a setting without the "to" before its value: "max order to 2000"."""
    return [w for w in words.split() if name != "settings" or w.lower() not in _FILL]


_HELP: Final = frozenset({"?", "/?"})
_FILL: Final = frozenset({"to", "the", "my"})


def amounts(words: Sequence[str]) -> Iterator[str]:
    """*words* with numbers in words as figures. In capitals it may be a stock: TEN stays."""
    told: list[str] = []
    for word in words:
        if not word.isupper() and word.lower() in _NUMBERS:
            told.append(word.lower())
            continue
        yield from _numbers(told)
        told = []
        yield word
    yield from _numbers(told)


def _numbers(told: Sequence[str]) -> Iterator[str]:
    """The numbers that *told*, words for numbers, say one after the other."""
    thousands, hundreds, last = 0, 0, 0
    for word in told:
        value = _NUMBERS[word]
        if value == _THOUSAND:
            thousands, hundreds = thousands + _THOUSAND * (hundreds or 1), 0
        elif value == _HUNDRED:
            hundreds = _HUNDRED * (hundreds or 1)
        elif last and not _continues(last, value):  # "two three" is no five
            yield str(thousands + hundreds)
            thousands, hundreds = 0, value
        else:
            hundreds += value
        last = value
    if told:
        yield str(thousands + hundreds)


def _continues(last: int, value: int) -> bool:
    """Whether *value* goes on after *last*: "twenty five", "hundred ten"."""
    is_tens = last in range(20, _HUNDRED)
    return last >= _HUNDRED or (is_tens and value < last % 10 + 10)


def _with_unit(number: str, unit: str) -> str:
    return f"${number}" if unit.lower() in _DOLLARS else f"{number}%"


def figures(words: Sequence[str]) -> list[str]:
    """The same where the number is written in digits."""
    told: list[str] = []
    for word in amounts(words):
        count = _COUNT.fullmatch(word.lower())
        if told and told[-1].isdigit() and word.lower() in _DOLLARS | _PERCENT:
            told[-1] = _with_unit(told[-1], word)
        elif count:
            told.append(count[1])
        else:
            told.append(_PARTS.get(word, word))
    return told
