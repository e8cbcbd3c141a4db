"""/panic: halt, cancel everything, and then ask whether to sell everything.

Each step is recorded, and a start continues with the first that is not: the halt, the
wanted cancels and the panic itself are one write; the card answers the panic once;
after its Yes the orders are like any others."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Final

from core.flows.named.sales import NoSale, Sales
from core.flows.reconcile import Reconciler
from core.ledger.cards import Cards
from core.ledger.halts import Halts
from core.ledger.orders import Ledger
from core.ledger.unit_of_work import UnitOfWork
from core.model.errors import BrokerAway, BrokerSilent, NotifierAway
from core.model.news import NothingToSell
from core.model.order import FINAL, Order, OrderState
from core.model.order_events import CancelAsked
from core.model.points import PANIC, PANIC_OVER
from core.model.proposal import ProposalId, Purpose
from core.model.status import Panic
from core.ports.market import Clock
from core.ports.memory import PanicMemory
from core.ports.orders import OrderLists
from core.ports.proposals import ProposalReader
from core.rules.halts import panic_reason
from core.rules.selling.left import left_in_words


_log: Final = logging.getLogger(__name__)

_POLL_INTERVAL: Final = 0.05
"""Seconds between two checks whether IB has confirmed the cancels."""

_COMES_TO_REST: Final = frozenset(OrderState) - FINAL - {OrderState.UNKNOWN}
"""The states that evidence will end. An order in doubt waits for the owner's answer, so
the card does not wait for it."""


@dataclass(slots=True, kw_only=True)
class Panics:
    """Halts, cancels and asks. It waits *within* seconds for the orders to end before it
    asks. Its sales are sent like any other order."""

    orders: OrderLists
    proposals: ProposalReader
    memory: PanicMemory
    unit: UnitOfWork
    halts: Halts
    ledger: Ledger
    cards: Cards
    reconciler: Reconciler
    sales: Sales
    clock: Clock
    within: float
    _due: asyncio.Event = field(default_factory=asyncio.Event)

    def begin(self, *, by: str, key: str) -> tuple[Order, ...]:
        """Halt, want every order cancelled, and promise the card *key*; all of it is on
        disk when this returns. Sales of an earlier panic continue. Returns the orders
        to be cancelled. A panic that already has its card (it is repeated after a
        restart) changes nothing."""
        if self.sales.proposer.answered(key):
            return tuple(order for order in self._alive() if order.cancel_asked)
        panic = Panic(at=self.clock.now(), by=by, key=key)
        with self.unit.writing(PANIC):
            self.halts.halt(by=by, reason=_reason(panic), notify=False)
            self.cards.void(by="/panic")
            alive = [o for o in self._alive() if not self._is_panic_s(o.proposal_id)]
            wanted = self.cancel(alive, by=by)
            self.memory.set_panic(panic)
        self.ask_ib(wanted)
        self._due.set()
        return wanted

    def cancel(self, orders: list[Order], *, by: str) -> tuple[Order, ...]:
        """Write that *orders* are to be cancelled."""
        return tuple(
            self.ledger.learn(CancelAsked(ref=order.ref, by=by)) for order in orders
        )

    def ask_ib(self, wanted: tuple[Order, ...]) -> None:
        """Ask IB to cancel what is written as wanted. The pass after a loss of the line asks
        again, and so does LateCancels, until IB confirms it."""
        for order in wanted:
            self.reconciler.ask_cancel(order)

    def resumed(self) -> None:
        """The owner has ended halts; if a panic's is among them, its card is no longer
        owed."""
        panic = self.memory.panic()
        if panic is None or any(h.reason == _reason(panic) for h in self.halts.all()):
            return
        self._end(panic)

    def _end(self, panic: Panic) -> None:
        """Record that *panic* has been answered; a later panic is still owed its
        card."""
        if self._is_owed(panic):
            with self.unit.writing(PANIC_OVER):
                self.memory.set_panic(None)

    def _is_owed(self, panic: Panic) -> bool:
        return self.memory.panic() == panic

    def look(self) -> None:
        """Time has passed: try again if a panic's card is not shown yet."""
        if self.memory.panic() is not None:
            self._due.set()

    async def run(self) -> None:
        """Ask as soon as a panic is ready for its question; never ends."""
        while True:
            await self._due.wait()
            self._due.clear()
            panic = self.memory.panic()
            if panic is not None and self.reconciler.reconciled:
                await self._ask(panic)

    async def _ask(self, panic: Panic) -> None:
        if not self.sales.proposer.answered(panic.key):
            await self._orders_end()
            if not self._is_owed(panic):
                return
            try:
                answer = await self.sales.offer_all(
                    key=panic.key,
                    note=self._note(),
                    is_wanted=lambda: self._is_owed(panic),
                )
            except (BrokerAway, BrokerSilent, NotifierAway) as problem:
                _log.warning("panic=%s cannot ask yet: %s", panic.key, problem)
                return
            if not self._is_owed(panic):
                return
            if isinstance(answer, NoSale):
                with self.unit.writing():
                    self.unit.notify(NothingToSell(at=panic.at, stays=answer.problem))
        self._end(panic)

    async def _orders_end(self) -> None:
        """Wait for evidence that all orders have ended; the card names those without it
        in time."""
        try:
            async with asyncio.timeout(self.within):
                while self._works():  # noqa: ASYNC110  orders end in many ways
                    await asyncio.sleep(_POLL_INTERVAL)
        except TimeoutError:
            _log.warning("not all orders are confirmed as cancelled")

    def _works(self) -> bool:
        alive = self.orders.in_states(_COMES_TO_REST)
        return any(not self._is_panic_s(order.proposal_id) for order in alive)

    def _alive(self) -> tuple[Order, ...]:
        return self.orders.in_states(frozenset(OrderState) - FINAL)

    def _is_panic_s(self, proposal_id: ProposalId) -> bool:
        proposal = self.proposals.by_id(proposal_id)
        return proposal is not None and proposal.purpose is Purpose.SELL_ALL

    def _note(self) -> str | None:
        """The sentence about orders that may still execute, None if there are none."""
        left = left_in_words(self._alive())
        return f"May still execute: {left}." if left else None


def _reason(panic: Panic) -> str:
    return panic_reason(panic.by)
