"""Cancels a sale that waits for an open, and halts, if its shares were sold by hand in
the meantime.

Tested by tests/core/flows/named/test_sales.py.
"""

from dataclasses import dataclass

from core.flows.reconcile import Reconciler
from core.flows.standing import Standing
from core.ledger.halts import Halts
from core.ledger.orders import Ledger
from core.ledger.unit_of_work import UnitOfWork
from core.model.market import Side
from core.model.order import WORKING, Order
from core.model.order_events import CancelAsked
from core.model.status import THE_BOT, MarketPhase
from core.ports.account import PositionReader
from core.ports.orders import OrderLists
from core.rules.selling.holding import held_of, oversold


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingSales:
    """Cancels waiting sales of more than is held, and halts trading, since somebody else
    sells too. It only looks while the market is closed: in an open market a sale fills
    before the holding is seen to shrink."""

    broker: PositionReader
    orders: OrderLists
    unit: UnitOfWork
    ledger: Ledger
    halts: Halts
    reconciler: Reconciler
    standing: Standing

    def look(self) -> None:
        """Time has passed: see whether the shares of a waiting sale are still held."""
        waiting = [o for o in self.orders.in_states(WORKING) if _waits(o)]
        held = self.broker.positions()
        if not waiting or held is None or not self.reconciler.reconciled:
            return
        if self.standing.market().phase is not MarketPhase.CLOSED:
            return
        for order in oversold(waiting, held):
            self._take_back(order, f"{held_of(order.instrument, held):f}")

    def _take_back(self, order: Order, held: str) -> None:
        rest, symbol = order.shares - order.filled, order.instrument.symbol
        reason = (
            f"a sale of {rest:,} {symbol} waits for the open and you hold {held}, so it"
            " is being cancelled"
        )
        with self.unit.writing():
            wanted = self.ledger.learn(CancelAsked(ref=order.ref, by=THE_BOT))
            self.halts.halt(by=THE_BOT, reason=reason, notify=True)
        self.reconciler.ask_cancel(wanted)


def _waits(order: Order) -> bool:
    """Whether *order*, working in a closed market, is a sale whose cancel nobody wants;
    exits are the ExitKeeper's."""
    is_sale = order.side is Side.SELL and order.exit is None
    return is_sale and not order.cancel_asked
