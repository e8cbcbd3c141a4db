"""Stretches of the exchange calendar, for tests."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from core.model.market import Session, Sessions
from tests.monday import CLOSES, FRIDAY, MONDAY, OPENS


def a_session(**named: Any) -> Session:
    return replace(Session(day=MONDAY, opens=OPENS, closes=CLOSES), **named)


def a_friday() -> Session:
    days = timedelta(days=3)
    return a_session(day=FRIDAY, opens=OPENS - days, closes=CLOSES - days)


def a_week() -> Sessions:
    """20 to 27 Nov 2026: Thanksgiving on the 26th, an early close on the 27th."""
    days = [a_session_in(offset) for offset in range(3)]
    after = a_session_in(4)
    early = replace(after, closes=after.opens + timedelta(hours=3, minutes=30))
    return sessions_of(a_friday(), *days, early)


def a_session_in(days: int) -> Session:
    later = timedelta(days=days)
    return Session(day=MONDAY + later, opens=OPENS + later, closes=CLOSES + later)


def sessions_of(*sessions: Session, **named: Any) -> Sessions:
    """A calendar from the first to the last of them, unless first or last is named."""
    known = Sessions(
        first=_first_day(sessions), last=_last_day(sessions), all=tuple(sessions)
    )
    return replace(known, **named)


def _first_day(sessions: Iterable[Session]) -> date:
    return min((one.day for one in sessions), default=MONDAY)


def _last_day(sessions: Iterable[Session]) -> date:
    return max((one.day for one in sessions), default=MONDAY)
