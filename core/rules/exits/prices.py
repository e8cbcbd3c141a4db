"""The prices of a plan's exits: from distances to dollars, on IB's price steps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from core.model.exits.plan import Distance, ExitKind, ExitPlan, Unit
from core.model.market import OrderType, Quote
from core.model.money import Price, Steps
from core.rules.figures import percent
from core.rules.figures.price_steps import rounded_down, rounded_up, step_at


def in_dollars(plan: ExitPlan, atr: Decimal | None) -> ExitPlan:
    """*plan* with its average true ranges converted to dollars. If *atr* is None they
    are kept; a purchase with such a plan is refused (see exits_have_a_distance)."""
    return replace(
        plan,
        stop=_in_dollars(plan.stop, atr),
        trail=_in_dollars(plan.trail, atr),
        target=_in_dollars(plan.target, atr),
    )


def _in_dollars(distance: Distance | None, atr: Decimal | None) -> Distance | None:
    if atr is None or not _is_in_ranges(distance):
        return distance
    assert distance is not None
    cents = (distance.amount * atr).quantize(Decimal("0.0001"))
    return Distance(amount=cents, unit=Unit.DOLLARS) if cents > 0 else distance


def needs_ranges(plan: ExitPlan) -> bool:
    """Whether a distance of *plan* is in average true ranges."""
    return any(map(_is_in_ranges, (plan.stop, plan.trail, plan.target)))


def _is_in_ranges(distance: Distance | None) -> bool:
    return distance is not None and distance.unit is Unit.ATR


def dollars_of(distance: Distance, basis: Price) -> Decimal:
    """*distance* in dollars a share, for a price of *basis*."""
    if distance.unit is Unit.PERCENT:
        return percent.part(basis, distance.amount)
    assert distance.unit is Unit.DOLLARS, "ranges are dollars before they are priced"
    return distance.amount


def below_nothing(plan: ExitPlan, price: Price) -> bool:
    """Whether a stop of *plan* would lie at or below zero for shares that cost *price*,
    so that it cannot be placed."""
    below = (plan.stop, plan.trail)
    far = (each for each in below if each is not None and not _is_in_ranges(each))
    return any(dollars_of(each, price) >= price for each in far)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedExit:
    """An exit with the prices that its order will have."""

    kind: ExitKind
    order_type: OrderType
    limit: Price | None = None
    stop: Price | None = None
    trail_percent: Decimal | None = None
    trail_amount: Price | None = None


def priced(plan: ExitPlan, basis: Price, steps: Steps) -> tuple[PricedExit, ...]:
    """The exits of *plan* for shares that cost *basis*; the stop comes first.

    A stop is rounded up to IB's step and a target down, so that neither is further away
    than was approved. Exits without a valid price are left out: a stop at or below
    zero, one that rounding would move to the price paid (it would sell at once), one in
    average true ranges, and, if the step is not known, any but a trail in percent."""
    found = (
        _stop(plan.stop, basis, steps),
        _trail(plan.trail, basis, steps),
        _target(plan.target, basis, steps),
    )
    return tuple(each for each in found if each is not None)


def need_steps(plan: ExitPlan) -> bool:
    """Whether an exit of *plan* is priced in IB's steps: any but a trail in percent and
    a timed one."""
    trails = plan.trail is not None and plan.trail.unit is not Unit.PERCENT
    return plan.stop is not None or plan.target is not None or trails


def nearer_than_a_step(plan: ExitPlan, basis: Price, steps: Steps) -> bool:
    """Whether an exit of *plan* would lie less than a step away from *basis*, so that it
    cannot be placed. False while *steps* are not known."""
    if not steps or needs_ranges(plan) or below_nothing(plan, basis):
        return False
    wanted = [each for each in (plan.stop, plan.trail, plan.target) if each is not None]
    return len(priced(plan, basis, steps)) < len(wanted)


def _stop(distance: Distance | None, basis: Price, steps: Steps) -> PricedExit | None:
    if distance is None or _is_in_ranges(distance):
        return None
    at = rounded_up(Price(basis - dollars_of(distance, basis)), steps)
    if at is None or at >= basis:
        return None
    return PricedExit(kind=ExitKind.STOP, order_type=OrderType.STOP, stop=at)


def _trail(distance: Distance | None, basis: Price, steps: Steps) -> PricedExit | None:
    """IB moves a trailing stop by itself, beginning at the current price. An amount in
    dollars is rounded down to a multiple of the step at that price: nearer, not
    further."""
    if distance is None or _is_in_ranges(distance):
        return None
    trail = PricedExit(kind=ExitKind.TRAIL, order_type=OrderType.TRAIL)
    if distance.unit is Unit.PERCENT:
        return replace(trail, trail_percent=distance.amount)
    step = step_at(basis, steps)
    amount = Price(distance.amount // step * step) if step else None
    is_possible = amount is not None and 0 < amount < basis
    return replace(trail, trail_amount=amount) if is_possible else None


def _target(distance: Distance | None, basis: Price, steps: Steps) -> PricedExit | None:
    if distance is None or _is_in_ranges(distance):
        return None
    at = rounded_down(Price(basis + dollars_of(distance, basis)), steps)
    if at is None or at <= basis:
        return None
    return PricedExit(kind=ExitKind.TARGET, order_type=OrderType.LIMIT, limit=at)


AT_CLOSE: Final = PricedExit(kind=ExitKind.CLOSE, order_type=OrderType.MARKET)


def passed(exits: Sequence[PricedExit], quote: Quote | None) -> str | None:
    """A description of which *exits* would be filled at once at *quote*; None if none
    would or it is not known."""
    price = (quote.bid or quote.last) if quote is not None else None
    if price is None:
        return None
    for each in exits:
        if each.stop is not None and price <= each.stop:
            return f"the price ({price:f}) has passed the stop at {each.stop:f}"
        if each.limit is not None and price >= each.limit:
            return f"the price ({price:f}) has passed the target at {each.limit:f}"
    return None
