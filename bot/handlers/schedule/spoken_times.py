"""Times as they are said: "at noon on weekdays", "monday to friday at 10am".

Tested by tests/bot/handlers/schedule/test_spoken_times.py.
"""

import re
from collections.abc import Sequence
from typing import Final

from core.model.chosen.schedule import Times
from core.rules.chosen.written import times_in, weekdays_in


def times_and_days(said: Sequence[str]) -> tuple[Times, frozenset[int]] | None:
    """The times and the days of the week that *said* names, in either order; every
    weekday where it names none. None if it is not understood."""
    words = plain(" ".join(said)).split()
    for count in range(len(words), -1, -1):
        first, last = " ".join(words[:count]), " ".join(words[count:])
        for at, on in ((first, last), (last, first)):
            times, days = times_in(at), weekdays_in(on)
            if times is not None and days is not None:
                return times, days
    return None


def is_timed(said: Sequence[str]) -> bool:
    """Whether *said*, behind "scan" or "report", names a time: it is not for now."""
    return any(map(_TIMED.fullmatch, " ".join(said).lower().split()))


def plain(said: str) -> str:
    """*said* as ``times_in`` and ``weekdays_in`` read it."""
    text = " ".join(said.lower().split())
    for pattern, instead in _PLAINER:
        text = pattern.sub(instead, text)
    return " ".join(_CLOCK.sub(_on_24_hours, text).split())


_DAY: Final = r"(mon|tue|wed|thu|fri)"
_PLAINER: Final = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"\b(mon|tue|wed|thu|fri)(s|nes|rs)?days?\b", r"\1"),
        (rf"\b{_DAY}s?\b ?(?:to|through|till|until|-|\u2013) ?\b{_DAY}\b", r"\1-\2"),
        (r"\b(every|each|all|on) (?=(day|weekday|week day|mon|tue|wed|thu|fri))", ""),
        (r"\b(week ?days?|days?|daily|session days?)\b", "daily"),
        (r"\b(at|on|the|market|please)\b(?! ?[-+])", ""),
        (r"\band (?=(mon|tue|wed|thu|fri))", ""),
        (r"\bnoon\b|\bmidday\b", "12:00"),
    )
)
_CLOCK: Final = re.compile(
    r"(?<![\d:+-])(\d{1,2})(?:[:.](\d\d))? ?(am|pm|a\.m\.|p\.m\.|o'?clock)(?!\w)"
)
_NOON: Final = 12


def _on_24_hours(found: re.Match[str]) -> str:
    hour = int(found[1]) % _NOON if found[3][0] in "ap" else int(found[1])
    hour += _NOON * found[3].startswith("p")
    return f"{hour}:{found[2] or '00'}"


_TIMED: Final = re.compile(
    r"at|every|each|daily|weekdays?|noon|tomorrow|tonight|later|"
    r"(mon|tues|wednes|thurs|fri)days?|\d{1,2}[:.]\d\d|\d{1,2}(am|pm)"
)
