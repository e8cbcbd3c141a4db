"""The exchange's events about orders, each with the time it happened at (UTC)."""

from dataclasses import dataclass
from datetime import datetime

from core.sandbox.trading.order_state import BookOrder, Execution
from core.sandbox.trading.tickets import OrderKey


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChanged:
    """The order's state as it is after the change; openOrder and orderStatus follow.

    ``terms`` False: its terms are what they were, and orderStatus alone follows.
    """

    at: datetime
    order: BookOrder
    terms: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """A fill, with the order as it is after it; execDetails follows."""

    at: datetime
    order: BookOrder
    execution: Execution


@dataclass(frozen=True, slots=True, kw_only=True)
class Commission:
    """The commission report of one execution, in ``currency``; ``realized_pnl`` None when
    it only opens."""

    at: datetime
    key: OrderKey
    exec_id: str
    amount: float
    realized_pnl: float | None
    currency: str = "USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message 4 whose id is the order's: 399, 201, 202, 10349, ..."""

    at: datetime
    key: OrderKey
    code: int
    text: str


ExchangeEvent = OrderChanged | Executed | Commission | Notice
