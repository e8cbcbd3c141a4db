"""How the times of a schedule are written: in the chat, and in the journal."""

import re
from datetime import date, time, timedelta
from typing import Final

from core.model.chosen.schedule import (
    WEEKDAYS,
    Anchor,
    AtTime,
    Beside,
    Every,
    Times,
)


_TIME: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?: ?et)?", re.ASCII)
_BESIDE: Final = re.compile(r"(open|close)(?: ?([+-]) ?(\d{1,3})m?)?", re.ASCII)
_IN_WORDS: Final = re.compile(
    r"(\d{1,3}) ?m(?:in(?:utes?)?)? (before|after) (?:the )?(open|close)", re.ASCII
)
_EVERY: Final = re.compile(
    r"every (\d{1,3}) ?(m|min|minutes?|h|hours?)? (?:from )?(\S+?) ?(?:-|to) ?(\S+)",
    re.ASCII,
)
_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_NAMES: Final = ("mon", "tue", "wed", "thu", "fri")
_AROUND_SIGNS: Final = re.compile(r"\s*([+,\u2013\u2212-])\s*")

LEAST_MINUTES: Final = 5
"""The least time between two runs of one entry: a scan takes seconds, and IB limits
data requests."""

FARTHEST: Final = timedelta(days=366)
"""How far ahead a day off may be."""


def times_in(text: str) -> Times | None:
    """Parse "10:00", "open+15", "30 min before the close" or "every 30m 10:00-15:00";
    None for anything else."""
    words = _plain(text)
    if at := _time(words):
        return AtTime(at=at)
    if found := _BESIDE.fullmatch(words):
        minutes = int(found[3] or 0)
        sign = -1 if found[2] == "-" else 1
        return Beside(anchor=Anchor(found[1]), minutes=sign * minutes)
    if found := _IN_WORDS.fullmatch(words):
        sign = -1 if found[2] == "before" else 1
        return Beside(anchor=Anchor(found[3]), minutes=sign * int(found[1]))
    return _every(words)


def text_of(times: Times) -> str:
    """*times* as ``times_in`` reads them."""
    match times:
        case AtTime(at=at):
            return f"{at:%H:%M}"
        case Beside(anchor=anchor, minutes=minutes):
            return f"{anchor}{minutes:+d}" if minutes else str(anchor)
        case Every(minutes=minutes, first=first, last=last):
            return f"every {minutes}m {first:%H:%M}-{last:%H:%M}"


def weekdays_in(text: str) -> frozenset[int] | None:
    """Parse days of the week: "mon,wed", "mon-fri", "daily"; None for anything else.
    Monday is 0."""
    words = _plain(text)
    if words in {"", "daily", "weekdays", "every day"}:
        return WEEKDAYS
    days: set[int] = set()
    for part in words.replace(" ", ",").split(","):
        first, _, last = part.partition("-")
        begins, ends = _weekday(first), _weekday(last or first)
        if begins is None or ends is None or begins > ends:
            return None
        days |= set(range(begins, ends + 1))
    return frozenset(days)


def text_of_weekdays(days: frozenset[int]) -> str:
    """ "" for every day of the week that has sessions."""
    return "" if days == WEEKDAYS else ",".join(_NAMES[day] for day in sorted(days))


def day_in(text: str, *, today: date) -> date | None:
    """Parse a New York date from *today* on: "2026-12-24", "tomorrow", "fri"; None for
    anything else, a past date, or one more than a year ahead."""
    words = _plain(text)
    near = {"today": today, "tomorrow": today + timedelta(days=1)}
    day = near.get(words) or _date(words) or _next_weekday(words, today)
    return day if day is not None and today <= day <= today + FARTHEST else None


def _every(words: str) -> Every | None:
    found = _EVERY.fullmatch(words)
    if found is None:
        return None
    count, unit, first, last = found.groups()
    minutes = int(count) * (60 if (unit or "m").startswith("h") else 1)
    begins, ends = _time(first), _time(last)
    if begins is None or ends is None or begins > ends or minutes < LEAST_MINUTES:
        return None
    return Every(minutes=minutes, first=begins, last=ends)


def _time(words: str) -> time | None:
    found = _TIME.fullmatch(words)
    return time(int(found[1]), int(found[2])) if found else None


def _date(words: str) -> date | None:
    found = _DATE.fullmatch(words)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _next_weekday(words: str, today: date) -> date | None:
    wanted = _weekday(words)
    ahead = None if wanted is None else (wanted - today.weekday()) % 7
    return None if ahead is None else today + timedelta(days=ahead)


def _weekday(word: str) -> int | None:
    short = word[:3]
    is_day = short in _NAMES and word in {short, *_LONG}
    return _NAMES.index(short) if is_day else None


_LONG: Final = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday"})


def _plain(text: str) -> str:
    """*text* in lower case, with one kind of dash and no spaces around signs."""
    words = " ".join(text.lower().split())
    return _AROUND_SIGNS.sub(lambda found: _DASHES.get(found[1], found[1]), words)


_DASHES: Final = {"\N{EN DASH}": "-", "\N{MINUS SIGN}": "-"}
