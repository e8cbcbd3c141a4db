"""New York's clock, by which the exchanges and this program count their days."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo


NEW_YORK: Final = ZoneInfo("America/New_York")


def day_of(now: datetime) -> date:
    """The date in New York at *now*."""
    return now.astimezone(NEW_YORK).date()
