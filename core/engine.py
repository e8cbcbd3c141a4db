"""Everything that the chat, the timer and the process can ask of the trader."""

import asyncio
from collections.abc import Iterable

from core.assembly import assemble
from core.chance import RandomBytes, system_random_bytes
from core.flows.boot import Wait, begin, broke, end
from core.flows.other_trades import OtherTradesReader
from core.ledger.instructions import CurrentInstructions
from core.model.card import Check
from core.model.order import FINAL, Order, OrderRef, OrderState
from core.model.order_events import CancelAsked, HumanClosed, WordOfFill
from core.model.points import NOTE, W5, Reached
from core.model.proposal import (
    ChooseExits,
    ChooseTerms,
    Decision,
    LeaveOut,
    Proposal,
    Resize,
    Tap,
)
from core.model.status import THE_BOT, Halt
from core.ports.chat import StrangerCount
from core.ports.edges import Edges
from core.rules.order_states import filled_by


class Engine:
    """Scan, decide, cancel, halt, resume, report. ``named`` is for stocks that the
    owner names, ``queries`` for reading, ``settings`` and ``schedule`` for what the
    owner chooses, ``people`` for who may look or act."""

    def __init__(
        self,
        edges: Edges,
        instructions: CurrentInstructions,
        *,
        gate: StrangerCount,
        reached: Reached,
        random_bytes: RandomBytes = system_random_bytes,
    ) -> None:
        """*gate* counts strangers; *reached* is called with the name of every
        write-ahead point as it is passed."""
        parts = assemble(
            edges,
            instructions,
            gate=gate,
            reached=reached,
            random_bytes=random_bytes,
        )
        self.queries, self.named = parts.queries, parts.named
        self.settings = parts.writers.choices
        self.schedule = parts.writers.schedule
        self.people = parts.writers.people
        self._parts, self._clock = parts, edges.clock
        self._orders, self._memory = edges.store.orders, edges.store.memory
        self._other_trades = OtherTradesReader(
            broker=edges.broker,
            others=parts.writers.others,
            calendar=edges.calendar,
            clock=edges.clock,
            within=instructions.read().timeouts.quotes,
        )

    # life

    async def run(self, wait: Wait | None = None) -> None:
        """Listen, reconcile, trade, watch and report until cancelled. *wait* is what this
        run follows, if the one before could not write the journal.

        Raises:
            ExceptionGroup: of Contradiction, when the journal and what happened
                cannot both be true: the process must end and start again.
        """
        writers = self._parts.writers
        begin(self._memory, writers.unit, writers.halts, wait)
        self._parts.scheduled.recover()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._parts.listener.run(), name="listener")
                tasks.create_task(self._parts.reconciler.run(), name="reconciler")
                tasks.create_task(self._parts.outage.run(), name="outage")
                tasks.create_task(self._parts.trader.run(), name="trader")
                tasks.create_task(self._parts.watch.run(), name="watch")
                tasks.create_task(self._parts.amending.steps.run(), name="price steps")
                tasks.create_task(
                    self._parts.amending.headlines.run(), name="headlines"
                )
                tasks.create_task(self._parts.reporter.run(), name="reporter")
                tasks.create_task(self._parts.scheduled.run(), name="scheduled")
                tasks.create_task(self._parts.heartbeat.run(), name="data heartbeat")
                tasks.create_task(self.named.panics.run(), name="panics")
                tasks.create_task(self._parts.outcomes.run(), name="outcomes")
                tasks.create_task(self._other_trades.run(), name="trades of others")
                self.look()
        except asyncio.CancelledError:
            end(self._memory)
            raise
        finally:
            self._parts.writers.unit.log()

    def broke(self, reason: str) -> None:
        """The process ends without having been told to; *reason* is told at the next
        start."""
        broke(self._memory, reason)

    def resumed_after_pause(self) -> None:
        """The process was paused: the orders are compared with IB's again."""
        self._parts.reconciler.forget()

    def look(self) -> None:
        """Time has passed: end what is over, and start what is due. Returns at once."""
        self._parts.writers.cards.expire()
        self._parts.watch.look()
        self._parts.amending.steps.look()
        self._parts.reconciler.look()
        self._parts.late_cancels.look()
        self._parts.listener.late_fills.look()
        self._parts.part_fills.look()
        self._parts.outage.look()
        self._parts.signals.orders_due.set()
        self._parts.reporter.look()
        self._parts.scheduled.look()
        self.named.look()
        self._parts.outcomes.look()
        self._parts.upkeep.look()
        self._other_trades.look()

    # acting

    async def scan(self, *, key: str) -> bool:
        """Scan, rank and offer, once for *key*. The progress, the card or the
        failure stands in the chat at its placeholder; returns when it does.

        False when a scan was under way: its card serves, and nothing was placed.

        Raises:
            NotifierAway: the chat refused what was to stand there.
        """
        return await self._parts.offers.scan(key=key)

    @property
    def scan_seconds(self) -> float | None:
        """How long the last scan took up to its card, in seconds; None before the
        first."""
        return self._parts.offers.seconds

    async def report(self, *, key: str) -> None:
        """The report of this moment and a scan's card, on the owner's demand.

        Raises:
            NotifierAway: the chat refused what was to stand there.
        """
        await self._parts.reporter.make(key=key)

    async def read_other_trades(self) -> None:
        """Ask IB what was traded by hand today, so that it is known at its price.
        Returns within the patience for quotes, whatever IB says."""
        await self._other_trades.read()

    def decide(self, tap: Tap) -> Decision:
        """Judge a tap on a card. Whatever it approves is on disk when this returns."""
        return self._parts.decider.decide(tap)

    def resize(self, tap: Resize) -> Decision:
        """Show a card with orders of another size; nothing is approved by it."""
        return self._parts.amending.resizer.resize(tap)

    def choose_terms(self, tap: ChooseTerms) -> Decision:
        """Show a card whose orders are priced otherwise; nothing is approved by it."""
        return self._parts.amending.resizer.choose_terms(tap)

    def leave_out(self, tap: LeaveOut) -> Decision:
        """Show what /panic asks without one of its stocks; nothing is approved by it."""
        return self._parts.amending.resizer.leave_out(tap)

    def choose_exits(self, tap: ChooseExits) -> Decision:
        """Show a card with other exits; nothing is approved by it."""
        return self._parts.amending.exit_chooser.choose(tap)

    async def check(self, proposal: Proposal) -> Check:
        """IB's what-if answer for the orders of a card; nothing is placed."""
        return await self._parts.amending.checker.check(proposal)

    def cancel(self, ref: OrderRef, *, by: str) -> Order:
        """Write that the order is to be cancelled, then ask IB, now or as soon as
        possible. It is only called cancelled once evidence shows it. An order that
        still waits to be sent is not sent. Calling this again asks IB again. Cancelling
        an exit cancels all exits of its stock, until the owner sets new ones.

        Raises:
            LookupError: no order of ours that has not ended has this ref.
        """
        order = self._orders.by_ref(ref)
        if order is None or order.state in FINAL:
            raise LookupError(ref)
        with self._parts.writers.unit.writing(NOTE):
            wanted = self._parts.writers.ledger.learn(CancelAsked(ref=ref, by=by))
            self._parts.writers.exits.give_up([wanted], by=by)
        self._parts.reconciler.ask_cancel(wanted)
        self._parts.signals.orders_due.set()
        return wanted

    def halt(self, *, by: str, reason: str) -> None:
        """Send nothing any more until resume, also after a restart."""
        self._parts.writers.halts.halt(by=by, reason=reason, notify=False)
        self._parts.writers.cards.redraw()

    def alarm(self, reason: str, *, old_copy: bool = False) -> None:
        """Halt because something is wrong, and tell the owner; *old_copy* as in
        Halt."""
        halts = self._parts.writers.halts
        halts.halt(by=THE_BOT, reason=reason, notify=True, old_copy=old_copy)
        self._parts.writers.cards.redraw()

    def mark_untrusted(self, reason: str) -> None:
        """The journal is not the one written last: void its offers, halt, and remove
        the people whom only it names, because they may have been removed since."""
        self._parts.writers.cards.void(by=reason)
        for person in self.people.all():
            self.people.remove(person.number, by=reason)
        self.alarm(reason, old_copy=True)

    def resume(self, *, by: str, named: Iterable[Halt]) -> None:
        """End the halts that were *named*. Orders may be sent once none is left."""
        self._parts.writers.halts.resume(by=by, named=named)
        self.named.panics.resumed()
        self._parts.writers.cards.redraw()
        self._parts.signals.orders_due.set()

    def settle(self, ref: OrderRef, *, there: bool, by: str) -> Order:
        """The owner has looked and says whether an order in doubt exists.

        Raises:
            LookupError: no order in doubt has this ref.
        """
        self._in_doubt(ref)
        said = "is there" if there else "is not there"
        closed = HumanClosed(ref=ref, there=there, reason=f"{by} says it {said}")
        with self._parts.writers.unit.writing(W5):
            order = self._parts.writers.ledger.learn(closed)
            if not there:
                self._parts.writers.exits.notify_closed(order)
        return order

    def settle_filled(self, word: WordOfFill, *, by: str) -> Order:
        """The owner has looked and says how many shares of an order in doubt were
        filled, and at what price. The journal keeps these fills until IB lists them.

        Raises:
            LookupError: no order in doubt has this ref, or the answer is not possible.
        """
        order, now = self._in_doubt(word.ref), self._clock.now()
        return self._parts.writers.ledger.learn(filled_by(word, order, by=by, at=now))

    def _in_doubt(self, ref: OrderRef) -> Order:
        order = self._orders.by_ref(ref)
        if order is None or order.state is not OrderState.UNKNOWN:
            raise LookupError(ref)
        return order
