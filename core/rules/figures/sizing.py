"""From a size to a number of whole shares, rounded down, at the card's price.

By risk: r % of the account's value, divided by the distance from the price to the stop.
That is the loss if the stop is filled at its price; a gap can lose more.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from math import floor
from typing import Final

from core.model.exits.plan import Unit
from core.model.money import Money, Price, Shares, Size
from core.model.proposal import Leg, Proposal, Purpose
from core.rules.exits.prices import dollars_of, in_dollars
from core.rules.figures.in_words import dollar_price
from core.rules.figures.percent import HUNDRED


_DOLLARS: Final = (Money(Decimal(500)), Money(Decimal(1_000)))
_RISK: Final = Decimal(1)


def sizes_for(proposal: Proposal, default: Size) -> tuple[Size, ...]:
    """The sizes to choose from on a card: the default, two sums, and 1 % at risk if
    every leg has a stop. Empty on a sale, and once the card asks whether to wait."""
    if not can_be_resized(proposal):
        return ()
    has_stops = all(stop_distance(leg) is not None for leg in proposal.legs)
    sums = (Size(dollars=each) for each in _DOLLARS)
    risk = (Size(risk=_RISK),) if has_stops else ()
    return tuple(dict.fromkeys((default, *sums, *risk)))


def can_be_resized(proposal: Proposal) -> bool:
    """True for a purchase, until the card asks whether to wait for an open."""
    return can_be_repriced(proposal) and proposal.queue_for is None


def can_be_repriced(proposal: Proposal) -> bool:
    """True for a purchase: its order type can be chosen until the last Yes."""
    is_purchase = proposal.purpose in {Purpose.PICKS, Purpose.BUY}
    return is_purchase and bool(proposal.legs)


def sized(legs: Iterable[Leg], size: Size, *, worth: Money | None) -> tuple[Leg, ...]:
    """*legs* with the shares that *size* comes to for each; 0 if it is less than one
    share, which ``why_none`` explains. *worth* is the account's value in dollars."""
    return tuple(replace(leg, shares=shares_of(size, leg, worth=worth)) for leg in legs)


def shares_of(size: Size, leg: Leg, *, worth: Money | None) -> Shares:
    """The whole shares of *size*; those of *leg* if *size* is empty."""
    if size.dollars is not None:
        return Shares(floor(size.dollars / price_of(leg)))
    if size.risk is not None:
        distance = stop_distance(leg)
        if worth is None or worth <= 0 or distance is None:
            return Shares(0)
        return Shares(floor(worth * size.risk / HUNDRED / distance))
    return size.shares or leg.shares


def price_of(leg: Leg) -> Price:
    """The price that sizes are computed with: the limit, else the ask, else the
    last."""
    return leg.limit or leg.ask or leg.reference


def stop_distance(leg: Leg) -> Decimal | None:
    """Dollars a share from the price to the nearer of stop and trailing stop; None
    without either, or if the distance is not known."""
    plan, price = in_dollars(leg.exits, leg.atr), price_of(leg)
    known = [e for e in (plan.stop, plan.trail) if e and e.unit is not Unit.ATR]
    stops = [dollars_of(each, price) for each in known]
    return min((each for each in stops if each > 0), default=None)


def why_none(size: Size, leg: Leg, *, worth: Money | None) -> str:
    """Why *size* does not buy one share of *leg*'s stock."""
    symbol, price = leg.instrument.symbol, price_of(leg)
    if size.risk is None:
        return f"This size buys no whole share of {symbol}, which costs {dollar_price(price)}."
    if stop_distance(leg) is None:
        return (
            f"A size by risk needs a stop, and {symbol} has none whose distance is"
            " known: choose shares or dollars."
        )
    if worth is None:
        return "IB has not sent the account's value: choose shares or dollars."
    if worth <= 0:
        return "The account is worth nothing that could be risked: choose shares or dollars."
    return (
        f"{size.risk.normalize():f}% of the account is less than one share of {symbol}"
        " loses at its stop."
    )
