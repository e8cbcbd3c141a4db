"""What is known at the moment of sending, and what can stand in an order's way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from core.model.evidence import Line
from core.model.instructions import Limits
from core.model.market import ConId, Quote, Side
from core.model.money import Money
from core.model.order import FINAL, Order, OrderRef, OrderState
from core.model.portfolio import AccountSummary, Inventory, Position
from core.model.proposal import Leg, Proposal
from core.model.status import MarketPhase, MarketState, Readiness, Supply
from core.rules.new_york import day_of


class RefusalKind(StrEnum):
    """What stands in the way. Some kinds can be asked about again."""

    LINE = "line"
    NOT_RECONCILED = "not reconciled"
    HALTED = "halted"
    IN_DOUBT = "in doubt"
    ACCOUNT = "account"
    MODE = "mode"
    CLOCK = "clock"
    RESTART = "gateway restart"
    MARKET_CLOSED = "market closed"  # ask whether to queue
    MARKET_UNKNOWN = "market unknown"
    CANCELLED = "cancelled"
    NO_QUOTE = "no quote"
    OLD_QUOTE = "old quote"
    NOT_LIVE = "not live"
    STOCK_HALTED = "stock halted"
    PRICE_MOVED = "price moved"  # ask with a new card
    ALREADY_WORKING = "already working"
    HELD = "held"
    SHORT = "never short"
    ORDER_CAP = "order cap"
    DAY_CAP = "day cap"
    FUNDS = "funds"
    READ_ONLY = "read only"
    NOT_LISTED = "holdings not listed"
    ORDER_IDS = "order ids"
    LOSS = "loss of the session"
    BUYS = "buys of the session"
    POSITIONS = "open positions"
    LATE = "late in the session"
    STOCK_CAP = "stock cap"
    SPREAD = "spread"
    THIN = "relative volume"
    PRICE_STEP = "price step"
    SIZE = "size"
    EXIT_DISTANCE = "distance of an exit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One reason. ``ref`` is the order it concerns, None when it concerns all."""

    kind: RefusalKind
    ref: OrderRef | None
    text: str


Reason = tuple[RefusalKind, str]
"""What one guard found, before it is known which orders it concerns."""


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What is known at the moment of sending (``now``, UTC). What is worked out of it
    (the cached properties) is worked out once, however many guards ask.

    ``in_doubt`` are our orders in SENDING or UNKNOWN, ``working`` those that IB
    holds, ``counting`` all that can count against a limit (OrderReader.counting_since
    today's start), ``held`` what IB lists in the account, ``inventory`` what it
    lists when it is asked; None where no sale is judged. ``unquoted`` says in words why
    IB quotes a stock not at all. ``exits_end``: what exits sell is looked at as free,
    for they end before a sale that is only asked about yet.
    """

    now: datetime
    line: Line
    supply: Supply
    reconciled: bool
    halted: str | None
    market: MarketState
    quotes: Mapping[ConId, Quote]
    account: AccountSummary | None
    in_doubt: Sequence[Order]
    working: Sequence[Order]
    counting: Sequence[Order]
    held: Sequence[Position]
    limits: Limits
    proposal: Proposal
    inventory: Inventory | None = None
    unquoted: Mapping[ConId, str] = field(default_factory=dict)
    exits_end: bool = False

    @cached_property
    def readiness(self) -> Readiness:
        """What does not depend on the order."""
        return Readiness(
            at=self.now,
            line=self.line,
            supply=self.supply,
            reconciled=self.reconciled,
            halted=self.halted,
            market=self.market,
            in_doubt=tuple(self.in_doubt),
            used_today=self.used,
        )

    @cached_property
    def used(self) -> Money:
        """Dollars that count against the session's limit; what is planned for this
        very card is not among them, for it is what is being judged."""
        return spent(self.others, self.day)

    @property
    def day(self) -> date:
        """New York's date of the session in which the card's orders can execute first;
        today's for what may be filled outside of regular hours, after the close too."""
        if any(leg.outside_hours for leg in self.proposal.legs):
            return day_of(self.now)
        return session_day(self.market, self.now)

    @cached_property
    def others(self) -> Sequence[Order]:
        """Of what counts, all but the orders that are being judged."""
        return [order for order in self.counting if not self._is_judged(order)]

    def _is_judged(self, order: Order) -> bool:
        of_this_card = order.proposal_id == self.proposal.id
        return of_this_card and order.state is OrderState.PLANNED

    @property
    def queued(self) -> bool:
        """Whether the orders wait for the next open, as the owner chose."""
        return self.market.phase is MarketPhase.CLOSED and self.may_wait

    @property
    def may_wait(self) -> bool:
        """Whether the owner chose that the orders may rest until the next open."""
        opens = self.market.next_open
        return opens is not None and self.proposal.queue_for == opens

    def quote_of(self, order: Order) -> Quote | None:
        return self.quotes.get(order.instrument.con_id)

    def leg_of(self, order: Order) -> Leg:
        return next(leg for leg in self.proposal.legs if leg.number == order.leg)

    def cost_of(self, order: Order) -> Money:
        """Dollars at this moment's ask, or at the estimate if that is more; a sale
        costs none."""
        if order.side is Side.SELL:
            return Money(Decimal(0))
        quote = self.quote_of(order)
        price = (quote.ask or quote.last) if quote else None
        if price is None:
            return order.estimate
        return max(order.estimate, Money(order.shares * price))


def session_day(market: MarketState, now: datetime) -> date:
    """New York's date of the session in which an order of this moment can execute:
    the next one's while the market is closed, and else today's."""
    if market.phase is MarketPhase.CLOSED and market.next_open is not None:
        return day_of(market.next_open)
    return day_of(now)


def spent(orders: Iterable[Order], day: date) -> Money:
    """Dollars that *orders* have cost since *day* (New York), or may still cost; what
    a sale brings makes no room.

    A fill counts on the day it was made. What may still fill counts with its part of
    the estimate, whenever it was sent: an order queued on Friday is Monday's too.
    """
    buys = (order for order in orders if order.side is Side.BUY)
    return Money(sum((_paid(o, day) + still_open(o, day) for o in buys), Decimal(0)))


def _paid(order: Order, day: date) -> Decimal:
    fills = (fill for fill in order.fills if day_of(fill.at) >= day)
    return sum((fill.shares * fill.price for fill in fills), Decimal(0))


def still_open(order: Order, day: date) -> Decimal:
    """Dollars that it may still cost on *day* or later, by its estimate."""
    if order.state in FINAL and not may_execute_unseen(order, day):
        return Decimal(0)
    rest = max(order.shares - order.filled, 0)
    return order.estimate * rest / order.shares


def may_execute_unseen(order: Order, day: date) -> bool:
    """One that the owner closed is followed no more; it counts for its own session, or
    until he approves others in its place. What stands until it is cancelled has all
    sessions: it counts for the day on which he said so."""
    if order.state is not OrderState.CLOSED_BY_HUMAN or order.replaced:
        return False
    own = day_of(order.held_until) if order.held_until else order.sent_day
    if order.exit is not None and order.tif == "GTC" and order.closed_at is not None:
        own = day_of(order.closed_at)
    return own is not None and own >= day
