"""Amounts of shares at their prices, in the currency that the stock trades in."""

from collections.abc import Iterable
from decimal import Decimal

from core.model.fills import Fill
from core.model.market import Side
from core.model.money import Money, Price, Shares
from core.model.order import Order


def in_all(shares: Shares, price: Decimal) -> Money:
    """What *shares* are worth at *price* each."""
    return Money(shares * price)


def traded(fills: Iterable[Fill]) -> Money:
    """What *fills* cost or brought, without fees."""
    return Money(sum((in_all(f.shares, f.price) for f in fills), Decimal(0)))


def average_of(fills: Iterable[Fill]) -> Price | None:
    """The average price of one share; None where none was traded."""
    every = tuple(fills)
    shares = sum(fill.shares for fill in every)
    return Price(traded(every) / shares) if shares else None


def moved(order: Order) -> Money:
    """What it cost including fees, or brought after fees; a fee in another currency than
    the stock's is left out."""
    fees = order.fees.get(order.instrument.currency, Decimal(0))
    sign = 1 if order.side is Side.BUY else -1
    return Money(traded(order.fills) + sign * fees)
