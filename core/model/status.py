"""How the whole house stands, for /status; and what a running scan has so far."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.model.evidence import Line
from core.model.market import Session
from core.model.money import Money
from core.model.order import Order
from core.model.proposal import Mode


class MarketPhase(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"  # outside the calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketState:
    """The regular market at one moment. ``session`` is today's in New York (also
    before its open and after its close), None on a day without one. ``next_open``
    (UTC) is the next one after this moment, None when the calendar ends before."""

    phase: MarketPhase
    session: Session | None
    next_open: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What all orders share at one moment (``at``, UTC): the line to IB, whether the
    orders have been compared with IB's over it, why trading is halted (None when it
    is not), and the market."""

    at: datetime
    line: Line
    reconciled: bool
    halted: str | None
    market: MarketState


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """``blocks`` are all reasons why nothing may be sent now; empty means ready."""

    at: datetime
    mode: Mode
    account: str
    line: Line
    reconciled: bool
    halted: str | None
    market: MarketState
    in_doubt: tuple[Order, ...]
    next_report: datetime | None
    max_order: Money
    max_day: Money
    used_today: Money
    strangers: int
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanProgress:
    """What a scan has so far; a count is None while its stage has not begun.
    ``scanner_seconds`` is how long the scanner took. ``code`` and ``location`` hold
    several with commas between them when a scan is wide."""

    code: str
    location: str
    rows: int | None = None
    scanner_seconds: float | None = None
    quotes: int | None = None
    bars: int | None = None
    bars_wanted: int | None = None
