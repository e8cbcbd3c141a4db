"""Halts, and tells, where a sale of ours has left the account short: somebody else sold the
same shares, too. S1 keeps that to the moment between IB's answer and our order's arrival;
a stop that stands at IB while its shares are sold by hand has no such moment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from core.ledger.others import Others
from core.ledger.unit_of_work import UnitOfWork
from core.model.evidence import LineState
from core.model.market import ConId, Side
from core.model.order import Order
from core.model.portfolio import LISTING_LAG, Position
from core.ports.account import HoldingsReader
from core.ports.orders import OrderLists
from core.ports.settings import InstructionReader
from core.rules.figures.in_words import MINUS
from core.rules.new_york import day_of, start_of
from core.rules.selling.holding import orders_in


RECENT: Final = 2 * LISTING_LAG
"""How long after a sale of ours a short position is put down to it: who sells short on
purpose does it later. After a start, or an outage, that is any sale of the day."""


@dataclass(slots=True, kw_only=True)
class SoldShort:
    """Looks through the account window, and tells of each short position once, over
    restarts, too."""

    broker: HoldingsReader
    orders: OrderLists
    others: Others
    unit: UnitOfWork
    instructions: InstructionReader
    _began: float | None = None
    _told: set[ConId] = field(default_factory=set)

    def look(self) -> None:
        """The account window may have changed."""
        held = self.broker.positions()
        if held is None:
            return
        short = {each.instrument.con_id: each for each in held if each.shares < 0}
        if self.broker.line().state is not LineState.UP:
            self._line_lost(short)
            return
        since = self._since()
        self._told &= short.keys()
        for con_id in short.keys() - self._told:
            for sale in self._sales(con_id, since):
                self._told.add(con_id)
                self._halt(short[con_id], sale)

    def _line_lost(self, short: Iterable[ConId]) -> None:
        """What is sold until it is back is heard late. What was *short* before is known."""
        if self._began is not None:
            self._told |= set(short)
        self._began = None

    def _sales(self, con_id: ConId, since: datetime) -> Iterator[Order]:
        """The newest sale of ours that may have done it, if there is one."""
        account = self.instructions.read().limits.account
        for order in reversed(orders_in(account, self.orders.of_stock(con_id))):
            is_new = any(fill.at >= since for fill in order.fills)
            if order.side is Side.SELL and is_new and (order.position_before or 0) >= 0:
                yield order
                return

    def _since(self) -> datetime:
        now = self.unit.moment()
        self._began = now.boottime if self._began is None else self._began
        is_start = now.boottime - self._began < RECENT.total_seconds()
        return start_of(day_of(now.at)) if is_start else now.at - RECENT

    def _halt(self, position: Position, sale: Order) -> None:
        symbol, shares = position.instrument.symbol, f"{MINUS}{-position.shares:,f}"
        reason = (
            f"IB lists {shares} {symbol}{self._why(sale)}; buy them back in TWS unless you"
            " want to be short"
        )
        self.others.halt_once(f"sold-short:{sale.ref}", reason)

    def _why(self, sale: Order) -> str:
        orders = self.orders.of_stock(sale.instrument.con_id)
        group = [o for o in orders if o.oca_group and o.oca_group == sale.oca_group]
        sold = sum(order.filled for order in group)
        if sold > max((order.shares for order in group), default=sold):
            return f": exits of mine that are one group have sold {sold:,} together"
        return f" since my sale of {sale.filled:,}: the same shares were sold elsewhere, too"
