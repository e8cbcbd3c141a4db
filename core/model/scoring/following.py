"""What became of a recorded scan's rows."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from core.model.market import ConId
from core.model.money import Price
from core.model.proposal import ProposalId


class Horizon(StrEnum):
    """When a row is looked at again: after so much time, or at so many closes."""

    HOUR = "1 hour"
    CLOSE = "the close"
    ONE = "1 session"
    FIVE = "5 sessions"
    TWENTY = "20 sessions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A recorded scan, by its session (New York) and moment (UTC), not all of whose
    horizons are *done*."""

    proposal_id: ProposalId
    session_day: date
    at: datetime
    done: tuple[Horizon, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastBar:
    """Five minutes of one stock's bid, from ``at`` (UTC) on."""

    at: datetime
    high: Price
    low: Price
    close: Price


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedRow:
    """One row at one horizon: the bid then, and its best and worst on the way.

    ``factor`` is what a price of the recording must be multiplied with to be compared:
    not 1 after a split. Without prices, ``problem`` says why. ``renamed`` is the symbol
    that IB had for it by then, if that was another one.
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
    """All rows of one recording at one horizon, ``until`` a moment (UTC); ``spy`` is
    SPY over the same time, from its bid then to its bid at the end."""

    proposal_id: ProposalId
    horizon: Horizon
    until: datetime
    spy_from: Price | None
    spy_to: Price | None
    rows: tuple[FollowedRow, ...]
