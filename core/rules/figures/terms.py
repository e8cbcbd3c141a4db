"""How a purchase is priced: at the market, or within a limit on IB's own price step.

A marketable limit is the ask and some percent more, rounded down to a step: it is filled
like a market order, and never above what the card shows. An order that waits for an
open may carry a cap on the opening gap: it is then a limit order for the open alone
(IB: LMT with OPG), and IB cancels what the open does not fill.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from core.model.instructions import Limits
from core.model.market import OrderType, Side
from core.model.money import Price
from core.model.proposal import Leg
from core.rules.figures.percent import HUNDRED
from core.rules.figures.price_steps import rounded_down


AT_THE_OPEN: Final = "OPG"
"""IB's time in force for the opening auction."""


def now(leg: Leg, limits: Limits) -> Leg:
    """*leg*, a purchase, as the owner's settings price one that may be filled at once.
    Its limit stays unknown while IB's price steps are."""
    if limits.order_type is OrderType.MARKET:
        return _unbound(leg)
    ask = leg.ask or leg.reference
    return replace(
        leg,
        order_type=OrderType.LIMIT,
        limit=_above(ask, limits.limit_percent, leg),
        tif="GTC",
        outside_hours=limits.outside_hours,
    )


def at_open(leg: Leg, limits: Limits) -> Leg:
    """*leg* as it waits for an open: under the cap on the gap, if the owner has set one;
    the gap counts from the card's price."""
    if limits.max_gap is None or leg.side is Side.SELL:
        return leg
    cap = _above(leg.reference, limits.max_gap, leg)
    limit = min(cap, leg.limit) if cap and leg.limit else cap
    return replace(
        leg,
        order_type=OrderType.LIMIT,
        limit=limit,
        tif=AT_THE_OPEN,
        outside_hours=False,
    )


def _unbound(leg: Leg) -> Leg:
    return replace(
        leg, order_type=OrderType.MARKET, limit=None, tif="GTC", outside_hours=False
    )


def _above(price: Price, percent: Decimal, leg: Leg) -> Price | None:
    return rounded_down(Price(price * (HUNDRED + percent) / HUNDRED), leg.steps)


def may_need_steps(limits: Limits) -> bool:
    """Whether any purchase is priced within a limit."""
    return limits.order_type is OrderType.LIMIT or limits.max_gap is not None


def needs_steps(leg: Leg, limits: Limits) -> bool:
    """Whether the order of *leg*, or its question whether to wait, needs a limit that
    cannot be set without IB's price steps."""
    may_need = leg.order_type is OrderType.LIMIT or limits.max_gap is not None
    return leg.side is Side.BUY and may_need and not leg.steps


def repriced(leg: Leg, limits: Limits) -> Leg:
    """*leg* with the limit that its steps allow, where it waited for them."""
    if leg.order_type is not OrderType.LIMIT or leg.limit is not None:
        return leg
    return at_open(leg, limits) if leg.tif == AT_THE_OPEN else now(leg, limits)
