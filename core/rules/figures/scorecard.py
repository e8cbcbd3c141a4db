"""How the stocks of an earlier card have done since, bought or not."""

from collections.abc import Mapping, Sequence

from core.model.market import ConId
from core.model.money import Price
from core.model.order import Order
from core.model.proposal import Leg, Proposal
from core.model.report import PickOutcome, Scorecard
from core.rules.ranking import change


def scorecard(
    proposal: Proposal, orders: Sequence[Order], prices: Mapping[ConId, Price]
) -> Scorecard:
    """*proposal*'s picks with the orders they became, at this moment's *prices*."""
    order_of = {order.leg: order for order in orders}
    return Scorecard(
        proposal_id=proposal.id,
        outcomes=tuple(
            _outcome(
                leg,
                proposal=proposal,
                now=prices.get(leg.instrument.con_id),
                order=order_of.get(leg.number),
            )
            for leg in proposal.legs
        ),
    )


def _outcome(
    leg: Leg, *, proposal: Proposal, now: Price | None, order: Order | None
) -> PickOutcome:
    return PickOutcome(
        instrument=leg.instrument,
        picks=leg.picks,
        day=proposal.session_day,
        shown_at=leg.reference,
        now=now,
        percent=None if now is None else change(leg.reference, now).percent,
        order=order,
    )
