"""Single trades of a stock's day, as its tape has them.

Tested by tests/core/sandbox/gateway/test_every_request.py.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from core.sandbox.market.stockday import StockDay


class Print(NamedTuple):
    """One trade of the regular session: dollars and shares."""

    time: datetime
    price: float
    size: float


def prints(day: StockDay, since: datetime, until: datetime, most: int) -> list[Print]:
    """The last *most* trades after *since* and no later than *until*, oldest first."""
    found: list[Print] = []
    seconds = int((min(until, day.session.close) - day.session.open).total_seconds())
    at = day.session.open + timedelta(seconds=seconds // day.beat * day.beat)
    beat, volume = timedelta(seconds=day.beat), day.volume(at)
    while at > since and at >= day.session.open and len(found) < most:
        before = day.volume(at - beat)
        if volume > before and day.traded(at):
            found.append(Print(at, day.last(at), volume - before))
        at, volume = at - beat, before
    return found[::-1]
