"""When the market is open, which open is "today's", and when the report is due."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from core.model.market import Session, Sessions
from core.model.report import ReportState
from core.model.status import MarketPhase, MarketState
from core.rules.new_york import NEW_YORK, day_of, start_of


USUAL_OPEN: Final = time(9, 30)
USUAL_CLOSE: Final = time(16)
"""New York time. An early close is at 13:00."""

AFTER_RESET: Final = time(4, 0)
"""New York time. IB resets its servers until 01:45 (its system status page); from this
time on all its figures are of the new day."""

EXTENDED_OPEN: Final = time(4, 0)
"""New York time. From then on, and for ``EXTENDED`` after its close, a session trades
outside regular hours (nyse.com/markets/hours-calendars)."""

EXTENDED: Final = timedelta(hours=4)

SATURDAY: Final = 5

SOON: Final = timedelta(minutes=90)
"""So long before an open the owner can still log in to a gateway that is away."""

CLOSING: Final = timedelta(seconds=60)
"""How long before a close a market order may come too late. Price, probe and send take
up to about 10 s an order, a card may have two, IB needs a moment to reach the exchange,
and this machine's clock may be 5 s off: twice the sum of these."""


class ReportStep(StrEnum):
    """What to do about the morning report now."""

    NOTHING = "nothing"
    OPEN_DUE = "open it as due"
    RUN = "claim and run it"
    MISS = "close it as missed, and tell"
    TELL_CLOSED = "tell once that there is no session"


def market_state(sessions: Sessions, now: datetime) -> MarketState:
    """The regular market at *now*; UNKNOWN outside what the calendar knows."""
    day = day_of(now)
    if not sessions.first <= day <= sessions.last:
        return MarketState(phase=MarketPhase.UNKNOWN, session=None, next_open=None)
    session = session_of(sessions, day)
    is_open = session is not None and session.opens <= now < session.closes
    following = next_session(sessions, now)
    return MarketState(
        phase=MarketPhase.OPEN if is_open else MarketPhase.CLOSED,
        session=session,
        next_open=following.opens if following else None,
    )


def session_of(sessions: Sessions, day: date) -> Session | None:
    """The session of the New York date *day*, None if there is none."""
    at = bisect_left(sessions.all, day, key=lambda one: one.day)
    found = sessions.all[at] if at < len(sessions.all) else None
    return found if found is not None and found.day == day else None


def day_began(sessions: Sessions, now: datetime) -> datetime | None:
    """The midnight (UTC) from which the profit of *now*'s day counts. None on a day
    without a session, and until IB's nightly reset is over, since its prior close may
    still be that of one day earlier."""
    day = day_of(now)
    is_night = now.astimezone(NEW_YORK).time() < AFTER_RESET
    return None if is_night or not session_of(sessions, day) else start_of(day)


def next_session(sessions: Sessions, now: datetime) -> Session | None:
    """The first session that opens after *now*; None if the calendar ends before it."""
    opened = _opened_by(sessions, now)
    return sessions.all[opened] if opened < len(sessions.all) else None


def latest_session(sessions: Sessions, now: datetime) -> Session | None:
    """The session whose open is "today's open" at *now*: the last one that has opened.

    None if *now* is outside the calendar.
    """
    if day_of(now) > sessions.last:
        return None
    opened = _opened_by(sessions, now)
    return sessions.all[opened - 1] if opened else None


def _opened_by(sessions: Sessions, now: datetime) -> int:
    """How many sessions of the calendar have opened by *now*."""
    return bisect_right(sessions.all, now, key=lambda one: one.opens)


def coming_close(market: MarketState, now: datetime) -> datetime | None:
    """The close (UTC) of the session open at *now*, if it is less than CLOSING away."""
    session = market.session if market.phase is MarketPhase.OPEN else None
    is_near = session is not None and now >= session.closes - CLOSING
    return session.closes if session and is_near else None


def open_to_queue_for(market: MarketState, now: datetime) -> datetime | None:
    """The open (UTC) that a market order sent at *now* may have to wait for; None if it
    executes in this session, or the next open is not known."""
    waits = market.phase is MarketPhase.CLOSED or coming_close(market, now)
    return market.next_open if waits else None


def outside_hours_from(market: MarketState, now: datetime) -> datetime:
    """When (UTC) an order sent at *now* that may be filled outside regular hours can
    first be filled: at once, or from the next morning on that has a session. *now* too
    if the next open is not known."""
    session = market.session
    if session is not None and now < session.closes + EXTENDED:
        return max(now, _utc(session.day, EXTENDED_OPEN))
    if market.next_open is None:
        return now
    return _utc(day_of(market.next_open), EXTENDED_OPEN)


def is_early_close(session: Session) -> bool:
    return session.closes.astimezone(NEW_YORK).time() < USUAL_CLOSE


def open_is_far_off(market: MarketState, now: datetime) -> bool:
    """Whether the market is closed, and its next open further away than ``SOON``."""
    if market.phase is not MarketPhase.CLOSED:
        return False
    return market.next_open is None or market.next_open - now > SOON


def near(now: datetime, local: time, guard: timedelta) -> bool:
    """Whether *now* is within *guard* of the New York time *local*, before or after."""
    return any(abs(now - at) <= guard for at in _times_around(day_of(now), local))


@lru_cache(maxsize=4)
def _times_around(day: date, local: time) -> frozenset[datetime]:
    """When (UTC) it is *local* in New York on *day*, the day before and the day after.
    Cached, since every order and every Yes asks."""
    return frozenset(
        _utc(day + timedelta(days=offset), local, fold=fold)
        for offset in (-1, 0, 1)
        for fold in (0, 1)  # in autumn one hour of the night occurs twice
    )


def report_step(
    sessions: Sessions,
    now: datetime,
    *,
    after_open: timedelta,
    give_up: timedelta,
    state: ReportState | None,
) -> ReportStep:
    """What to do about the report of *now*'s New York date; *state* is the stored one.

    It is due *after_open* after the session's open, and missed *give_up* after that
    open or at the close. A weekday without a session is announced at the usual time.
    """
    day = day_of(now)
    if not sessions.first <= day <= sessions.last:
        return ReportStep.NOTHING
    session = session_of(sessions, day)
    if session is None:
        return _closed_step(now, day, after_open, state)
    if now < session.opens + after_open:
        return ReportStep.NOTHING
    return _session_step(now, report_over(session, give_up), state)


def next_report(
    sessions: Sessions,
    now: datetime,
    after_open: timedelta,
    *,
    is_off: Callable[[datetime], bool] = lambda _: False,
) -> datetime | None:
    """When (UTC) the next report is due; None if the calendar ends before it. None is
    due at a moment that *is_off*."""
    due = (one.opens + after_open for one in sessions.all)
    return next((at for at in due if at > now and not is_off(at)), None)


def last_report_session(
    sessions: Sessions, now: datetime, after_open: timedelta
) -> Session | None:
    """The last session whose report is due at *now*; None if the calendar begins after
    it."""
    due = [one for one in sessions.all if one.opens + after_open <= now]
    return due[-1] if due else None


def report_over(session: Session, give_up: timedelta) -> datetime:
    """When (UTC) the report of *session* is missed: *give_up* after the open, or at the
    close."""
    return min(session.opens + give_up, session.closes)


def _closed_step(
    now: datetime, day: date, after_open: timedelta, state: ReportState | None
) -> ReportStep:
    told_at = _utc(day, USUAL_OPEN) + after_open
    if day.weekday() >= SATURDAY or state is not None or now < told_at:
        return ReportStep.NOTHING
    return ReportStep.TELL_CLOSED


def _session_step(
    now: datetime, missed_at: datetime, state: ReportState | None
) -> ReportStep:
    if state is None:
        return ReportStep.OPEN_DUE
    if state in {ReportState.DUE, ReportState.RUNNING}:
        return ReportStep.MISS if now >= missed_at else ReportStep.RUN
    return ReportStep.NOTHING


def _utc(day: date, local: time, *, fold: int = 0) -> datetime:
    """New York time *local* on *day*, in UTC, because subtracting two times in one zone
    ignores changes of its offset."""
    wall = datetime.combine(day, local, tzinfo=NEW_YORK)
    return wall.replace(fold=fold).astimezone(UTC)
