"""Prices, money and shares as types of their own, so that one is never taken for another.

All amounts are US dollars. There are no floats here: what comes from outside as a
float becomes a Decimal at the edge, through its shortest decimal text.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NewType


Price = NewType("Price", Decimal)
"""US dollars for one share."""

Money = NewType("Money", Decimal)
"""US dollars."""

Shares = NewType("Shares", int)
"""Whole shares: the API refuses fractions (TWS code 10243)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceStep:
    """From ``above`` dollars on, the next one's ``above`` excluded, every price of an
    order is a multiple of ``step`` dollars (IB: low edge and increment)."""

    above: Price
    step: Price


DOLLARS: Final = "USD"
"""IB's name for the currency of all amounts here."""


def cost(shares: Shares, at: Price) -> Money:
    """What *shares* cost at one price, before commission."""
    return Money(shares * at)
