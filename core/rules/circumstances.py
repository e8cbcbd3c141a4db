"""What is known when an order is about to be sent, and the reasons that can refuse
it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from core.model.evidence import Line
from core.model.exits.plan import ExitKind
from core.model.instructions import Limits
from core.model.market import ConId, Quote, Side
from core.model.money import Money
from core.model.order import (
    FINAL,
    GOOD_TILL_CANCELLED,
    SETTLED,
    Order,
    OrderRef,
    OrderState,
)
from core.model.portfolio import AccountSummary, Inventory, Position
from core.model.proposal import Leg, Proposal
from core.model.status import MarketPhase, MarketState, Readiness, Supply
from core.rules.figures.terms import AT_THE_OPEN
from core.rules.new_york import day_of, start_of
from core.rules.sessions import outside_hours_from


class RefusalKind(StrEnum):
    """The kind of a refusal. Some kinds lead to another question."""

    LINE = "line"
    NOT_RECONCILED = "not reconciled"
    HALTED = "halted"
    IN_DOUBT = "in doubt"
    ACCOUNT = "account"
    MODE = "mode"
    CLOCK = "clock"
    RESTART = "gateway restart"
    MARKET_CLOSED = "market closed"  # ask whether to queue
    MARKET_OPENED = "market opened"  # ask with a new card
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
    """One reason not to send. ``ref`` is the order it concerns, None if all."""

    kind: RefusalKind
    ref: OrderRef | None
    text: str


Reason = tuple[RefusalKind, str]
"""What a guard yields; which orders it concerns is added later."""


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What is known when an order is about to be sent (``now``, UTC). The cached
    properties are computed once, however many guards use them.

    ``in_doubt`` are our orders in SENDING or UNKNOWN, ``working`` those that IB holds,
    ``counting`` all that can count against a limit, in the order of their approval
    (CountedOrders.counting_since the start of today). ``held`` is what the account
    window lists, ``inventory`` what IB lists on request; None if no sale is judged.
    ``unquoted`` says why IB does not quote a stock. ``exits_end``: shares that exits
    cover count as free, because the exits are ended before the sale that the card asks
    about."""

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
        """The part that does not depend on the order."""
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
        """Dollars that count against the session's limit, without the planned orders of
        this card, which are being judged."""
        return spent(self.others, self.day)

    @property
    def day(self) -> date:
        """The New York date of the session in which the card's orders can first
        execute; of those that may be filled outside regular hours, in the evening after
        its close too."""
        if self.is_outside_hours:
            return day_of(outside_hours_from(self.market, self.now))
        return session_day(self.market, self.now)

    @property
    def is_outside_hours(self) -> bool:
        """Whether an order may be filled outside regular hours."""
        return any(leg.outside_hours for leg in self.proposal.legs)

    @cached_property
    def others(self) -> Sequence[Order]:
        """The orders in ``counting``, except those that are being judged and what was
        approved after them: that is judged once these have left."""
        others: list[Order] = []
        is_behind = False
        for order in self.counting:
            if self._is_judged(order):
                is_behind = True
            elif not (is_behind and _waits_behind(order)):
                others.append(order)
        return others

    def _is_judged(self, order: Order) -> bool:
        is_planned = order.state is OrderState.PLANNED
        return is_planned and order.proposal_id == self.proposal.id

    @property
    def queued(self) -> bool:
        """Whether the orders wait for the next open, because the owner chose that."""
        return self.market.phase is MarketPhase.CLOSED and self.may_wait

    @property
    def may_wait(self) -> bool:
        """Whether the owner chose that the orders may rest until the next open."""
        opens = self.market.next_open
        return opens is not None and self.proposal.queue_for == opens

    @property
    def is_for_an_open(self) -> bool:
        """Whether an order is for the auction of an open alone."""
        return any(leg.tif == AT_THE_OPEN for leg in self.proposal.legs)

    def waits(self, order: Order) -> bool:
        """Whether *order* cannot be filled before an open, or before the extended hours
        of a morning if it may be filled in them."""
        if order.outside_hours:
            return outside_hours_from(self.market, self.now) > self.now
        return self.market.phase is not MarketPhase.OPEN

    def quote_of(self, order: Order) -> Quote | None:
        return self.quotes.get(order.instrument.con_id)

    def leg_of(self, order: Order) -> Leg:
        return next(leg for leg in self.proposal.legs if leg.number == order.leg)

    def cost_of(self, order: Order) -> Money:
        """The cost in dollars at the current ask, or the estimate if that is more; 0
        for a sale."""
        if order.side is Side.SELL:
            return Money(Decimal(0))
        quote = self.quote_of(order)
        price = (quote.ask or quote.last) if quote else None
        if price is None:
            return order.estimate
        return max(order.estimate, Money(order.shares * price))


def _waits_behind(order: Order) -> bool:
    """Whether *order*, approved after others, is judged only after they have left. An
    exit is not: it is sent before the legs of any card."""
    return order.state is OrderState.PLANNED and order.exit is None


def session_day(market: MarketState, now: datetime) -> date:
    """The New York date of the session in which an order sent at *now* can execute: the
    next session while the market is closed, else today's."""
    if market.phase is MarketPhase.CLOSED and market.next_open is not None:
        return day_of(market.next_open)
    return day_of(now)


def spent(orders: Iterable[Order], day: date) -> Money:
    """What *orders* have cost since *day* (New York date) or may still cost, in
    dollars; the proceeds of sales are not deducted.

    A fill counts on its own day. Shares that may still fill count with their part of
    the estimate, whenever the order was sent: one queued on Friday counts on Monday,
    too."""
    buys = [order for order in orders if order.side is Side.BUY]
    start = start_of(day)
    fills = [fill for order in buys for fill in order.fills if fill.at >= start]
    paid = sum([fill.shares * fill.price for fill in fills], Decimal(0))
    may_fill = [order for order in buys if order.state not in SETTLED]
    return Money(paid + sum([still_open(order, day) for order in may_fill], Decimal(0)))


def still_open(order: Order, day: date) -> Decimal:
    """What *order* may still cost on *day* or later, by its estimate, in dollars."""
    if order.state in FINAL and not may_execute_unseen(order, day):
        return Decimal(0)
    rest = max(order.shares - order.filled, 0)
    return order.estimate * rest / order.shares


def may_execute_unseen(order: Order, day: date) -> bool:
    """Whether an order that the owner closed may still execute on *day*. It is no
    longer followed, so it counts for its own session, or until the owner approves
    others in its place. A good-till-cancelled order has no last session: it counts until
    the day on which the owner closed it is over."""
    if order.state is not OrderState.CLOSED_BY_HUMAN or order.replaced:
        return False
    own = day_of(order.held_until) if order.held_until else order.sent_day
    closed = day_of(order.closed_at) if order.closed_at else None
    if order.exit not in {None, ExitKind.CLOSE}:
        own = closed or own
    elif order.tif == GOOD_TILL_CANCELLED and own and closed:
        own = max(own, closed)
    return own is not None and own >= day
