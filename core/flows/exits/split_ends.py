"""Doubts about sales that IB has ended at a split, answered by what is held (R7a).

Tested by tests/core/flows/exits/test_splits.py.
"""

from dataclasses import dataclass

from core.model.evidence import Evidence
from core.model.order import Order
from core.model.order_events import OrderEvent
from core.model.portfolio import Position
from core.ports.orders import OrderLists
from core.ports.proposals import ProposalReader
from core.rules.exits.split_ends import ended_at_split
from core.rules.selling.holding import orders_in


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitEnds:
    """Knows what the shares of an order have cost: from its purchases, or else from the
    card that asked for it."""

    orders: OrderLists
    proposals: ProposalReader

    def answer(
        self, verdict: OrderEvent, order: Order, evidence: Evidence
    ) -> OrderEvent:
        """As ``ended_at_split``, by all that this journal knows."""
        same = orders_in(order.account, self.orders.of_stock(order.instrument.con_id))
        return ended_at_split(
            verdict, order, same, evidence, asked=self._asked_about(order)
        )

    def _asked_about(self, order: Order) -> Position | None:
        """The holding on the card that approved *order*; None on one that buys."""
        proposal = self.proposals.by_id(order.proposal_id)
        legs = proposal.legs if proposal else ()
        of_it = (leg.holding for leg in legs if leg.instrument == order.instrument)
        return next(of_it, None)
