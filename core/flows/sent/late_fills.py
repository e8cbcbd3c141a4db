"""Compares the orders where IB counts shares as filled of which no execution was heard."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from core.flows.reconcile import Reconciler
from core.ledger.others import Others
from core.model.evidence import StatusMessage
from core.model.order import SETTLED, Order, OrderRef
from core.ports.market import SteadyClock
from core.ports.orders import OrderLookup
from core.rules.order_messages import counted_as_filled


WAIT: Final = 5.0
"""Seconds that an execution may come after the status that counts it."""


@dataclass(slots=True, kw_only=True)
class LateFills:
    """Requests a pass for each count of IB's that is above the executions heard, once: its
    listing has them, or the owner is asked. Until then an order that was filled would
    be told as working, and what it bought would have no stop. IB lists the executions
    of one day: where an order has ended and none came, it halts, since the books lack
    what was traded."""

    orders: OrderLookup
    reconciler: Reconciler
    others: Others
    clock: SteadyClock
    _counted: dict[tuple[OrderRef, Decimal], tuple[StatusMessage, float]] = field(
        default_factory=dict
    )
    _requested: set[tuple[OrderRef, Decimal]] = field(default_factory=set)
    _compared: dict[tuple[OrderRef, Decimal], float] = field(default_factory=dict)

    def note(self, order: Order, message: StatusMessage) -> None:
        """IB's *message* about *order* has been learned."""
        count = counted_as_filled(order, message)
        key = (order.ref, count)
        if count > order.filled and key not in self._requested:
            self._counted.setdefault(key, (message, self.clock.boottime()))

    def look(self) -> None:
        """Time has passed: request a pass for what has not been heard for a while."""
        now = self.clock.boottime()
        self._counted = {k: v for k, v in self._counted.items() if self._is_missing(*k)}
        for key, (message, since) in tuple(self._counted.items()):
            if now - since >= WAIT and not self.reconciler.comparing:
                del self._counted[key]
                self._requested.add(key)
                self._compared[key] = now
                self.reconciler.request_pass(key[0], message)
        for key, since in tuple(self._compared.items()):
            if now - since >= WAIT and not self.reconciler.comparing:
                del self._compared[key]
                self._meet_unlisted(*key)

    def _meet_unlisted(self, ref: OrderRef, count: Decimal) -> None:
        order = self.orders.by_ref(ref)
        if order is not None and order.state in SETTLED and order.filled < count:
            self.others.meet_unlisted(order, count)

    def _is_missing(self, ref: OrderRef, count: Decimal) -> bool:
        order = self.orders.by_ref(ref)
        return order is not None and order.filled < count
