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


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large one order is: so many ``shares``; or as many whole ones as ``dollars``
    pay for; or as many as lose ``risk`` percent of the account's value where their stop
    lies. Nothing of it: as the owner's setting says."""

    shares: Shares | None = None
    dollars: Money | None = None
    risk: Decimal | None = None


DOLLARS: Final = "USD"
"""IB's name for the currency of all amounts here."""


def cost(shares: Shares, at: Price) -> Money:
    """What *shares* cost at one price, before commission."""
    return Money(shares * at)
