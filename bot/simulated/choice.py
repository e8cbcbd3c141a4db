"""The demo's flags: the day, the speed and the story."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from math import isfinite
from typing import Final

from bot.simulated.stories import DAY, Story, story
from core.rules.new_york import NEW_YORK
from core.rules.sessions import SATURDAY
from core.sandbox.market.hours import Hours


BEGINS: Final = time(9, 25)
"""New York: five minutes before the open, time enough for the bot to connect."""

MOST: Final = 1_000.0
"""The highest speed relative to real time; one CPU cannot do more."""

USUAL: Final = "usual-day"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChoice:
    """A day (New York), a speed, and what happens on it."""

    day: date
    speed: float
    story: Story
    at: time = BEGINS

    @property
    def begins(self) -> datetime:
        """The moment (UTC) at which the day begins."""
        return datetime.combine(self.day, self.at, NEW_YORK).astimezone(UTC)


def chosen(*, day: str | None, speed: str | None, scenario: str | None) -> DayChoice:
    """What the flags choose; None is a flag that was not given.

    Raises:
        ValueError: a flag is not valid; says why.
    """
    named = story(USUAL if scenario is None else scenario)
    return DayChoice(
        day=named.day or DAY if day is None else _day(day),
        speed=_speed(speed) if speed is not None else 1.0,
        story=named,
    )


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day: write it as {DAY}") from None
    try:
        following = Hours().next(day).day
    except LookupError as unknown:
        raise ValueError(f"{day} cannot be played: {unknown}") from None
    if day.weekday() >= SATURDAY:
        raise ValueError(
            f"{day} is a {day:%A}, and nothing happens at a weekend: the next session "
            f"is on {following:%A}, --day {following}"
        )
    return day


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not (isfinite(speed) and 0 < speed <= MOST):
        raise ValueError(
            f"{text!r} is no speed: it takes a number above 0, 1 as on the wall, up to "
            f"{MOST:.0f}"
        )
    return speed
