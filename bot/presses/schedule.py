"""The buttons under /schedule, and their encoding in 64 bytes."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.model.chosen.schedule import RunKind, Times
from core.rules.chosen.written import (
    text_of,
    text_of_weekdays,
    times_in,
    weekdays_in,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unschedule:
    """Remove the line with this number."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddUsual:
    """Add a line of this kind at its usual time."""

    kind: RunKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """Make a day off a normal day again."""

    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSchedule:
    """Show it as it is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddBuying:
    """Add a line whose cards buy without asking; ``sure``: it was asked twice."""

    kind: RunKind
    times: Times
    weekdays: frozenset[int]
    sure: bool


SchedulePress = Unschedule | AddUsual | AddBuying | TakeBack | ShowSchedule

_SIGNS: Final = {" ": "_", ":": "T", "+": "P", ",": "C"}
"""Replacements, since callback data has only letters, digits, "_" and "-"; the text has
no capitals."""

_TO: Final = str.maketrans(_SIGNS)
_FROM: Final = str.maketrans({carried: sign for sign, carried in _SIGNS.items()})

_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)


def written(press: SchedulePress) -> str:
    match press:
        case Unschedule(number=number):
            return f"d:{number}"
        case AddUsual(kind=kind):
            return f"a:{kind}"
        case AddBuying(kind=kind, times=times, weekdays=days, sure=sure):
            letter = "y" if sure else "q"
            at, on = text_of(times), text_of_weekdays(days)
            return f"{letter}:{kind}:{at.translate(_TO)}:{on.translate(_TO)}"
        case TakeBack(day=day):
            return f"b:{day.isoformat()}"
        case ShowSchedule():
            return "s:"


def read(kind: str, *rest: str) -> SchedulePress:
    """Raises TypeError or ValueError for what was never written."""
    if kind in {"q", "y"}:
        return _buying(*rest, sure=kind == "y")
    return _simple(kind, *rest)


def _simple(kind: str, rest: str) -> SchedulePress:
    if kind == "d" and _NUMBER.fullmatch(rest):
        return Unschedule(number=int(rest))
    if kind == "a":
        return AddUsual(kind=RunKind(rest))
    if kind == "b":
        return TakeBack(day=date.fromisoformat(rest))
    if (kind, rest) == ("s", ""):
        return ShowSchedule()
    raise ValueError(kind)


def _buying(kind: str, at: str, on: str, *, sure: bool) -> AddBuying:
    times, days = times_in(at.translate(_FROM)), weekdays_in(on.translate(_FROM))
    if times is None or days is None:
        raise ValueError(at)
    return AddBuying(kind=RunKind(kind), times=times, weekdays=days, sure=sure)
