"""Sends the exits that are written and not sent yet.

Tested by tests/core/flows/exits/test_sibling.py and test_keeper.py.
"""

from dataclasses import dataclass, replace
from typing import Final

from core.flows.exits.judge import ExitJudge
from core.flows.exits.late import LateExits
from core.flows.exits.plans import Plans
from core.flows.exits.timed import TimedExits
from core.flows.send import Sender
from core.ledger.halts import Halts
from core.ledger.orders import Ledger
from core.model.exits.plan import ExitKind
from core.model.market import Instrument
from core.model.order import Order, OrderState
from core.model.order_events import Lapsed
from core.ports.market import Clock
from core.rules.exits.exposure import waits_for_its_stop
from core.rules.halts import is_old_copy
from core.rules.selling.holding import held_before


_TOO_SLOW: Final = (
    "IB answers too slowly: what it lists is too old each time to sell by it"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedExits:
    """Judges each planned exit right before it is sent."""

    plans: Plans
    judge: ExitJudge
    timed: TimedExits
    late: LateExits
    ledger: Ledger
    halts: Halts
    sender: Sender
    clock: Clock

    async def send(self) -> None:
        """Send each planned exit, or end it, so that it is planned again when
        allowed. A target waits until its stop works."""
        for order in self.plans.exits():
            if order.state is OrderState.PLANNED and not self._is_too_early(order):
                await self._send(order)

    async def _send(self, order: Order) -> None:
        judged = await self.judge.judge(order)
        if judged.refused:
            self.ledger.learn(Lapsed(ref=order.ref, reason=judged.refused))
            self.late.failed(order.instrument, judged.refused)
            return
        judgement = replace(judged.judgement, against=self._why_withdrawn)
        listed, ours = judged.inventory, self.plans.orders_of(order.instrument)
        held = held_before(order, listed, ours, self.clock.now())
        await self.sender.send(order, judgement, held=held)

    def why_unsent(self, stock: Instrument) -> str:
        """Why an exit waits that an earlier look was to send; empty if none does."""
        exits = self.plans.exits_of(stock)
        planned = (o for o in exits if o.state is OrderState.PLANNED)
        return "" if all(map(self._is_too_early, planned)) else _TOO_SLOW

    def _why_withdrawn(self, order: Order) -> str | None:
        """Why *order* is no longer what is approved; None if it is."""
        if is_old_copy(self.halts.all()):
            return "the journal may be an old copy"
        approved = self.plans.approved(order.instrument)
        if approved is None or not approved.has(order):
            return "other exits were approved meanwhile, or it was taken off"
        is_late = order.exit is ExitKind.CLOSE and not self.timed.is_due(approved)
        return "it would wait for the next open" if is_late else None

    def _is_too_early(self, order: Order) -> bool:
        approved = self.plans.approved(order.instrument)
        due = frozenset[ExitKind]() if approved is None else approved.open_kinds
        return waits_for_its_stop(order, due, self.plans.orders_of(order.instrument))
