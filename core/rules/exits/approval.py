"""What a Yes makes of an exit plan: the protection that stands from then on."""

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
    """The protection of its stock once *leg*, whose order is *ref*, was approved *at*
    (UTC). A plan takes the place of the one *before* in its account, for what that
    covered, too; without one, that stays as it is."""
    if leg.exits.is_empty or needs_ranges(leg.exits):  # of the latter nothing is bought
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
    """The protection of all that is held of a stock, from the card's price on; None
    where the card takes its exits off."""
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
