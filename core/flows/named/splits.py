"""Tells of the split of a stock that was bought here and has no exit plan; of one that
has a plan core.flows.exits.plans tells.

Tested by tests/core/flows/named/test_splits.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.ledger.exits import ExitBook
from core.ledger.unit_of_work import UnitOfWork
from core.model.exits.news import SplitSeen
from core.model.order import Order
from core.model.portfolio import Position
from core.ports.account import PositionReader
from core.ports.orders import OrderLists
from core.ports.settings import InstructionReader
from core.rules.exits.splits import split_of_holding
from core.rules.selling.holding import is_just_filled, orders_in


@dataclass(slots=True, kw_only=True)
class SplitWatch:
    """Looks through the holdings whenever the account window has changed, and tells of
    each split once: its news has a key."""

    broker: PositionReader
    orders: OrderLists
    book: ExitBook
    unit: UnitOfWork
    instructions: InstructionReader
    _seen: Sequence[Position] = ()
    _told: set[str] = field(default_factory=set)

    def look(self) -> None:
        """The account window may have changed."""
        held = self.broker.positions()
        if held is None or held == self._seen:
            return
        now, bare = self.unit.now(), tuple(self._without_plan(held))
        if not any(is_just_filled(orders, now) for _, orders in bare):
            self._seen = held  # else what it lacks may come, or show a split
        for position, orders in bare:
            for news in self._split(position, orders, now):
                if news.key not in self._told:
                    self._told.add(news.key)
                    self.unit.announce(news)

    def _without_plan(
        self, held: Sequence[Position]
    ) -> Iterator[tuple[Position, Sequence[Order]]]:
        account = self.instructions.read().limits.account
        for position in held:
            con_id = position.instrument.con_id
            if self.book.of(con_id, account=account) is None:
                yield position, orders_in(account, self.orders.of_stock(con_id))

    def _split(
        self, position: Position, orders: Sequence[Order], now: datetime
    ) -> Iterator[SplitSeen]:
        found = split_of_holding(position, orders, now=now)
        if found is not None:
            yield SplitSeen(
                at=now,
                con_id=position.instrument.con_id,
                symbol=position.instrument.symbol,
                split=found.words,
                before=found.before,
                shares=position.shares,
                since=found.since,
            )
