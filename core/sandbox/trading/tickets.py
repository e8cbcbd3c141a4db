"""One order as a client places it, what a preview answers, and a refusal of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from core.sandbox.refusal import RequestRefused


class OrderKey(NamedTuple):
    """How a client names an order: its own id, and the number it chose."""

    client_id: int
    order_id: int


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
class WhatIf:
    """What an order would do to the account: dollars, before / change / after."""

    init_margin: tuple[float, float, float]
    maint_margin: tuple[float, float, float]
    equity_with_loan: tuple[float, float, float]
    commission: float
    currency: str = "USD"
    warning: str = ""


class OrderRefused(RequestRefused):
    """An order or a preview that the gateway or IB turns down."""
