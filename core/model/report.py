"""The morning report."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from core.model.market import Instrument, Session
from core.model.money import Money, Price
from core.model.order import Order
from core.model.portfolio import AccountSummary, OpenOrder, Position
from core.model.proposal import Mode, Pick, ProposalId
from core.model.scoring.score import Score


MORNING_REPORT: Final = "morning"
"""The key of the morning report among the runs of a session."""


class ReportState(StrEnum):
    """The state of a run, such as the morning report, that is made once for a session;
    the store lets each step happen only once."""

    DUE = "due"
    RUNNING = "running"
    SENT = "sent"
    MISSED = "missed"
    CLOSED = "closed"  # no session that day: one line was sent instead


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDay:
    """The New York date of the morning report that came last, or should have: today's
    once it is ``due`` (UTC), else that of the session before. It is missed at ``over``
    (UTC). ``is_on``: reports are switched on; ``is_off``: today is a day off.
    ``following`` (UTC) is when the next one is due, None without one in the calendar.
    """

    day: date
    due: datetime
    over: datetime
    is_on: bool
    is_off: bool
    following: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PickOutcome:
    """How one stock of an earlier card has done since, whether or not it was bought.

    ``shown_at`` is the price on that card, ``percent`` the change since.
    """

    instrument: Instrument
    picks: tuple[Pick, ...]
    day: date
    shown_at: Price
    now: Price | None
    percent: Decimal | None
    order: Order | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """The last card's picks and how they have done since."""

    proposal_id: ProposalId
    outcomes: tuple[PickOutcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningReport:
    """The account and its orders on a trading morning. Times are UTC.

    ``overnight`` is the change of the account's value in dollars since the session of
    the last report, None if there was none. A part that could not be read is None and
    is named in ``gaps``. ``away`` says why IB could not be reached, None if it could;
    the figures are then those from when it last was. ``score`` is how earlier picks
    have done, None if unknown."""

    at: datetime
    session: Session
    early_close: bool
    mode: Mode
    account: AccountSummary | None
    overnight: Money | None
    positions: tuple[Position, ...] | None
    open_orders: tuple[OpenOrder, ...] | None
    last_picks: Scorecard | None
    gaps: tuple[str, ...]
    away: str | None = None
    score: Score | None = None
