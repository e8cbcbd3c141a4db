"""An order as the exchange has it at one moment, and its fills."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.sandbox.trading.tickets import OrderKey, OrderTicket, Side


class OrderStatus(StrEnum):
    """The statuses that the gateway itself sends in orderStatus."""

    PRE_SUBMITTED = "PreSubmitted"
    SUBMITTED = "Submitted"
    PENDING_CANCEL = "PendingCancel"
    FILLED = "Filled"
    CANCELLED = "Cancelled"
    INACTIVE = "Inactive"


FINAL = frozenset({OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.INACTIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class BookOrder:
    """An order as the exchange has it at one moment; times in UTC.

    ``avg_price``, ``last_price`` and ``commission`` (of all its fills) are in the currency
    that the stock trades in, ``stop_price`` and ``market_cap_price`` (IB's price cap, 0 for
    none) in the unit that it is quoted in. ``warning`` is IB's warning in openOrder.
    """

    ticket: OrderTicket
    perm_id: int
    status: OrderStatus
    placed_at: datetime
    filled: float = 0.0
    avg_price: float = 0.0
    last_price: float = 0.0
    commission: float = 0.0
    why_held: str = ""
    market_cap_price: float = 0.0
    stop_price: float | None = None
    triggered: bool = False
    conditions_met: bool = False
    warning: str = ""
    completed_at: datetime | None = None
    completed_status: str = ""

    @property
    def key(self) -> OrderKey:
        """The client id and the order id that it has."""
        return self.ticket.key

    @property
    def remaining(self) -> float:
        """The shares that are not filled."""
        return self.ticket.quantity - self.filled

    @property
    def done(self) -> bool:
        """Whether it has ended."""
        return self.status in FINAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """One fill at ``time`` (UTC): shares at a price in the currency that the stock trades
    in."""

    exec_id: str
    time: datetime
    account: str
    exchange: str
    side: Side
    shares: float
    price: float
    cumulative: float  # of the whole order, after this fill
    average: float  # likewise
    liquidity: int  # 1 added, 2 removed
