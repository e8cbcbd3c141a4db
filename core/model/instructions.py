"""The owner's instructions: what to scan and report, and the limits on orders."""

from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal

from core.model.exits.plan import NO_EXITS, ExitPlan
from core.model.market import OrderType, RankBy, ScanRequest
from core.model.money import Money, Shares, Size
from core.model.proposal import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The owner's limits on what may be sent. Amounts are in dollars.

    ``account`` is the one account that may trade. ``price_band`` is how far a price may
    be from the card's, in percent. ``gateway_restart`` is the gateway's nightly restart
    (New York time); nothing is sent within ``restart_guard`` of it. ``max_day`` applies
    to everything that executes in one session. ``buy_held`` is whether to buy more of a
    stock that the account holds. ``max_skew`` is how far the gateway's clock may be
    from ours. ``automatic`` approves offers without asking, in live mode only together
    with ``automatic_live``. ``exits`` is the exit plan of a new card.

    ``size`` is the default size of an order, instead of ``shares``. ``order_type`` is
    how a purchase is priced: a limit is ``limit_percent`` above the ask and may be
    filled ``outside_hours``. A purchase that waits for an open costs at most
    ``max_gap`` percent more than the card's price, or whatever the open brings if None.

    The others hold buys back; None means no such limit. They are: a session's loss of
    ``max_loss``; more than ``max_buys`` buys in a session or ``max_positions`` open
    positions; more than ``max_stock`` in one stock (held, being bought, and this
    order); a buy at or after ``no_buy_after`` (New York time); a spread above
    ``max_spread`` percent of the ask; less than ``min_relative_volume`` times the
    average volume for the time of day."""

    mode: Mode
    account: str
    shares: Shares
    offer_life: timedelta
    price_band: Decimal
    max_order: Money
    max_day: Money
    buy_held: bool
    allow_delayed: bool
    gateway_restart: time
    restart_guard: timedelta
    max_skew: timedelta
    automatic: bool
    automatic_live: bool
    exits: ExitPlan = NO_EXITS
    size: Size | None = None
    order_type: OrderType = OrderType.MARKET
    limit_percent: Decimal = Decimal(1)
    outside_hours: bool = False
    max_gap: Decimal | None = None
    max_loss: Money | None = None
    max_buys: int | None = None
    max_positions: int | None = None
    max_stock: Money | None = None
    no_buy_after: time | None = None
    max_spread: Decimal | None = None
    min_relative_volume: Decimal | None = None

    @property
    def default_size(self) -> Size:
        """The size of an order for which the owner has not chosen one."""
        return self.size or Size(shares=self.shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long to wait, in seconds.

    ``calendar`` bounds the wait for the exchange calendar after a start. ``scan``,
    ``quotes`` and ``bars`` bound the three round trips of a scan, ``charts`` the
    fetching of bars for a picture, and ``news`` that of headlines. ``probe`` bounds the
    gateway's answer right before an order, ``ack`` IB's first message about it.
    ``settle`` is the pause between two evidence passes, ``settle_after_outage`` the
    pause if the gateway was gone in between, ``retry`` the pause after an incomplete
    pass. ``outage`` is how long the line may be down before the owner is told,
    ``outage_at_night`` the same while the open is far off, ``comparison`` how long it
    may be up before the orders have been compared."""

    calendar: float = 20.0
    scan: float = 5.0
    quotes: float = 2.5
    bars: float = 2.5
    charts: float = 8.0
    news: float = 15.0
    probe: float = 2.0
    ack: float = 10.0
    settle: float = 10.0
    settle_after_outage: float = 60.0
    retry: float = 3.0
    outage: float = 60.0
    outage_at_night: float = 900.0
    comparison: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long the journal keeps raw ``updates`` that are finished, and ``cards`` of
    which nothing was filled; and how long ``recordings`` of scans before they are
    exported. Fills and the audit trail are kept forever."""

    updates: timedelta = timedelta(days=30)
    cards: timedelta = timedelta(days=2 * 365)
    recordings: timedelta = timedelta(days=10 * 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructions:
    """Everything the owner has set. The answers to all ``requests`` together are one
    scan. ``report_after_open`` and ``report_give_up`` count from the session's open."""

    requests: tuple[ScanRequest, ...]
    rank_by: RankBy
    limits: Limits
    timeouts: Timeouts
    report: bool
    report_after_open: timedelta
    report_give_up: timedelta
    keeping: Keeping = Keeping()
