"""What IB charges for an order, as an estimate before it is sent, by its published
prices (core/model/fees/published.py). What it has really charged comes later, with its
commission reports."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from core.model.fees.abroad import commission_in
from core.model.fees.published import commission, sale_fees
from core.model.market import Side
from core.model.money import Money
from core.model.proposal import Leg


def fee(leg: Leg, day: date) -> Money:
    """The fee in dollars for *leg* at its estimated cost, traded on *day* (New
    York)."""
    of_both = commission(leg.shares, leg.estimate)
    if leg.side is Side.BUY:
        return of_both
    return Money(of_both + sale_fees(leg.shares, leg.estimate, day))


def fee_abroad(leg: Leg) -> Decimal | None:
    """The fee for *leg*, a stock in another currency, in that currency; None where its
    price list is not known."""
    return commission_in(leg.instrument.currency, leg.shares, leg.estimate)


def fees(legs: Iterable[Leg], day: date) -> Money:
    """The fees in dollars for all of *legs*, priced in dollars, traded on *day* (New
    York)."""
    return Money(sum((fee(leg, day) for leg in legs), Decimal(0)))


def cost(legs: Iterable[Leg]) -> Money:
    """What all of *legs*, priced in dollars, would cost (or bring), without fees."""
    return Money(sum((leg.estimate for leg in legs), Decimal(0)))
