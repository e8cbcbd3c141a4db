"""What the buttons under /schedule mean, and how it travels in 64 bytes."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.model.chosen.schedule import RunKind


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
    """Go on as ever on a day that was off."""

    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSchedule:
    """Show it as it is now."""


SchedulePress = Unschedule | AddUsual | TakeBack | ShowSchedule

_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)


def written(press: SchedulePress) -> str:
    match press:
        case Unschedule(number=number):
            return f"d:{number}"
        case AddUsual(kind=kind):
            return f"a:{kind}"
        case TakeBack(day=day):
            return f"b:{day.isoformat()}"
        case ShowSchedule():
            return "s:"


def read(kind: str, rest: str) -> SchedulePress:
    """Raises TypeError or ValueError for what was never written."""
    if kind == "d" and _NUMBER.fullmatch(rest):
        return Unschedule(number=int(rest))
    if kind == "a":
        return AddUsual(kind=RunKind(rest))
    if kind == "b":
        return TakeBack(day=date.fromisoformat(rest))
    if (kind, rest) == ("s", ""):
        return ShowSchedule()
    raise ValueError(kind)
