"""Prices that IB takes: multiples of the step that holds where they lie.

A price that is no multiple is refused (code 110). The step depends on the price: a
rule may have a ten-thousandth below a dollar and a cent, or half of one, above.
"""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR

from core.model.money import Price, PriceStep


def step_at(price: Price, steps: Sequence[PriceStep]) -> Price | None:
    """The step that holds at *price*; None where nobody knows it."""
    below = [each.step for each in steps if each.above <= price]
    return below[-1] if below else None


def rounded_down(price: Price, steps: Sequence[PriceStep]) -> Price | None:
    """The highest price that IB takes, not above *price*; None where nobody knows the
    step, or where that is zero."""
    return _rounded(price, steps, ROUND_FLOOR)


def rounded_up(price: Price, steps: Sequence[PriceStep]) -> Price | None:
    """The lowest price that IB takes, not below *price*; None as ``rounded_down``."""
    return _rounded(price, steps, ROUND_CEILING)


def _rounded(price: Price, steps: Sequence[PriceStep], way: str) -> Price | None:
    """Twice, as the rounded price may lie where another step holds."""
    rounded = price
    for _ in range(2):
        step = step_at(rounded, steps)
        if step is None:
            return None
        count = (rounded / step).to_integral_value(rounding=way)
        rounded = Price(count * step)
    return rounded if rounded > 0 else None
