"""Tells of a fill whose card, or whose exit, is not at its end: an edit of the card rings
nowhere."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from core.ledger.unit_of_work import UnitOfWork
from core.model.exits.news import ExitPartFilled
from core.model.order import WORKING
from core.model.order_news import PartFilled
from core.model.proposal import ProposalId
from core.ports.orders import CardOrders


WAIT: Final = 5.0
"""Seconds. A market order that is executed in pieces has mostly ended by then, and its end is
the one message."""

_News = PartFilled | ExitPartFilled


@dataclass(slots=True, kw_only=True)
class PartFills:
    """Tells the first fill of each order of a card that works on, and of each exit; its
    end tells the others."""

    orders: CardOrders
    unit: UnitOfWork
    _since: dict[_News, float] = field(default_factory=dict)
    _told: set[_News] = field(default_factory=set)

    def look(self) -> None:
        """Time has passed: tell what has been so for a while."""
        now, known = self.unit.moment().boottime, self._since
        self._since = {news: known.get(news, now) for news in self._found()}
        self._told &= self._since.keys()
        for news, since in self._since.items():
            if now - since >= WAIT and news not in self._told:
                self._told.add(news)
                self.unit.announce(news)

    def _found(self) -> Iterator[_News]:
        """Where a cancel is asked for, the end is about to come."""
        working = self.orders.in_states(WORKING)
        working = tuple(order for order in working if not order.cancel_asked)
        yield from self._of_cards({o.proposal_id for o in working if o.exit is None})
        for order in working:
            if order.exit is not None and order.filled:
                yield ExitPartFilled(ref=order.ref)

    def _of_cards(self, cards: Iterable[ProposalId]) -> Iterator[PartFilled]:
        for card in sorted(cards):
            filled = sum(o.filled > 0 for o in self.orders.of_proposal(card))
            if filled:
                yield PartFilled(proposal_id=card, filled_orders=filled)
