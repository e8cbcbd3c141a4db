"""Asks again for cancels that IB does not confirm, and tells the owner of each once."""

from dataclasses import dataclass, field, replace
from datetime import datetime
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
    """A cancel that is wanted ``since`` then and was last asked for ``at`` then
    (boottime), over the line that came up at ``line_since`` (UTC). After ``wait``
    seconds it is asked for again."""

    since: float
    at: float
    line_since: datetime
    wait: float = FIRST
    is_told: bool = False


@dataclass(slots=True, kw_only=True)
class LateCancels:
    """Asks IB again for each wanted cancel that it has not confirmed. The pass after a loss
    of the line asks too, and the wait begins anew; while the line stays up, that is left
    to this class. The time of day may be set meanwhile: it waits by seconds that have
    really passed."""

    ledger: Ledger
    reconciler: Reconciler
    clock: SteadyClock
    _asked: dict[OrderRef, _CancelRequest] = field(default_factory=dict)

    def look(self) -> None:
        """Time has passed: ask IB again where it is due. While orders are compared nothing
        is asked, and the waits go on: a refused cancel (161) causes such a pass."""
        if not self.reconciler.reconciled:
            return
        now = self.clock.boottime()
        self._asked = {each.ref: self._of(each, now) for each in self._wanted()}
        for order in self._wanted():
            asked = self._asked[order.ref]
            if now - asked.since >= FIRST and not asked.is_told:
                self._asked[order.ref] = replace(asked, is_told=True)
                is_asked = order.ref in self.reconciler.asked
                self.ledger.notify_unconfirmed(order, is_asked=is_asked)
            if now - asked.at >= asked.wait:
                self._ask_again(order, now)

    def _of(self, order: Order, now: float) -> _CancelRequest:
        """What was asked for *order*; the pass over a new line has just asked anew."""
        line_since = self.reconciler.broker.line().since
        asked = self._asked.get(order.ref)
        if asked is None:
            return _CancelRequest(since=now, at=now, line_since=line_since)
        if asked.line_since != line_since:
            return replace(asked, at=now, wait=FIRST, line_since=line_since)
        return asked

    def _wanted(self) -> tuple[Order, ...]:
        """The wanted cancels of this session's orders; the owner is told of orders of
        other identities separately (R18)."""
        session = self.reconciler.broker.line().identity
        return tuple(o for o in self.ledger.cancels_wanted() if o.is_of(session))

    def _ask_again(self, order: Order, now: float) -> None:
        asked = self._asked[order.ref]
        wait = min(2 * asked.wait, LONGEST)
        self._asked[order.ref] = replace(asked, at=now, wait=wait)
        self.reconciler.ask_cancel(order)
