"""What is known at the moment of sending, and what can stand in an order's way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from core.model.evidence import Line
from core.model.limits import Limits
from core.model.market import ConId, Quote
from core.model.money import Money
from core.model.order import FINAL, Order, OrderRef, OrderState
from core.model.portfolio import AccountSummary
from core.model.proposal import Leg, Proposal
from core.model.status import MarketPhase, MarketState, Readiness, Supply


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
    ORDER_CAP = "order cap"
    DAY_CAP = "day cap"
    FUNDS = "funds"
    READ_ONLY = "read only"
    NOT_LISTED = "holdings not listed"
    ORDER_IDS = "order ids"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One reason. ``ref`` is the order it concerns, None when it concerns all."""

    kind: RefusalKind
    ref: OrderRef | None
    text: str


Reason = tuple[RefusalKind, str]
"""What one guard found, before it is known which orders it concerns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known at the moment of sending (``now``, UTC).

    ``in_doubt`` are our orders in SENDING or UNKNOWN, ``working`` those that IB
    holds, ``sent_today`` all sent on this New York date, whatever became of them.
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
    sent_today: Sequence[Order]
    limits: Limits
    proposal: Proposal

    @property
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
            used_today=spent(self.sent_today),
        )

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
        """Dollars at this moment's ask, or at the estimate if that is more."""
        quote = self.quote_of(order)
        price = (quote.ask or quote.last) if quote else None
        if price is None:
            return order.estimate
        return max(order.estimate, Money(order.shares * price))


def spent(orders: Sequence[Order]) -> Money:
    """Dollars that *orders* have cost or may still cost: what counts against a day.

    What is at its end counts with its fills, what may still fill with its estimate.
    """
    return Money(sum((_counted(order) for order in orders), Decimal(0)))


def _counted(order: Order) -> Decimal:
    paid = (order.average_price or Decimal(0)) * order.filled
    if order.state in FINAL and order.state is not OrderState.CLOSED_BY_HUMAN:
        return paid
    return max(paid, order.estimate)
