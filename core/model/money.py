"""Prices, money and shares as distinct types, so that they cannot be mixed up.

All amounts are US dollars, except for a holding that trades in another currency: its
prices and what a sale of it brings are in that currency. There are no floats here: a
float from outside becomes a Decimal where it enters, through its shortest decimal text.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NewType, TypeAlias


Price = NewType("Price", Decimal)
"""US dollars for one share."""

Money = NewType("Money", Decimal)
"""US dollars."""

Shares = NewType("Shares", int)
"""Whole shares: the API refuses fractions (TWS code 10243)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceStep:
    """From ``above`` dollars up to the next step's ``above`` (exclusive), the price of
    an order must be a multiple of ``step`` dollars (IB: low edge and increment)."""

    above: Price
    step: Price


Steps: TypeAlias = tuple[PriceStep, ...]
"""The price steps of one stock, the lowest first; empty while they are not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """The size of one order: a number of ``shares``; or the whole shares that
    ``dollars`` pay for; or those that lose ``risk`` percent of the account's value at
    their stop. If all are None, the owner's setting applies."""

    shares: Shares | None = None
    dollars: Money | None = None
    risk: Decimal | None = None


DOLLARS: Final = "USD"
"""IB's name for the currency of all amounts here."""
