"""What a client can ask of the simulated exchange, and what the exchange says back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class OrderKey(NamedTuple):
    """How a client names an order: its own id, and the number it chose."""

    client_id: int
    order_id: int


class OrderStatus(StrEnum):
    """The words of the orderStatus message that the gateway itself sends."""

    PRE_SUBMITTED = "PreSubmitted"
    SUBMITTED = "Submitted"
    FILLED = "Filled"
    CANCELLED = "Cancelled"
    INACTIVE = "Inactive"


FINAL = frozenset({OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.INACTIVE})


class Side(StrEnum):
    """BUY or SELL; the wire's SSHORT is a SELL."""

    BUY = "BUY"
    SELL = "SELL"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTicket:
    """One placeOrder request, prices in dollars, quantity in shares. ``raw`` is echoed;
    only its eTradeOnly and firmQuoteOnly matter ("1" is refused).
    """

    client_id: int
    order_id: int
    con_id: int
    action: str
    quantity: float
    account: str = ""  # the only one
    order_type: str = "MKT"
    limit_price: float | None = None
    aux_price: float | None = None  # the stop, or the distance of a TRAIL
    trail_percent: float | None = None
    trail_stop: float | None = None  # None: from the market
    tif: str = ""  # becomes DAY, with notice 10349
    order_ref: str = ""
    outside_rth: bool = False
    what_if: bool = False
    transmit: bool = True
    parent_id: int = 0
    oca_group: str = ""
    oca_type: int = 0
    perm_id: int = 0
    raw: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> OrderKey:
        return OrderKey(self.client_id, self.order_id)

    @property
    def side(self) -> Side:
        return Side.BUY if self.action == "BUY" else Side.SELL

    @property
    def sign(self) -> int:
        """+1 for a purchase, -1 for a sale."""
        return 1 if self.side is Side.BUY else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class BookOrder:
    """An order as the exchange knows it at one moment."""

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
    warning: str = ""
    completed_at: datetime | None = None
    completed_status: str = ""

    @property
    def key(self) -> OrderKey:
        return self.ticket.key

    @property
    def remaining(self) -> float:
        return self.ticket.quantity - self.filled

    @property
    def done(self) -> bool:
        return self.status in FINAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """One fill."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChanged:
    """The order's state as it is after the change; openOrder and orderStatus follow."""

    at: datetime
    order: BookOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """A fill, with the order as it is after it; execDetails follows."""

    at: datetime
    order: BookOrder
    execution: Execution


@dataclass(frozen=True, slots=True, kw_only=True)
class Commission:
    """The commission report of one execution; ``realized_pnl`` None when it only opens."""

    at: datetime
    key: OrderKey
    exec_id: str
    amount: float
    realized_pnl: float | None
    currency: str = "USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An error message whose id is the order's: 399, 201, 202, 10349, ..."""

    at: datetime
    key: OrderKey
    code: int
    text: str


ExchangeEvent = OrderChanged | Executed | Commission | Notice


class RequestRefused(Exception):
    """A request that the gateway answers with an error code."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text


class ScanRejected(RequestRefused):
    """A scan with an unknown word."""


class HistoryRejected(RequestRefused):
    """A history request that cannot be answered: 162, 200 or 321."""


class OrderRefused(RequestRefused):
    """An order or a preview that the gateway or IB turns down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What an order would do to the account: dollars, before / change / after."""

    init_margin: tuple[float, float, float]
    maint_margin: tuple[float, float, float]
    equity_with_loan: tuple[float, float, float]
    commission: float
    currency: str = "USD"
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A holding."""

    account: str
    con_id: int
    quantity: float
    avg_cost: float  # dollars a share, commissions included, as IB counts


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioItem:
    """A holding with its price and profit, dollars; realized since today's start."""

    position: Position
    market_price: float
    market_value: float
    unrealized_pnl: float
    realized_pnl: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountValue:
    """One row of the account window; ``currency`` is empty for words and counts."""

    account: str
    tag: str
    value: str
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketQuote:
    """The top of the book. Prices -1 and sizes 0 where there is nothing, as on the wire.
    ``open``, ``high`` and ``low`` are the last session's until today's first print.
    """

    bid: float
    bid_size: float
    ask: float
    ask_size: float
    last: float
    last_size: float
    last_time: datetime | None
    open: float
    high: float
    low: float
    close: float  # of the session before, all day
    volume: float  # shares
    halted: int  # 0 no, 1 generally, 2 by volatility


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketBar:
    """One bar. ``volume``, ``wap`` and ``count`` are -1 where it is not made of trades."""

    session: date
    time: datetime | None  # the start, UTC; None for daily and longer bars
    open: float
    high: float
    low: float
    close: float
    volume: float
    wap: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """A reqScannerSubscription; filter tags as in the API's TagValue list, as text."""

    code: str
    rows: int = 50
    instrument: str = "STK"
    location: str = "STK.US.MAJOR"
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BarsRequest:
    """A reqHistoricalData, in the words of the wire; ``end`` None means now."""

    con_id: int
    duration: str
    bar_size: str
    end: datetime | None = None
    what: str = "TRADES"
    use_rth: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSpec:
    """An account as it is opened; positions are (symbol, shares, average cost)."""

    account: str = "DU1234567"
    cash: float = 100_000.0
    kind: str = "MARGIN"  # or "CASH"
    positions: tuple[tuple[str, float, float], ...] = ()
