"""Whole sentences that mean a command.

Tested by tests/bot/handlers/test_said.py and tests/docs/test_requests.py.
"""

import re
from typing import Final


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
