"""Whether orders could be sent now, and all that /status shows; and what a running
scan has so far."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.model.audit import JournalSize
from core.model.evidence import Line
from core.model.market import Freshness, Session
from core.model.money import Money
from core.model.order import Order
from core.model.portfolio import AccountSummary
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
class Supply:
    """What IB gives over the line, as far as it has shown it.

    ``data`` is the freshness of the last quotes that came, None while none were asked
    for; ``heard_at`` (UTC) is when the newest price came. ``no_data`` says in words why
    none come at all. ``read_only``: the gateway
    refuses orders by its own setting. ``ids_used_up``: no order id is left that is
    low enough. ``account`` are the figures, None before IB has told them all;
    ``is_listed`` is whether it has listed all that the account holds.
    """

    account: AccountSummary | None
    is_listed: bool
    data: Freshness | None = None
    heard_at: datetime | None = None
    no_data: str | None = None
    read_only: bool = False
    ids_used_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What all orders share at one moment (``at``, UTC): the line to IB, what comes
    over it, whether the orders have been compared with IB's over it, why trading is
    halted (None when it is not), and the market. ``in_doubt`` are our orders that are
    being sent or unknown, ``used_today`` the dollars that count against the session."""

    at: datetime
    line: Line
    supply: Supply
    reconciled: bool
    halted: str | None
    market: MarketState
    in_doubt: tuple[Order, ...]
    used_today: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """``blocks`` are all reasons why nothing may be sent now; empty means ready.
    ``waits_for`` is the open (UTC) for which a Yes of now would ask to wait, None when
    an order would be carried out in this session."""

    at: datetime
    mode: Mode
    account: str
    line: Line
    reconciled: bool
    halted: str | None
    market: MarketState
    waits_for: datetime | None
    in_doubt: tuple[Order, ...]
    next_report: datetime | None
    max_order: Money
    max_day: Money
    used_today: Money
    strangers: int
    journal: JournalSize
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
