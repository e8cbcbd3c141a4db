"""One order, judged just now, handed over to IB."""

import logging
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from core.flows.reconcile import Reconciler
from core.ledger.orders import Ledger
from core.ledger.unit_of_work import now_on
from core.model.errors import BrokerAway, OutOfDate
from core.model.evidence import Line
from core.model.instructions import Timeouts
from core.model.order import Order
from core.model.order_events import NotSent, Sent
from core.model.points import SENT, Reached
from core.ports.account import OrderIdFloor, OrderSender
from core.ports.market import SteadyClock
from core.ports.memory import OrderIdHigh
from core.rules.new_york import day_of
from core.rules.sending import FRESH, Judgement, age


_log: Final = logging.getLogger(__name__)

_STOOD_STILL: Final = (
    "This machine stood still for {:.0f} s right before it was to be sent."
)


@dataclass(slots=True, kw_only=True)
class Sender:
    """The only one who places orders: on disk first, then the socket, then the wait
    for IB's first word. *reached* names each step, for tests that end there."""

    broker: OrderSender
    memory: OrderIdHigh
    timeouts: Timeouts
    ledger: Ledger
    reconciler: Reconciler
    clock: SteadyClock
    reached: Reached

    async def send(
        self, order: Order, judgement: Judgement, *, held: Decimal | None = None
    ) -> None:
        """Write the order as being sent (W2), send it, and wait for IB's first word. If
        the judgement is too old, or what it was based on has changed, nothing is written
        and the order stays planned, to be judged again. *held* are the shares of the stock
        that IB has just listed; None: those in the account window.

        Raises:
            Contradiction: the order id was used before; nothing was sent.
        """
        sent = self._sent(order, judgement.line)
        if held is not None:
            sent = replace(sent, position_before=held)
        try:
            sending = self.ledger.send(sent, judgement, broker=self.broker)
        except OutOfDate as why:
            _log.info("order=%s is judged again: %s", order.ref, why)
            return
        if self._hand_over(sending, judgement):
            await self._first_word(sending)

    def _hand_over(self, order: Order, judgement: Judgement) -> bool:
        """Hand it over, unless this process stood still after it was written."""
        late = age(judgement, now_on(self.clock))
        if late > FRESH:
            reason = _STOOD_STILL.format(late.total_seconds())
            self.ledger.learn(NotSent(ref=order.ref, reason=reason))
            return False
        try:
            self.broker.place(order)
        except BrokerAway as away:
            self.ledger.learn(NotSent(ref=order.ref, reason=str(away)))
            return False
        self.reached(SENT)
        return True

    async def _first_word(self, order: Order) -> None:
        within = self.timeouts.ack
        await self.ledger.past_sending(order.ref, within=within)
        await self.reconciler.resolve(order.ref)

    def _sent(self, order: Order, line: Line) -> Sent:
        now = self.clock.now()
        assert line.identity is not None, "nothing is sent before a handshake"
        held = {
            position.instrument.con_id: position.shares
            for position in self.broker.positions() or ()
        }
        return Sent(
            ref=order.ref,
            order_id=next_order_id(self.memory, self.reconciler, self.broker),
            identity=line.identity,
            position_before=held.get(order.instrument.con_id, Decimal(0)),
            at=now,
            day=day_of(now),
            epoch=line.epoch,
        )


def next_order_id(
    memory: OrderIdHigh, reconciler: Reconciler, broker: OrderIdFloor
) -> int:
    """An order id that was never used: above all that were, by us or in any listing."""
    high = memory.order_id_high()
    return max(high + 1, reconciler.highest_order_id + 1, broker.order_id_floor())
