"""Prices, money and shares as types of their own, so that one is never taken for another.

All amounts are US dollars. There are no floats here: what comes from outside as a
float becomes a Decimal at the edge, through its shortest decimal text.
"""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final, NewType


Price = NewType("Price", Decimal)
"""US dollars for one share."""

Money = NewType("Money", Decimal)
"""US dollars."""

Shares = NewType("Shares", int)
"""Whole shares: the API refuses fractions (TWS code 10243)."""

DOLLARS: Final = "USD"
"""IB's name for the currency of all amounts here."""

CENT: Final = Decimal("0.01")


def cost(shares: Shares, at: Price) -> Money:
    """What *shares* cost at one price, before commission."""
    return Money(shares * at)


def to_cents(amount: Money) -> Money:
    """*amount* rounded half-even to whole cents."""
    return Money(amount.quantize(CENT, rounding=ROUND_HALF_EVEN))


def to_tick(price: Decimal) -> Price:
    """*price* rounded to what US stocks quote in: 0.01, or 0.0001 below a dollar.

    Source: SEC Rule 612 of Regulation NMS (the sub-penny rule).
    """
    tick = CENT if price >= 1 else Decimal("0.0001")
    return Price(price.quantize(tick, rounding=ROUND_HALF_EVEN))
