"""New York's clock, by which the exchanges and this program count their days."""

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo


NEW_YORK: Final = ZoneInfo("America/New_York")


def local(at: datetime) -> datetime:
    """*at* by New York's clock."""
    return at.astimezone(NEW_YORK)


def day_of(now: datetime) -> date:
    """The date in New York at *now*."""
    return local(now).date()


def start_of(day: date) -> datetime:
    """New York's midnight at which *day* begins, in UTC."""
    return datetime.combine(day, time(0), NEW_YORK).astimezone(UTC)
