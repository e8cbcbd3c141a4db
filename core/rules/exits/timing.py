"""When the timed exit of a plan is due.

Tested by tests/core/flows/exits/test_timed.py.
"""

from datetime import date, datetime, timedelta
from typing import Final

from core.model.exits.protection import Protection
from core.model.market import Session, Sessions
from core.model.status import MarketPhase, MarketState


BEFORE_THE_CLOSE: Final = timedelta(minutes=10)
"""How long before a close the rest is sold: its exits have to end first, a market order
takes a moment, and there should be time for another try."""

TOO_LATE: Final = timedelta(seconds=10)
"""How long before a close a timed exit may come too late and wait for the next open: this
machine's clock may be 5 s off, and IB needs a moment to reach the exchange."""


def close_day(sessions: Sessions, bought: datetime, count: int) -> date | None:
    """The New York date of session number *count*; number 1 is the session of the
    purchase at *bought* (UTC), or the next one after a close. None if the calendar ends
    before it."""
    days = [session.day for session in sessions.all if session.closes > bought]
    return days[count - 1] if len(days) >= count else None


def put_off_to(
    protection: Protection, sessions: Sessions, now: datetime
) -> Session | None:
    """The session before whose close the rest is sold instead, because its own has closed
    by *now*; None if it has not, or if the calendar ends."""
    coming = next((each for each in sessions.all if each.closes > now), None)
    day = protection.close_day
    return None if day is None or coming is None or coming.day <= day else coming


def is_closing(protection: Protection, market: MarketState, now: datetime) -> bool:
    """Whether the rest must be sold now: shortly before the close of its session, or of
    a later one if the bot was off then. In the last moments the others stay instead."""
    session, day = market.session, protection.close_day
    if day is None or session is None or market.phase is not MarketPhase.OPEN:
        return False
    left = session.closes - now
    return session.day >= day and TOO_LATE < left <= BEFORE_THE_CLOSE
