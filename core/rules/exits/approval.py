"""From an approved exit plan to the protection that is in force from then on."""

from dataclasses import replace
from datetime import datetime

from core.model.exits.protection import Protection
from core.model.order import OrderRef
from core.model.proposal import Leg, Proposal
from core.rules.exits.prices import needs_ranges


def of_purchase(
    leg: Leg,
    proposal: Proposal,
    ref: OrderRef,
    *,
    at: datetime,
    before: Protection | None,
) -> Protection | None:
    """The protection of the stock after *leg*, whose order is *ref*, was approved *at*
    (UTC). Its plan replaces the protection *before*, also for the shares that this
    covered; a leg without a plan leaves it as it is."""
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
        return replace(new, entries=(), basis=leg.reference)
    return replace(new, entries=(*before.entries, ref), since=before.since)


def of_holding(leg: Leg, proposal: Proposal, *, at: datetime) -> Protection | None:
    """The protection of everything held of a stock, measured from the card's price;
    None if the card removes the exits."""
    if leg.exits.is_empty:
        return None
    return Protection(
        instrument=leg.instrument,
        account=proposal.account,
        plan=leg.exits,
        proposal_id=proposal.id,
        since=at,
        basis=leg.reference,
        shares=leg.shares,
    )
