"""From an approved exit plan to the protection that is in force from then on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from core.model.exits.protection import Protection
from core.model.order import Order, OrderRef
from core.model.proposal import Leg, Proposal
from core.rules.exits.covered import left_of, still_held
from core.rules.exits.prices import needs_ranges


def of_purchase(
    leg: Leg,
    proposal: Proposal,
    ref: OrderRef,
    *,
    at: datetime,
    before: Protection | None,
    orders: Iterable[Order],
) -> Protection | None:
    """The protection of the stock after *leg*, whose order is *ref*, was approved *at*
    (UTC). Its plan replaces the protection *before*, also for the shares that this
    covered; a leg without a plan leaves it as it is. *orders* are ours of the stock."""
    if leg.exits.is_empty or needs_ranges(leg.exits):  # unknown ranges buy nothing
        return before
    new = Protection(
        instrument=leg.instrument,
        account=proposal.account,
        plan=leg.exits,
        proposal_id=proposal.id,
        since=at,
        entries=(ref,),
    )
    if before is None:
        return new
    if not before.entries:
        left = left_of(before, orders)
        return replace(new, entries=(), basis=leg.reference, shares=left)
    return replace(new, entries=(*before.entries, ref), since=before.since)


def sold_since(leg: Leg, orders: Iterable[Order]) -> str:
    """That all of the holding whose exits *leg* sets was sold by *orders*, ours of the
    stock, after it was read for the card; empty if not, or if it takes exits off."""
    if leg.exits.is_empty:
        return ""
    symbol = leg.instrument.symbol
    gone = f"The {leg.shares:,} {symbol} of this card have been sold since."
    return "" if _still_held(leg, orders) else gone


def _still_held(leg: Leg, orders: Iterable[Order]) -> int:
    """How many of the card's shares there are by our *orders*; all of them where it is not
    known what the card knew of them."""
    if leg.traded is None:
        return leg.shares
    return still_held(leg.shares, orders, known=dict(leg.traded))


def of_holding(
    leg: Leg, proposal: Proposal, orders: Iterable[Order], *, at: datetime
) -> Protection | None:
    """The protection of everything held of a stock, approved *at* (UTC) and measured from
    the card's price; None if the card removes the exits. *orders* are ours of the stock:
    what they traded since the card is no part of what it spoke of."""
    if leg.exits.is_empty:
        return None
    return Protection(
        instrument=leg.instrument,
        account=proposal.account,
        plan=leg.exits,
        proposal_id=proposal.id,
        since=at,
        basis=leg.reference,
        shares=_still_held(leg, orders),
    )
