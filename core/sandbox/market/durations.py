"""The text fields of a history request: bar sizes, durations, and which go together.

The refusals are worded as users quote the real ones. The longest durations of bars
under a minute are those of IB's table of step sizes (historical_limitations); its note
lifts the limits of longer bars.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

from core.sandbox.market.data import HistoryRejected


BAR_SIZES: Final[Mapping[str, int]] = {  # seconds; from a week on by what they gather
    "1 secs": 1,
    "5 secs": 5,
    "10 secs": 10,
    "15 secs": 15,
    "30 secs": 30,
    "1 min": 60,
    "2 mins": 120,
    "3 mins": 180,
    "5 mins": 300,
    "10 mins": 600,
    "15 mins": 900,
    "20 mins": 1200,
    "30 mins": 1800,
    "1 hour": 3600,
    "2 hours": 7200,
    "3 hours": 10800,
    "4 hours": 14400,
    "8 hours": 28800,
    "1 day": 86_400,
    "1 week": 7 * 86_400,
    "1 month": 30 * 86_400,
    "1W": 7 * 86_400,
    "1M": 30 * 86_400,
}
LEGAL: Final = tuple(each for each in BAR_SIZES if each not in {"1 week", "1 month"})
"""As IB lists them; the long names of a week and a month are taken as well."""

DAY: Final = BAR_SIZES["1 day"]
WEEK: Final = BAR_SIZES["1 week"]
MONTH: Final = BAR_SIZES["1 month"]
UNITS: Final[Mapping[str, int]] = {  # seconds
    "S": 1,
    "D": DAY,
    "W": WEEK,
    "M": MONTH,
    "Y": 365 * DAY,
}
LONGEST: Final[Mapping[int, int]] = {  # seconds of history by seconds of a bar
    1: 1800,
    5: 3600,
    10: 14_400,
    15: 14_400,
    30: 28_800,
}
SHORTEST: Final = 30  # seconds
MOST: Final[Mapping[str, tuple[int, str]]] = {
    "S": (86_400, "request for greater than 86400 seconds rejected."),
    "D": (365, "requests for durations longer than 365 days must be made in years."),
    "W": (52, "request for durations longer than 52 weeks must be made in years."),
    "M": (12, "request for durations longer than 12 months must be made in years."),
}
LARGEST_COUNT: Final = 9  # digits
SAYS: Final = "Historical Market Data Service error message"
NO_DURATION: Final = "Historical data request duration not specified."
NO_UNIT: Final = (
    "When specifying a unit, historical data request duration format is"
    " integer{SPACE}unit (S|D|W|M|Y)."
)
NO_COUNT: Final = "Historical data requested duration is invalid."


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """How far back a request reaches: a count of seconds, sessions, weeks, months or
    years.
    """

    count: int
    unit: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a duration as the wire has it: "2 D".

        Raises:
            HistoryRejected: 321, it is no duration, or too long for its unit.
        """
        if not text.strip():
            raise invalid(NO_DURATION)
        count, _, unit = text.strip().partition(" ")
        if not (count.isascii() and count.isdecimal()) or unit not in UNITS:
            raise invalid(NO_UNIT)
        if len(count) > LARGEST_COUNT or int(count) < (SHORTEST if unit == "S" else 1):
            raise invalid(NO_COUNT)
        most, text = MOST.get(unit, (0, ""))
        if most and int(count) > most:
            raise invalid(f"Historical data {text}")
        return cls(count=int(count), unit=unit)

    @property
    def seconds(self) -> int:
        """Its length in calendar seconds, nights and weekends included."""
        return self.count * UNITS[self.unit]

    def most(self, size: int) -> int:
        """The largest number of bars of *size* seconds in the answer."""
        if self.unit == "S":
            return max(1, self.count // size)
        counted = (self.unit, size) in {("W", WEEK), ("M", MONTH)}
        return self.count if counted else sys.maxsize

    def suits(self, size: int) -> None:
        """Let a duration pass that may be asked for in bars of *size* seconds.

        Raises:
            HistoryRejected: 162, it is too long.
        """
        if self.seconds > LONGEST.get(size, self.seconds):
            raise HistoryRejected(162, f"{SAYS}:Time length exceed max.")


def period_start(day: date, size: int) -> date:
    """The first day of the week or month that a bar of *size* seconds covers."""
    if size == WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if size == MONTH else day


def bar_size(text: str) -> int:
    """Return the seconds of a bar.

    Raises:
        HistoryRejected: 321, there are no such bars.
    """
    size = BAR_SIZES.get(text)
    if size is None:
        raise invalid(
            "Historical data bar size setting is invalid. Legal ones are: "
            f"{', '.join(LEGAL)}"
        )
    return size


def invalid(cause: str) -> HistoryRejected:
    """The refusal, 321, of a request with a field that is not legal."""
    return HistoryRejected(321, f"Error validating request.-'bW' : cause - {cause}")


def nothing_found(symbol: str, what: str) -> HistoryRejected:
    """The refusal, 162, of a request whose answer would be empty."""
    where = f"{symbol}@SMART {what.capitalize()}"
    return HistoryRejected(162, f"{SAYS}:HMDS query returned no data: {where}")
