"""Compares the orders where IB counts shares as filled of which no execution was heard."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from core.flows.reconcile import Reconciler
from core.model.evidence import StatusMessage
from core.model.order import Order, OrderRef
from core.ports.market import SteadyClock
from core.ports.orders import OrderLookup
from core.rules.order_messages import counted_as_filled


WAIT: Final = 5.0
"""Seconds that an execution may come after the status that counts it."""


@dataclass(slots=True, kw_only=True)
class LateFills:
    """Requests a pass for each count of IB's that is above the executions heard, once: its
    listing has them, or the owner is asked. Until then an order that was filled would
    be told as working, and what it bought would have no stop."""

    orders: OrderLookup
    reconciler: Reconciler
    clock: SteadyClock
    _counted: dict[tuple[OrderRef, Decimal], tuple[StatusMessage, float]] = field(
        default_factory=dict
    )
    _requested: set[tuple[OrderRef, Decimal]] = field(default_factory=set)

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
                self.reconciler.request_pass(key[0], message)

    def _is_missing(self, ref: OrderRef, count: Decimal) -> bool:
        order = self.orders.by_ref(ref)
        return order is not None and order.filled < count
