"""What the owner wants done, and what he has allowed."""

from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal

from core.model.exits.plan import NO_EXITS, ExitPlan
from core.model.market import OrderType, RankBy, ScanRequest
from core.model.money import Money, Shares, Size
from core.model.proposal import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The owner's limits on what may be sent. Amounts are dollars.

    ``account`` is the one account that may trade. ``price_band`` is how far a price
    may be from the card's, in percent. ``gateway_restart`` is the gateway's nightly
    restart, New York time; nothing is sent within ``restart_guard`` of it.
    ``max_day`` is for all that executes in one session, ``buy_held`` is whether a
    stock may be bought that the account holds already. ``max_skew`` is how far the gateway's clock may be from ours.
    ``automatic`` approves offers without asking; live only with ``automatic_live``. ``exits`` is the exit
    plan that a new card begins with.

    ``size`` is how large an order is by default, in place of ``shares``. ``order_type``
    is how a purchase is priced: a limit lies ``limit_percent`` above the ask, and may be
    filled ``outside_hours``. What waits for an open is bought no more than ``max_gap``
    percent above the card's price; None means at whatever price it brings.
    The rest keeps buys back, and None of it means no such limit: a session's loss of
    ``max_loss``, more than ``max_buys`` buys in it or ``max_positions`` open positions,
    more than ``max_stock`` in one stock (held, being bought and this), a buy at or after
    ``no_buy_after`` (New York), a spread above ``max_spread`` percent of the ask, less
    than ``min_relative_volume`` times the average volume for the time of day.
    """

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
        """How large an order is before the owner chooses."""
        return self.size or Size(shares=self.shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds.

    ``calendar`` bounds the wait for the exchange calendar right after a start.
    ``scan``, ``quotes`` and ``bars`` bound a scan's three round trips, ``charts`` the
    fetching of the bars of a picture, ``news`` that of headlines; ``probe`` the gateway's answer right before an
    order; ``ack`` IB's first word on an order.
    ``settle`` lies between two evidence passes, ``settle_after_outage`` when the
    gateway was gone in between. ``retry`` lies between passes that were worth
    nothing. ``outage`` is how long the line may be down before the owner is told,
    ``comparison`` how long it may be up without the orders having been compared.
    """

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
    comparison: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long the journal keeps raw ``updates`` that are finished, and ``cards`` of
    which nothing was filled. Fills and the audit trail are kept for good."""

    updates: timedelta = timedelta(days=30)
    cards: timedelta = timedelta(days=2 * 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructions:
    """The answers to several ``requests`` are one scan. ``report_after_open`` and
    ``report_give_up`` count from the session's open."""

    requests: tuple[ScanRequest, ...]
    rank_by: RankBy
    limits: Limits
    patience: Patience
    report: bool
    report_after_open: timedelta
    report_give_up: timedelta
    keeping: Keeping = Keeping()
