"""How a purchase is priced: at the market, or with a limit on IB's price steps.

A marketable limit is some percent above the ask, rounded down to a step: it fills like
a market order, but never above what the card shows. An order that waits for an open may
have a cap on the opening gap: it is then a limit order for the open alone (IB: LMT with
OPG), and IB cancels what the open does not fill. Abroad it is a limit like any other."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from core.model.instructions import Limits
from core.model.market import OrderType, Side
from core.model.money import Price
from core.model.proposal import Leg, OrderTerms
from core.rules.exits.prices import need_steps
from core.rules.figures.percent import HUNDRED
from core.rules.figures.price_steps import rounded_down


AT_THE_OPEN: Final = "OPG"
"""IB's time in force for the opening auction."""


A_CAP: Final = Decimal(3)
"""Percent above the card's price that a tap allows an open to bring; the setting
(``max_gap``) may have another."""


def in_force(limits: Limits) -> OrderTerms:
    """How *limits* price a purchase."""
    if limits.order_type is OrderType.MARKET:
        return OrderTerms.MARKET
    return OrderTerms.ANY_HOURS if limits.outside_hours else OrderTerms.LIMIT


def chosen(limits: Limits, terms: OrderTerms | None) -> Limits:
    """*limits* with the pricing that the owner chose on a card for its purchases;
    unchanged where he chose none."""
    if terms is None:
        return limits
    is_market = terms in {OrderTerms.MARKET, OrderTerms.CAPPED}
    is_capped = terms is OrderTerms.CAPPED
    return replace(
        limits,
        order_type=OrderType.MARKET if is_market else OrderType.LIMIT,
        outside_hours=terms is OrderTerms.ANY_HOURS,
        max_gap=A_CAP if is_capped and limits.max_gap is None else limits.max_gap,
    )


def now(leg: Leg, limits: Limits) -> Leg:
    """*leg*, a purchase that may be filled at once, priced by the owner's settings. Its
    limit stays None until IB's price steps are known. The open of an exchange with its
    own hours is not known here: the cap on the gap is a limit there, at any time."""
    if limits.order_type is OrderType.MARKET:
        priced = _unbound(leg)
    else:
        priced = _limited(leg, limits)
    return _capped(priced, limits) if leg.has_own_hours else priced


def at_open(leg: Leg, limits: Limits) -> Leg:
    """*leg* priced for New York's open: with the owner's cap on the gap, if there is
    one. The gap is measured from the card's price."""
    if leg.side is Side.SELL:
        return leg
    if leg.has_own_hours:
        return now(leg, limits)
    if limits.max_gap is None:
        return leg
    return replace(_capped(leg, limits), tif=AT_THE_OPEN, outside_hours=False)


def _limited(leg: Leg, limits: Limits) -> Leg:
    ask = leg.ask or leg.reference
    return replace(
        leg,
        order_type=OrderType.LIMIT,
        limit=_above(ask, limits.limit_percent, leg),
        tif="GTC",
        outside_hours=limits.outside_hours,
    )


def _capped(leg: Leg, limits: Limits) -> Leg:
    if limits.max_gap is None:
        return leg
    cap = _above(leg.reference, limits.max_gap, leg)
    limit = min(cap, leg.limit) if cap and leg.limit else cap
    return replace(leg, order_type=OrderType.LIMIT, limit=limit)


def _unbound(leg: Leg) -> Leg:
    return replace(
        leg, order_type=OrderType.MARKET, limit=None, tif="GTC", outside_hours=False
    )


def _above(price: Price, percent: Decimal, leg: Leg) -> Price | None:
    return rounded_down(Price(price * (HUNDRED + percent) / HUNDRED), leg.steps)


def may_need_steps(limits: Limits) -> bool:
    """Whether any purchase may have a limit, or exits that are priced in steps."""
    return (
        limits.order_type is OrderType.LIMIT
        or limits.max_gap is not None
        or need_steps(limits.exits)
    )


def needs_steps(leg: Leg, limits: Limits) -> bool:
    """Whether *leg*, or the order that waits for an open in its place, needs a limit
    that cannot be computed until IB's price steps are known, or has exits that may be
    nearer than one."""
    is_bound = leg.order_type is OrderType.LIMIT or limits.max_gap is not None
    may_need = is_bound or need_steps(leg.exits)
    return leg.side is Side.BUY and may_need and not leg.steps


def repriced(leg: Leg, limits: Limits) -> Leg:
    """*leg* with its limit, if it was only waiting for the price steps."""
    if leg.order_type is not OrderType.LIMIT or leg.limit is not None:
        return leg
    return at_open(leg, limits) if leg.tif == AT_THE_OPEN else now(leg, limits)
