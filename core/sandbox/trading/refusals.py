"""Every rule by which the gateway or IB refuses an order, with IB's code and text.

Texts are those of IB's table of message codes, or as captures and users quote them
where today's gateways say it otherwise; where neither has one the text is ours.
tests/core/sandbox/trading/published.py says which is which.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.sandbox.market.shapes import Shape
from core.sandbox.market.universe import Stock
from core.sandbox.trading.matching import (
    AT_CLOSE,
    LIMITS,
    ORDER_TYPES,
    TRAILING,
    TRIGGERED,
)
from core.sandbox.trading.terms.algos import is_number, refuse_algo
from core.sandbox.trading.terms.attributes import is_set, unserved
from core.sandbox.trading.terms.conditions import ConditionKind
from core.sandbox.trading.terms.times import INVALID, moment_of
from core.sandbox.trading.tickets import OrderRefused, OrderTicket


MOST_WORKING: Final = 20
"""Live orders on one side of a stock, at most."""

TIFS: Final = frozenset({"", "DAY", "GTC", "IOC", "FOK", "GTD", "OPG"})
SERVED_BY_IB_ALONE: Final = frozenset(  # for stocks or for others
    {"REL", "PEG MKT", "PEG MID", "PEG STK", "PEG BENCH", "PEGBENCH", "PEG BEST", "VOL"}
    | {"BOX TOP", "PASSV REL", "RPI", "SNAP MKT", "SNAP MID", "SNAP PRIM", "QUOTE"}
    | {"TRAIL MIT", "TRAIL LIT", "MKT PRT", "STP PRT", "FUNARI", "PEG SURF", "AUC"}
    | {"LMT + MKT", "REL + MKT", "REL + LMT"},
)
TRIGGER_METHODS: Final = frozenset({"", "0", "1", "2", "3", "4", "7", "8"})
LAST_OCA_TYPE: Final = 3
SMALLEST_BLOCK: Final = 50
WHOLE_PRICE: Final = 100  # per cent
OF_A_CONTRACT: Final = frozenset(
    {ConditionKind.PRICE, ConditionKind.VOLUME, ConditionKind.PERCENT_CHANGE}
)
VALIDATING: Final = "Error validating request.-'bW' : cause"

_CENTS_OFF = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryContext:
    """What the rules look at besides the ticket. ``stock`` None: there is no such
    contract. ``halted`` is tick 49's value, ``working`` how many live orders the account
    has on that side of the stock, ``known`` the conIds that exist; ``now`` is in UTC.
    """

    stock: Stock | None
    shape: Shape
    accounts: tuple[str, ...]
    halted: int
    working: int
    too_late_for_close: bool
    too_late_for_open: bool
    now: datetime
    known: Container[int]  # conIds


Rule = Callable[[OrderTicket, EntryContext], tuple[int, str] | None]


def refuse(ticket: OrderTicket, around: EntryContext) -> None:
    """Check an order against every rule.

    Raises:
        OrderRefused: the first rule that it breaks.
    """
    for rule in RULES:
        broken = rule(ticket, around)
        if broken is not None:
            raise OrderRefused(*broken)


def _unknown(_ticket: OrderTicket, around: EntryContext) -> tuple[int, str] | None:
    if around.stock is None:
        return 200, "No security definition has been found for the request"
    return None


def _action(ticket: OrderTicket, _around: EntryContext) -> tuple[int, str] | None:
    if ticket.action not in {"BUY", "SELL"}:
        return 321, "Error validating request.-'bW' : cause - Invalid action"
    return None


def _quantity(ticket: OrderTicket, _around: EntryContext) -> tuple[int, str] | None:
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


def _account(ticket: OrderTicket, around: EntryContext) -> tuple[int, str] | None:
    if not ticket.account and len(around.accounts) > 1:
        return 435, "You must specify an account."
    if ticket.account and ticket.account not in around.accounts:
        return 321, (
            "Error validating request.-'bW' : cause - Invalid account code "
            f"'{ticket.account}'."
        )
    return None


def _attributes(ticket: OrderTicket, _around: EntryContext) -> tuple[int, str] | None:
    return unserved(ticket.raw)


def _type(ticket: OrderTicket, around: EntryContext) -> tuple[int, str] | None:
    kind, tif = ticket.order_type, ticket.tif
    if kind in SERVED_BY_IB_ALONE:
        return 387, "Unsupported order type for this exchange and security type."
    if kind not in ORDER_TYPES or (tif == "OPG" and around.too_late_for_open):
        return 321, f"{VALIDATING} - Invalid order type was entered"
    if kind == "MIDPRICE" and ticket.outside_rth:
        return 321, f"{VALIDATING} - Outside RTH is not allowed for a MIDPRICE order"
    return None


def _tif(ticket: OrderTicket, _around: EntryContext) -> tuple[int, str] | None:
    kind, tif = ticket.order_type, ticket.tif
    if tif not in TIFS:
        return 321, f"{VALIDATING} - Invalid time in force '{tif}'"
    if kind in AT_CLOSE and tif not in {"", "DAY"}:
        return 113, "The Tif option should be set to DAY for MOC and LOC orders."
    at_once, at_open = tif in {"IOC", "FOK"}, tif == "OPG"
    if (kind in TRIGGERED and at_once) or (at_open and kind not in {"MKT", "LMT"}):
        return 111, "The order TIF (Tif type) and the order type are incompatible."
    return None


def _size(ticket: OrderTicket, _around: EntryContext) -> tuple[int, str] | None:
    raw = ticket.raw
    shown = raw.get("displaySize", "")
    if is_set(raw, "displaySize") and not 0 < _whole(shown) < ticket.quantity:
        return 10020, "Display size should be smaller than order size."
    if is_set(raw, "minQty") and not 0 < _whole(raw["minQty"]) <= ticket.quantity:
        return 321, f"{VALIDATING} - Invalid minimum quantity"
    if is_set(raw, "blockOrder") and ticket.quantity < SMALLEST_BLOCK:
        return 117, "The block order size must be at least 50."
    return None


def _flags(ticket: OrderTicket, _around: EntryContext) -> tuple[int, str] | None:
    if ticket.raw.get("triggerMethod", "") not in TRIGGER_METHODS:
        return 146, "Invalid trigger method."
    if not 0 <= ticket.oca_type <= LAST_OCA_TYPE:
        return 321, f"{VALIDATING} - Invalid OCA type"
    if ticket.what_if and not ticket.transmit:
        return 413, "What-if order should have the transmit flag set to true."
    return None


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0


def _times(ticket: OrderTicket, around: EntryContext) -> tuple[int, str] | None:
    raw = ticket.raw
    if is_set(raw, "goodAfterTime") and not moment_of(raw["goodAfterTime"], around.now):
        return 337, INVALID
    till = moment_of(raw.get("goodTillDate", ""), around.now)
    if ticket.tif == "GTD" and till is None and is_set(raw, "goodTillDate"):
        return 337, INVALID
    is_gtd = ticket.tif == "GTD"
    if is_set(raw, "goodTillDate") and not is_gtd:  # else it would live for longer
        return 334, "Invalid Good Till Date order"
    if is_gtd and (till is None or till <= around.now):
        return 334, "Invalid Good Till Date order"
    return None


def _conditions(ticket: OrderTicket, around: EntryContext) -> tuple[int, str] | None:
    for each in ticket.conditions:
        if each.kind not in set(ConditionKind):
            return 398, f"< {each.kind} > cannot be used as a condition trigger."
        if each.kind in OF_A_CONTRACT and each.con_id not in around.known:
            return 147, "The conditional contract info is incomplete."
        if (
            each.kind == ConditionKind.TIME
            and moment_of(each.value, around.now) is None
        ):
            return 10314, INVALID
        if each.kind not in {
            ConditionKind.TIME,
            ConditionKind.EXECUTION,
        } and not is_number(each.value):
            return 321, f"{VALIDATING} - Invalid condition value '{each.value}'"
    return None


def _algo(ticket: OrderTicket, around: EntryContext) -> tuple[int, str] | None:
    return refuse_algo(ticket, around.now) if ticket.algo else None


def _prices(ticket: OrderTicket, around: EntryContext) -> tuple[int, str] | None:
    needed = _needed_prices(ticket)
    if any(price is None or price <= 0 for price in needed):
        return 321, f"{VALIDATING} - Missing or invalid price"
    if ticket.trail_percent is None and _off_step(needed, around):
        return 110, (
            "The price does not conform to the minimum price variation "
            "for this contract."
        )
    return None


def _trail(ticket: OrderTicket, _around: EntryContext) -> tuple[int, str] | None:
    """A distance in percent on an order that does not trail, beside one in dollars (the
    class Order of IB's client: one or the other, not both), or of the whole price.
    """
    percent = ticket.trail_percent
    if ticket.order_type not in TRAILING and percent:
        return 321, f"{VALIDATING} - Trailing percent is for trailing orders only"
    if percent and ticket.aux_price:
        return 321, f"{VALIDATING} - Trailing amount and trailing percent are both set"
    if percent and percent >= WHOLE_PRICE:
        return 321, f"{VALIDATING} - Invalid trailing percent"
    return None


def _needed_prices(ticket: OrderTicket) -> list[float | None]:
    needed: list[float | None] = []
    if ticket.order_type == "TRAIL LIMIT":
        needed.append(ticket.trail_stop)
        needed.append(_limit_at_first(ticket))
    elif ticket.order_type in LIMITS:
        needed.append(ticket.limit_price)
    if ticket.order_type in TRIGGERED - TRAILING:
        needed.append(ticket.aux_price)
    if ticket.order_type in TRAILING:
        needed.append(ticket.aux_price or ticket.trail_percent)
    if ticket.order_type == "TRAIL" and ticket.trail_stop:
        needed.append(ticket.trail_stop)
    return needed


def _limit_at_first(ticket: OrderTicket) -> float | None:
    """The limit of a trailing order that is triggered before its stop has moved."""
    if ticket.trail_stop is None or ticket.limit_offset is None:
        return None
    return ticket.trail_stop + ticket.sign * ticket.limit_offset


def _off_step(prices: list[float | None], around: EntryContext) -> bool:
    """Whether a price is not a multiple of the stock's minimum price variation."""
    stock = around.stock
    known = [price for price in prices if price is not None]
    steps = [price / stock.step(price) for price in known] if stock else []
    return any(abs(each - round(each)) > _CENTS_OFF * each for each in steps)


def _scripted(_ticket: OrderTicket, around: EntryContext) -> tuple[int, str] | None:
    return around.shape.refuse


def _halt(_ticket: OrderTicket, around: EntryContext) -> tuple[int, str] | None:
    if around.halted:
        return 154, "Orders cannot be transmitted for a halted security."
    return None


def _too_many_working(
    _ticket: OrderTicket, around: EntryContext
) -> tuple[int, str] | None:
    if around.working >= MOST_WORKING:
        return 201, (
            "Order rejected - reason:You have reached the maximum of "
            f"{MOST_WORKING} orders working on either the buy or sell side "
            "on this contract."
        )
    return None


def _late(ticket: OrderTicket, around: EntryContext) -> tuple[int, str] | None:
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
    _tif,
    _algo,
    _prices,
    _trail,
    _size,
    _flags,
    _times,
    _conditions,
    _scripted,
    _halt,
    _too_many_working,
    _late,
)
