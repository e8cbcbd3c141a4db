"""Which setting a text names, and the value behind it: "max order $2,000".

Tested by tests/bot/handlers/settings/test_settings.py.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final


RESETTING: Final = frozenset({"default", "reset"})
"""A value with this word is the setting's default; it may come before the name."""

NEAR: Final = 0.6
"""How alike a misspelt name must be to be suggested (difflib's ratio)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A setting, and the words after its name."""

    name: str
    value: str


def named(said: Sequence[str], names: Collection[str]) -> Named | None:
    """The setting that the longest possible start of *said* names, in full or by words
    that only one of *names* has; None if none or several match.
    """
    words = words_of(said)
    for count in range(len(words), 0, -1):
        name = _one(_plain(words[:count]), names)
        if name is not None:
            return Named(name=name, value=" ".join(words[count:]))
    return None


def name_first(said: Sequence[str]) -> Sequence[str]:
    """*said* with the name of the setting first: "reset shares" as "shares reset", "set
    shares 50" as "shares 50".
    """
    if len(said) < 2:  # noqa: PLR2004  a name and a word before it
        return said
    verb, *rest = said
    if verb.lower() in RESETTING:
        return (*rest, verb)
    return rest if verb.lower() == "set" else said


def near(said: Sequence[str], names: Collection[str]) -> tuple[str, ...]:
    """The settings most similar to *said*, the likeliest first."""
    asked = _plain(words_of(said))
    words = [*asked.split("_"), *("max" for each in said if each.lower() in _LIMIT)]
    holding = [name for name in names if any(w in name.split("_") for w in words)]
    close = get_close_matches(asked, [*names], n=3, cutoff=NEAR)
    return tuple(dict.fromkeys([*close, *holding]))[:3]


_LIMIT: Final = frozenset({"limit", "limits", "cap", "maximum", "most"})
"""Words for what the names of settings call max."""


def words_of(said: Sequence[str]) -> list[str]:
    """The words of *said* without an = between name and value."""
    return [word for each in said for word in each.replace("=", " ").split()]


def _plain(words: Sequence[str]) -> str:
    text = "_".join(words).lower().replace("-", "_")
    return text.removeprefix("openbell_")


def _one(asked: str, names: Collection[str]) -> str | None:
    if asked in names:
        return asked
    wanted = asked.split("_")
    fitting = [name for name in names if _holds(name.split("_"), wanted)]
    return fitting[0] if len(fitting) == 1 else None


def _holds(parts: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether *wanted* occur in *parts* in their order."""
    left = iter(parts)
    return all(word in left for word in wanted)
