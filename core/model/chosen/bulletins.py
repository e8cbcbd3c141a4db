"""The scheduled messages: the brief before the open and the summary after the close."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.model.chosen.schedule import Run
from core.model.market import Instrument, Session
from core.model.money import Money, Price
from core.model.order import Order
from core.model.portfolio import AccountSummary
from core.model.proposal import Mode
from core.model.report import Scorecard
from core.model.scoring.score import Score
from core.model.scoring.trades import RoundTrip


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """How far a stock that is held or was last picked is from its prior close.
    ``shares`` is the holding, 0 for a stock that was only picked."""

    instrument: Instrument
    shares: Decimal
    prior_close: Price
    now: Price
    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The message before an open. Times are UTC. ``gaps`` has the largest first;
    ``unpriced`` are the symbols without a price or a prior close. ``queued`` are our
    orders that wait for an open, ``today`` is what is scheduled. ``closed`` is the next
    weekday without a session and ``early`` the next session that closes early, if
    within a week. ``away`` says why IB cannot be reached, None if it can."""

    at: datetime
    session: Session
    mode: Mode
    gaps: tuple[Gap, ...]
    unpriced: tuple[str, ...]
    queued: tuple[Order, ...]
    today: tuple[Run, ...]
    closed: date | None
    early: Session | None
    away: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The message after a close. ``since_report`` is the change of the account's value
    in dollars since that day's first report, None without one. ``trips`` are the day's
    sales, matched first in, first out, None if the journal could not be read.
    ``day_profit`` is the day's profit by IB's figures, in dollars, None if unknown: of
    the stocks in dollars that are ``held``; ``uncounted`` is what is held besides.
    ``orders`` are those filled at least in part that day."""

    at: datetime
    session: Session
    mode: Mode
    account: AccountSummary | None
    since_report: Money | None
    trips: tuple[RoundTrip, ...] | None
    day_profit: Money | None
    held: int
    uncounted: int
    orders: tuple[Order, ...]
    picks: Scorecard | None
    score: Score | None
    away: str | None
