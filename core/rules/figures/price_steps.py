"""Prices that IB accepts: multiples of the price step at that level.

Other prices are refused (code 110). The step depends on the price: typically 0.0001
below a dollar, and a cent or half a cent above.
"""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR

from core.model.money import Price, PriceStep


def step_at(price: Price, steps: Sequence[PriceStep]) -> Price | None:
    """The step at *price*; None if it is not known."""
    below = [each.step for each in steps if each.above <= price]
    return below[-1] if below else None


def rounded_down(price: Price, steps: Sequence[PriceStep]) -> Price | None:
    """The highest valid price not above *price*; None if the step is not known, or the
    result is zero."""
    return _rounded(price, steps, ROUND_FLOOR)


def rounded_up(price: Price, steps: Sequence[PriceStep]) -> Price | None:
    """The lowest valid price not below *price*; None as in ``rounded_down``."""
    return _rounded(price, steps, ROUND_CEILING)


def _rounded(price: Price, steps: Sequence[PriceStep], way: str) -> Price | None:
    """Rounded twice, since the rounded price may be at a level with another step."""
    rounded = price
    for _ in range(2):
        step = step_at(rounded, steps)
        if step is None:
            return None
        count = (rounded / step).to_integral_value(rounding=way)
        rounded = Price(count * step)
    return rounded if rounded > 0 else None
