"""How the rows of a recorded scan have done afterwards."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from core.model.market import ConId
from core.model.money import Price
from core.model.proposal import ProposalId


class Horizon(StrEnum):
    """When a row is priced again: after an hour, or at the close of a later session."""

    HOUR = "1 hour"
    CLOSE = "the close"
    ONE = "1 session"
    FIVE = "5 sessions"
    TWENTY = "20 sessions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A recorded scan with horizons still to be followed: its session (New York date),
    its moment (UTC), and the horizons *done* so far."""

    proposal_id: ProposalId
    session_day: date
    at: datetime
    done: tuple[Horizon, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastBar:
    """A five-minute bar of one stock's bid, beginning ``at`` (UTC)."""

    at: datetime
    high: Price
    low: Price
    close: Price


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedRow:
    """One row at one horizon: the bid then, and the best and worst bid on the way.

    ``factor`` is what a recorded price is multiplied by to be comparable: other than 1
    after a split. Without prices, ``problem`` says why. ``renamed`` is the symbol that
    IB used for the stock by then, if it had changed.
    """

    con_id: ConId
    price: Price | None = None
    best: Price | None = None
    worst: Price | None = None
    factor: Decimal = Decimal(1)
    problem: str | None = None
    renamed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """All rows of one recording at one horizon, which ended at ``until`` (UTC). ``spy``
    is SPY over the same time, from bid to bid."""

    proposal_id: ProposalId
    horizon: Horizon
    until: datetime
    spy_from: Price | None
    spy_to: Price | None
    rows: tuple[FollowedRow, ...]
