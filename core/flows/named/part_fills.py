"""Tells of a fill whose card is not at its end: an edit of the card rings nowhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from core.ledger.unit_of_work import UnitOfWork
from core.model.order import WORKING
from core.model.order_news import PartFilled
from core.ports.journal import OrderReader


WAIT: Final = timedelta(seconds=5)
"""A market order that is executed in pieces has mostly ended by then, and its end is
the one message."""


@dataclass(slots=True, kw_only=True)
class PartFills:
    """Tells the first fill of each order of a card that works on; its end tells the
    others."""

    orders: OrderReader
    unit: UnitOfWork
    _since: dict[PartFilled, datetime] = field(default_factory=dict)
    _told: set[PartFilled] = field(default_factory=set)

    def look(self) -> None:
        """Time has passed: tell what has been so for a while."""
        now, known = self.unit.now(), self._since
        self._since = {news: min(known.get(news, now), now) for news in self._found()}
        self._told &= self._since.keys()
        for news, since in self._since.items():
            if now - since >= WAIT and news not in self._told:
                self._told.add(news)
                self.unit.announce(news)

    def _found(self) -> Iterator[PartFilled]:
        """Where a cancel is asked for, the end is about to come."""
        working = (o for o in self.orders.in_states(WORKING) if o.exit is None)
        cards = {o.proposal_id for o in working if not o.cancel_asked}
        for card in sorted(cards):
            filled = sum(o.filled > 0 for o in self.orders.of_proposal(card))
            if filled:
                yield PartFilled(proposal_id=card, filled_orders=filled)
