"""New York's clock, by which the exchanges and this program count their days."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo


NEW_YORK: Final = ZoneInfo("America/New_York")


def local(at: datetime) -> datetime:
    """*at* by New York's clock."""
    return at.astimezone(NEW_YORK)


def day_of(now: datetime) -> date:
    """The date in New York at *now*."""
    return local(now).date()
