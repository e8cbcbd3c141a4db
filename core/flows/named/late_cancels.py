"""Asks again for cancels that IB does not confirm, and tells the owner of each once."""

from dataclasses import dataclass, field, replace
from typing import Final

from core.flows.reconcile import Reconciler
from core.ledger.orders import Ledger
from core.model.order import Order, OrderRef
from core.ports.market import SteadyClock


FIRST: Final = 60.0
"""After so many seconds without an answer IB is asked again; then after twice as long,
and so on."""

LONGEST: Final = 3600.0
"""The longest wait between two requests, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _CancelRequest:
    """Asked ``at`` a moment (boottime) over the line of ``epoch``; after ``wait`` seconds
    it is asked again, unless there is a later line, over which IB is asked anew."""

    at: float
    wait: float
    epoch: int


@dataclass(slots=True, kw_only=True)
class LateCancels:
    """Asks IB again for each wanted cancel that it has not confirmed. The pass after a loss
    of the line asks too; while the line stays up, that is left to this class. The time of
    day may be set meanwhile: it waits by seconds that have really passed."""

    ledger: Ledger
    reconciler: Reconciler
    clock: SteadyClock
    _asked: dict[OrderRef, _CancelRequest] = field(default_factory=dict)

    def look(self) -> None:
        """Time has passed: ask IB again where it is due. While orders are compared nothing
        is asked, and the waits go on: a refused cancel (161) causes such a pass."""
        if not self.reconciler.reconciled:
            return
        now, wanted = self.clock.boottime(), self._wanted()
        epoch = self.reconciler.broker.line().epoch
        first = _CancelRequest(at=now, wait=FIRST, epoch=epoch)
        known = {each.ref: self._asked.get(each.ref, first) for each in wanted}
        self._asked = {r: a if a.epoch == epoch else first for r, a in known.items()}
        for order in wanted:
            asked = self._asked[order.ref]
            if now - asked.at >= asked.wait:
                self._ask_again(order, now)

    def _wanted(self) -> tuple[Order, ...]:
        """Those of this session: others are told apart (R18)."""
        session = self.reconciler.broker.line().identity
        return tuple(o for o in self.ledger.cancels_wanted() if o.is_of(session))

    def _ask_again(self, order: Order, now: float) -> None:
        asked = self._asked[order.ref]
        wait = min(2 * asked.wait, LONGEST)
        self._asked[order.ref] = replace(asked, at=now, wait=wait)
        self.ledger.notify_unconfirmed(order)
        self.reconciler.ask_cancel(order)
