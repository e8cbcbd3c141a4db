"""Every rule by which the gateway or IB turns an order down, with IB's code and words.

Texts are as users quote them; where none is quoted the wording is ours.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.sandbox.market.shapes import Shape
from core.sandbox.market.stockday import tick
from core.sandbox.market.universe import Stock
from core.sandbox.trading.matching import AT_CLOSE, LIMITS, ORDER_TYPES, STOPS
from core.sandbox.trading.tickets import OrderRefused, OrderTicket


MOST_WORKING: Final = 20
TIFS: Final = frozenset({"", "DAY", "GTC", "IOC", "FOK"})

_CENTS_OFF = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the rules look at besides the ticket. ``stock`` None: there is no such."""

    stock: Stock | None
    shape: Shape
    accounts: tuple[str, ...]
    halted: int
    working: int
    too_late_for_close: bool


Rule = Callable[[OrderTicket, Circumstances], tuple[int, str] | None]


def refuse(ticket: OrderTicket, around: Circumstances) -> None:
    """Let a good order pass.

    Raises:
        OrderRefused: the first rule that it breaks.
    """
    for rule in RULES:
        broken = rule(ticket, around)
        if broken is not None:
            raise OrderRefused(*broken)


def _unknown(_ticket: OrderTicket, around: Circumstances) -> tuple[int, str] | None:
    if around.stock is None:
        return 200, "No security definition has been found for the request"
    return None


def _action(ticket: OrderTicket, _around: Circumstances) -> tuple[int, str] | None:
    if ticket.action not in {"BUY", "SELL"}:
        return 321, "Error validating request.-'bW' : cause - Invalid action"
    return None


def _quantity(ticket: OrderTicket, _around: Circumstances) -> tuple[int, str] | None:
    if ticket.quantity == 0:
        return 434, "The order size cannot be zero."
    if ticket.quantity < 0:
        return 321, "Error validating request.-'bW' : cause - Invalid order size"
    if ticket.quantity != int(ticket.quantity):
        return 10243, (
            "Fractional-sized order cannot be placed via API. "
            "Please use desktop version to place this order."
        )
    return None


def _account(ticket: OrderTicket, around: Circumstances) -> tuple[int, str] | None:
    if not ticket.account and len(around.accounts) > 1:
        return 435, "You must specify an account."
    if ticket.account and ticket.account not in around.accounts:
        return 321, (
            "Error validating request.-'bW' : cause - Invalid account code "
            f"'{ticket.account}'."
        )
    return None


def _attributes(ticket: OrderTicket, _around: Circumstances) -> tuple[int, str] | None:
    if ticket.raw.get("eTradeOnly") == "1":
        return 10268, "The 'EtradeOnly' order attribute is not supported."
    if ticket.raw.get("firmQuoteOnly") == "1":
        return 10269, "The 'FirmQuoteOnly' order attribute is not supported."
    return None


def _type(ticket: OrderTicket, _around: Circumstances) -> tuple[int, str] | None:
    if ticket.order_type not in ORDER_TYPES:
        return 387, "Unsupported order type for this exchange and security type."
    if ticket.tif not in TIFS:
        return 321, (
            "Error validating request.-'bW' : cause - Invalid time in force "
            f"'{ticket.tif}'"
        )
    if ticket.order_type in AT_CLOSE and ticket.tif not in {"", "DAY"}:
        return 111, "The order TIF (Tif type) and the order type are incompatible."
    if ticket.order_type in STOPS and ticket.tif in {"IOC", "FOK"}:
        return 111, "The order TIF (Tif type) and the order type are incompatible."
    return None


def _prices(ticket: OrderTicket, _around: Circumstances) -> tuple[int, str] | None:
    needed: list[float | None] = []
    if ticket.order_type in LIMITS:
        needed.append(ticket.limit_price)
    if ticket.order_type in {"STP", "STP LMT"}:
        needed.append(ticket.aux_price)
    if ticket.order_type == "TRAIL":
        needed.append(ticket.aux_price or ticket.trail_percent)
    if any(price is None or price <= 0 for price in needed):
        return 321, "Error validating request.-'bW' : cause - Missing or invalid price"
    if ticket.trail_percent is not None:
        return None
    if any(_off_tick(price) for price in needed):
        return 110, (
            "The price does not conform to the minimum price variation "
            "for this contract."
        )
    return None


def _off_tick(price: float | None) -> bool:
    if price is None:
        return False
    ticks = price / tick(price)
    return abs(ticks - round(ticks)) > _CENTS_OFF * ticks


def _scripted(_ticket: OrderTicket, around: Circumstances) -> tuple[int, str] | None:
    return around.shape.refuse


def _halt(_ticket: OrderTicket, around: Circumstances) -> tuple[int, str] | None:
    if around.halted:
        return 154, "Order messages cannot be sent for a halted security."
    return None


def _crowd(_ticket: OrderTicket, around: Circumstances) -> tuple[int, str] | None:
    if around.working >= MOST_WORKING:
        return 201, (
            "Order rejected - reason:You have reached the maximum of "
            f"{MOST_WORKING} orders working on either the buy or sell side "
            "on this contract."
        )
    return None


def _late(ticket: OrderTicket, around: Circumstances) -> tuple[int, str] | None:
    if ticket.order_type in AT_CLOSE and around.too_late_for_close:
        return 201, "Order rejected - reason:Exchange is closed."
    return None


RULES: Final[tuple[Rule, ...]] = (
    _unknown,
    _action,
    _quantity,
    _account,
    _attributes,
    _type,
    _prices,
    _scripted,
    _halt,
    _crowd,
    _late,
)
