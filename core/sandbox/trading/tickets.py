"""An order as a client places it, the answer to a preview, and a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from core.sandbox.refusal import RequestRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition, as IB's OrderCondition classes have it.

    ``kind`` is their number. ``value`` is a price in the unit that the stock is quoted in,
    a time, a percentage, shares or a symbol, as the client wrote it; ``joined`` is "a" (and) or
    "o" (or) with the next condition. ``echo`` are the fields as the client sent them, which
    openOrder repeats.
    """

    kind: int
    joined: str
    more: bool = True
    value: str
    con_id: int = 0
    echo: tuple[str, ...]


class OrderKey(NamedTuple):
    """How a client names an order: its client id, and the order id it chose."""

    client_id: int
    order_id: int


class Side(StrEnum):
    """BUY or SELL; SSHORT on the wire is a SELL."""

    BUY = "BUY"
    SELL = "SELL"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTicket:
    """One placeOrder request: prices in the unit that the stock is quoted in, quantity in
    shares.

    ``raw`` has every field of the message by name, as text: rarely used ones, such as
    all-or-none and times, are read from it. ``algo`` names an IB algo, empty for none.
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
    limit_offset: float | None = (
        None  # of a TRAIL LIMIT, between its stop and its limit
    )
    tif: str = ""  # becomes DAY, with notice 10349
    order_ref: str = ""
    outside_rth: bool = False
    what_if: bool = False
    transmit: bool = True
    parent_id: int = 0
    oca_group: str = ""
    oca_type: int = 0
    perm_id: int = 0
    conditions: tuple[Condition, ...] = ()
    conditions_ignore_rth: bool = False
    conditions_cancel: bool = False  # they take the order off instead of starting it
    algo: str = ""
    algo_params: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> OrderKey:
        """The client id and the order id of the request."""
        return OrderKey(self.client_id, self.order_id)

    @property
    def side(self) -> Side:
        """BUY, or SELL for any other action."""
        return Side.BUY if self.action == "BUY" else Side.SELL

    @property
    def sign(self) -> int:
        """+1 for a purchase, -1 for a sale."""
        return 1 if self.side is Side.BUY else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What an order would do to the account, in dollars: each value before, changed by,
    and after. The commission is in ``currency``.
    """

    init_margin: tuple[float, float, float]
    maint_margin: tuple[float, float, float]
    equity_with_loan: tuple[float, float, float]
    commission: float
    currency: str = "USD"
    warning: str = ""


class OrderRefused(RequestRefused):
    """An order or a preview that the gateway or IB refuses."""
