"""Asks again for cancels that IB does not confirm, and tells the owner of each once."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from core.flows.reconcile import Reconciler
from core.ledger.orders import Ledger
from core.model.order import Order, OrderRef
from core.ports.market import Clock


FIRST: Final = timedelta(minutes=1)
"""After so long without an answer IB is asked again; then after twice as long, and so
on."""

LONGEST: Final = timedelta(hours=1)
"""The longest wait between two requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _CancelRequest:
    """Asked ``at`` a moment (UTC) over the line of ``epoch``; after ``wait`` it is asked
    again."""

    at: datetime
    wait: timedelta
    epoch: int

    def counts(self, now: datetime, epoch: int) -> bool:
        """Whether the wait can be counted from it: not after the clock was set back, and
        not over a later line, over which IB is asked anew."""
        return self.at <= now and self.epoch == epoch


@dataclass(slots=True, kw_only=True)
class LateCancels:
    """Asks IB again for each wanted cancel that it has not confirmed. The pass after a loss
    of the line asks too; while the line stays up, that is left to this class."""

    ledger: Ledger
    reconciler: Reconciler
    clock: Clock
    _asked: dict[OrderRef, _CancelRequest] = field(default_factory=dict)

    def look(self) -> None:
        """Time has passed: ask IB again where it is due. While orders are compared nothing
        is asked, and the waits go on: a refused cancel (161) causes such a pass."""
        if not self.reconciler.reconciled:
            return
        now, wanted = self.clock.now(), self._wanted()
        epoch = self.reconciler.broker.line().epoch
        first = _CancelRequest(at=now, wait=FIRST, epoch=epoch)
        known = {each.ref: self._asked.get(each.ref, first) for each in wanted}
        self._asked = {
            r: a if a.counts(now, epoch) else first for r, a in known.items()
        }
        for order in wanted:
            asked = self._asked[order.ref]
            if now - asked.at >= asked.wait:
                self._ask_again(order, now)

    def _wanted(self) -> tuple[Order, ...]:
        """Those of this session: others are told apart (R18)."""
        session = self.reconciler.broker.line().identity
        return tuple(o for o in self.ledger.cancels_wanted() if o.is_of(session))

    def _ask_again(self, order: Order, now: datetime) -> None:
        asked = self._asked[order.ref]
        wait = min(2 * asked.wait, LONGEST)
        self._asked[order.ref] = replace(asked, at=now, wait=wait)
        self.ledger.notify_unconfirmed(order)
        self.reconciler.ask_cancel(order)
