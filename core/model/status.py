"""Whether orders could be sent now and which halts prevent it, everything that /status
shows, and the progress of a scan."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import Final

from core.model.audit import JournalSize
from core.model.evidence import Line
from core.model.market import Freshness, Session
from core.model.money import Money
from core.model.order import Order
from core.model.portfolio import AccountSummary
from core.model.proposal import Mode


THE_BOT: Final = "the bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """One reason for a halt, since ``at`` (UTC). ``by`` is the owner's name, or
    THE_BOT. ``old_copy``: the journal may be an old copy whose plans are out of date,
    so that no exit is placed or ended by it either."""

    at: datetime
    by: str
    reason: str
    old_copy: bool = False


class ExitsWait(Enum):
    """Which halt keeps exits back until /resume."""

    PANIC = "panic"
    """All is to be sold, so none is placed."""

    OLD_COPY = "old copy"
    """The journal may be one: its plans hold for nothing, none is placed or ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panic:
    """A /panic ``at`` a moment (UTC), sent ``by`` an owner: all orders are cancelled,
    then a card asks whether to sell everything held. ``key`` identifies that card."""

    at: datetime
    by: str
    key: str


class MarketPhase(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"  # outside the calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketState:
    """The regular market at one moment. ``session`` is today's in New York (also before
    its open and after its close), None on a day without one. ``next_open`` (UTC) is the
    next open after this moment, None if the calendar ends before it."""

    phase: MarketPhase
    session: Session | None
    next_open: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What IB supplies over the line, as far as it is known.

    ``data`` is the freshness of the last quotes, None if none were requested;
    ``received_at`` (UTC) is when the newest price came. ``no_data`` says why no market
    data comes at all. ``read_only``: the gateway refuses orders by its own setting.
    ``ids_used_up``: no valid order id is left. ``account`` has the account's figures,
    None until IB has sent them all; ``is_listed`` is whether it has listed everything
    that the account holds."""

    account: AccountSummary | None
    is_listed: bool
    data: Freshness | None = None
    received_at: datetime | None = None
    no_data: str | None = None
    read_only: bool = False
    ids_used_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What matters to every order at one moment (``at``, UTC): the line to IB, what IB
    supplies over it, whether our orders have been compared with IB's over it, why
    trading is halted (None if it is not), and the market. ``in_doubt`` are our orders
    that are being sent or unknown."""

    at: datetime
    line: Line
    supply: Supply
    reconciled: bool
    halted: str | None
    market: MarketState
    in_doubt: tuple[Order, ...]

    def with_used(self, used_today: Money) -> "Readiness":
        """The readiness under these conditions, with the dollars that count against the
        session's limit."""
        return Readiness(
            at=self.at,
            line=self.line,
            supply=self.supply,
            reconciled=self.reconciled,
            halted=self.halted,
            market=self.market,
            in_doubt=self.in_doubt,
            used_today=used_today,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness(Conditions):
    """The conditions, and what counts against the session's limit: ``used_today``, in
    dollars."""

    used_today: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """``blocks`` are all reasons why nothing may be sent now; empty means ready.
    ``waits_for`` is the open (UTC) that an order approved now would wait for, None if
    it would be executed in this session."""

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
    """The progress of a scan; a count is None until its stage has begun.
    ``scanner_seconds`` is how long the scanner took. ``code`` and ``location`` hold
    several values, separated by commas, if the scan is wide."""

    code: str
    location: str
    rows: int | None = None
    scanner_seconds: float | None = None
    quotes: int | None = None
    bars: int | None = None
    bars_wanted: int | None = None
