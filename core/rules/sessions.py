"""When the market is open, whose open is today's, and when the report is due."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from core.model.market import Session, Sessions
from core.model.report import ReportState
from core.model.status import MarketPhase, MarketState
from core.rules.new_york import NEW_YORK, day_of, start_of


USUAL_OPEN: Final = time(9, 30)
USUAL_CLOSE: Final = time(16)
"""New York's clock. An early close is 13:00."""

AFTER_RESET: Final = time(4, 0)
"""New York. IB resets its servers until 01:45 (its system status page); from now on all
that it tells is of the new day."""

SATURDAY: Final = 5

CLOSING: Final = timedelta(seconds=60)
"""So long before a close a market order may come too late for it. The price, the probe
and the send take up to about 10 s an order, a card may have two, IB needs a moment to
the exchange, and this machine's clock may be 5 s off: twice the sum of these."""


class ReportStep(StrEnum):
    """What is to be done about the morning report now."""

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
    """The session of that New York date, None when there is none."""
    return next((one for one in sessions.all if one.day == day), None)


def day_began(sessions: Sessions, now: datetime) -> datetime | None:
    """The midnight (UTC) from which the profit of *now*'s day counts. None on a day
    without a session, and while IB may still call the close before the last one the
    previous close: until its nightly reset is over."""
    day = day_of(now)
    is_night = now.astimezone(NEW_YORK).time() < AFTER_RESET
    return None if is_night or not session_of(sessions, day) else start_of(day)


def next_session(sessions: Sessions, now: datetime) -> Session | None:
    """The first that opens after *now*; None when the calendar ends before."""
    return next((one for one in sessions.all if one.opens > now), None)


def latest_session(sessions: Sessions, now: datetime) -> Session | None:
    """Whose open is "today's open" at *now*: the last session that has opened.

    None when *now* is outside what the calendar knows.
    """
    if day_of(now) > sessions.last:
        return None
    opened = (one for one in reversed(sessions.all) if one.opens <= now)
    return next(opened, None)


def coming_close(market: MarketState, now: datetime) -> datetime | None:
    """When (UTC) the session closes that is open at *now*, if that is about to be."""
    session = market.session if market.phase is MarketPhase.OPEN else None
    is_near = session is not None and now >= session.closes - CLOSING
    return session.closes if session and is_near else None


def open_to_queue_for(market: MarketState, now: datetime) -> datetime | None:
    """The open that a market order sent at *now* may have to wait for; None when it is
    carried out in this session, or when nobody knows the next open."""
    waits = market.phase is MarketPhase.CLOSED or coming_close(market, now)
    return market.next_open if waits else None


def is_early_close(session: Session) -> bool:
    return session.closes.astimezone(NEW_YORK).time() < USUAL_CLOSE


def near(now: datetime, local: time, guard: timedelta) -> bool:
    """Whether New York's clock shows *local* within *guard* of *now*, either side."""
    day = day_of(now)
    return any(
        abs(now - _utc(day + timedelta(days=offset), local, fold=fold)) <= guard
        for offset in (-1, 0, 1)
        for fold in (0, 1)  # an hour of the autumn night comes twice
    )


def report_step(
    sessions: Sessions,
    now: datetime,
    *,
    after_open: timedelta,
    give_up: timedelta,
    state: ReportState | None,
) -> ReportStep:
    """What to do about the report of *now*'s New York day, whose *state* the store has.

    It is due *after_open* after the session's open, and missed *give_up* after that
    open, or at the close. A weekday without a session is told at the usual time.
    """
    day = day_of(now)
    if not sessions.first <= day <= sessions.last:
        return ReportStep.NOTHING
    session = session_of(sessions, day)
    if session is None:
        return _closed_step(now, day, after_open, state)
    if now < session.opens + after_open:
        return ReportStep.NOTHING
    return _session_step(now, min(session.opens + give_up, session.closes), state)


def next_report(
    sessions: Sessions, now: datetime, after_open: timedelta
) -> datetime | None:
    """When (UTC) the next report is due; None when the calendar ends before."""
    due = (one.opens + after_open for one in sessions.all)
    return next((moment for moment in due if moment > now), None)


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
    """In UTC, because two times of one zone are subtracted by their wall clocks."""
    wall = datetime.combine(day, local, tzinfo=NEW_YORK)
    return wall.replace(fold=fold).astimezone(UTC)
