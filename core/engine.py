"""The door to the trader, built downwards: each part is given those built before it,
and what a later one must be told travels as an event that both were given."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from core.chance import RandomBytes, random_bytes as the_system_s
from core.flows.boot import begin, broke, end
from core.flows.decide import Decider
from core.flows.listen import Listener
from core.flows.names import new_proposal_id, new_token
from core.flows.offer import Offers
from core.flows.outage import Outage
from core.flows.outcomes import OutcomeTracker
from core.flows.quote_watch import QuoteWatch
from core.flows.reconcile import Reconciler
from core.flows.report import Reporter
from core.flows.signals import Signals
from core.flows.standing import Standing
from core.flows.trade import Trader
from core.ledger.cards import Cards
from core.ledger.halts import Halts
from core.ledger.orders import Ledger
from core.ledger.others import Others
from core.ledger.unit_of_work import UnitOfWork
from core.model.halt import THE_BOT, Halt
from core.model.instructions import Instructions
from core.model.money import Shares
from core.model.order import FINAL, Order, OrderRef, OrderState
from core.model.order_events import CancelAsked, FilledByWord, HumanClosed
from core.model.points import Reached
from core.model.proposal import Decision, Tap
from core.ports.account import Broker
from core.ports.chat import Notifier, StrangerCount
from core.ports.journal import Store
from core.ports.market import Calendar, MarketData, PastPrices, SteadyClock
from core.queries import Queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """All that lies outside of the core. Only the engine sees it whole: it gives each
    part the roles that this part uses."""

    store: Store
    broker: Broker
    market: MarketData
    past: PastPrices
    notifier: Notifier
    calendar: Calendar
    clock: SteadyClock


class Engine:
    """Scan, decide, cancel, halt, resume, report; ``queries`` is for looking."""

    def __init__(
        self,
        edges: Edges,
        instructions: Instructions,
        *,
        gate: StrangerCount,
        reached: Reached,
        random_bytes: RandomBytes = the_system_s,
    ) -> None:
        """*gate* counts those turned away; *reached* is told the name of every
        write-ahead point as it is passed."""
        signals = Signals()
        new_card_token = partial(new_token, random_bytes)
        store, broker, market = edges.store, edges.broker, edges.market
        notifier, calendar, clock = edges.notifier, edges.calendar, edges.clock
        unit = UnitOfWork(store, clock=clock, wake=notifier.wake, reached=reached)
        cards = Cards(
            unit,
            proposals=store.proposals,
            orders=store.orders,
            memory=store.memory,
            inbox=store.inbox,
            recordings=store.recordings,
        )
        halts = Halts(unit, memory=store.memory)
        others = Others(unit, memory=store.memory, halts=halts)
        ledger = Ledger(
            unit,
            orders=store.orders,
            memory=store.memory,
            halts=halts,
            others=others,
        )
        watch = QuoteWatch(
            market=market, proposals=store.proposals, orders=store.orders
        )
        reconciler = Reconciler(
            broker=broker,
            orders=store.orders,
            clock=clock,
            patience=instructions.patience,
            ledger=ledger,
            others=others,
            signals=signals,
            reached=reached,
        )
        standing = Standing(
            broker=broker,
            orders=store.orders,
            reconciler=reconciler,
            halts=halts,
            calendar=calendar,
            clock=clock,
            limits=instructions.limits,
        )
        outage = Outage(
            standing=standing,
            patience=instructions.patience,
            unit=unit,
            memory=store.memory,
            clock=clock,
            compared=signals.compared,
        )
        decider = Decider(
            proposals=store.proposals,
            cards=cards,
            standing=standing,
            outage=outage,
            broker=broker,
            new_token=new_card_token,
            orders_due=signals.orders_due,
        )
        offers = Offers(
            market=market,
            broker=broker,
            notifier=notifier,
            calendar=calendar,
            clock=clock,
            instructions=instructions,
            unit=unit,
            cards=cards,
            standing=standing,
            decider=decider,
            watch=watch,
            new_id=partial(new_proposal_id, random_bytes),
            new_token=new_card_token,
        )
        self._trader = Trader(
            market=market,
            broker=broker,
            notifier=notifier,
            proposals=store.proposals,
            orders=store.orders,
            memory=store.memory,
            instructions=instructions,
            unit=unit,
            ledger=ledger,
            standing=standing,
            reconciler=reconciler,
            offers=offers,
            watch=watch,
            clock=clock,
            orders_due=signals.orders_due,
            reached=reached,
        )
        self._reporter = Reporter(
            market=market,
            broker=broker,
            notifier=notifier,
            calendar=calendar,
            clock=clock,
            reports=store.reports,
            proposals=store.proposals,
            orders=store.orders,
            memory=store.memory,
            instructions=instructions,
            unit=unit,
            offers=offers,
            reached=reached,
        )
        self._outcomes = OutcomeTracker(
            past=edges.past,
            recordings=store.recordings,
            calendar=calendar,
            unit=unit,
        )
        self._listener = Listener(
            broker=broker,
            orders=store.orders,
            ledger=ledger,
            others=others,
            reconciler=reconciler,
            watch=watch,
            outage=outage,
        )
        self.queries = Queries(
            market=market,
            broker=broker,
            proposals=store.proposals,
            orders_of_ours=store.orders,
            calendar=calendar,
            clock=clock,
            standing=standing,
            instructions=instructions,
            gate=gate,
        )
        self._orders, self._memory = store.orders, store.memory
        self._clock, self._signals = clock, signals
        self._cards, self._ledger = cards, ledger
        self._unit, self._halts = unit, halts
        self._watch, self._reconciler, self._outage = watch, reconciler, outage
        self._decider, self._offers = decider, offers

    # life

    async def run(self) -> None:
        """Listen, reconcile, trade, watch and report until cancelled.

        Raises:
            ExceptionGroup: of Contradiction, when the journal and what happened
                cannot both be true: the process must end and start again.
        """
        begin(self._memory, self._unit, self._halts)
        self._reporter.recover()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listener.run(), name="listener")
                tasks.create_task(self._reconciler.run(), name="reconciler")
                tasks.create_task(self._outage.run(), name="outage")
                tasks.create_task(self._trader.run(), name="trader")
                tasks.create_task(self._watch.run(), name="watch")
                tasks.create_task(self._reporter.run(), name="reporter")
                tasks.create_task(self._outcomes.run(), name="outcomes")
                self.look()
        except asyncio.CancelledError:
            end(self._memory)
            raise

    def broke(self, reason: str) -> None:
        """The application ends by itself, and not because somebody told it to: *reason* is
        told at the next start."""
        broke(self._memory, reason)

    def woke(self) -> None:
        """The process was paused: whatever is known of IB is compared again."""
        self._reconciler.forget()

    def look(self) -> None:
        """Time has passed: see what is over, and what is due. Returns at once."""
        self._cards.expire()
        self._watch.look()
        self._reconciler.look()
        self._outage.look()
        self._signals.orders_due.set()
        self._reporter.look()
        self._outcomes.look()

    # acting

    async def scan(self, *, key: str) -> bool:
        """Scan, rank and offer, once for *key*. The progress, the card or the
        failure stands in the chat at its placeholder; returns when it does.

        False when a scan was under way: its card serves, and nothing was placed.

        Raises:
            NotifierAway: the chat could not be reached.
        """
        return await self._offers.scan(key=key)

    async def report(self, *, key: str) -> None:
        """The report of this moment and a scan's card, on the owner's demand.

        Raises:
            NotifierAway: the chat could not be reached.
        """
        await self._reporter.make(key=key)

    def decide(self, tap: Tap) -> Decision:
        """Judge a tap on a card. What it approves is on disk when this returns."""
        return self._decider.decide(tap)

    def cancel(self, ref: OrderRef, *, by: str) -> Order:
        """Write that the order is to be cancelled, then ask IB, now or as soon as it
        can be asked; only evidence will call it cancelled. One that still waits to be
        sent will not be. May be called again: IB is asked again.

        Raises:
            LookupError: no order of ours that has not ended has this ref.
        """
        order = self._orders.by_ref(ref)
        if order is None or order.state in FINAL:
            raise LookupError(ref)
        wanted = self._ledger.learn(CancelAsked(ref=ref, by=by))
        self._reconciler.ask_cancel(wanted)
        return wanted

    def halt(self, *, by: str, reason: str) -> None:
        """Send nothing any more, also after a restart, until resume."""
        self._halts.halt(by=by, reason=reason, tell=False)
        self._cards.redraw()

    def alarm(self, reason: str) -> None:
        """Halt because something is wrong, and tell the owner."""
        self._halts.halt(by=THE_BOT, reason=reason, tell=True)
        self._cards.redraw()

    def distrust(self, reason: str) -> None:
        """The journal is not the one written last: void its offers, and halt."""
        self._cards.void(by=reason)
        self.alarm(reason)

    def resume(self, *, by: str, named: Iterable[Halt]) -> None:
        """End the halts that were *named*. Orders may leave when none is left."""
        self._halts.resume(by=by, named=named)
        self._cards.redraw()
        self._signals.orders_due.set()

    def settle(self, ref: OrderRef, *, there: bool, by: str) -> Order:
        """The owner looked whether an order in doubt exists, and says so.

        Raises:
            LookupError: no order in doubt has this ref.
        """
        self._in_doubt(ref)
        said = "is there" if there else "is not there"
        closed = HumanClosed(ref=ref, there=there, reason=f"{by} says it {said}")
        return self._ledger.learn(closed)

    def settle_filled(self, ref: OrderRef, *, by: str) -> Order:
        """The owner looked, and says that an order in doubt was filled whole: the books
        take it at the price that it was counted with, until IB lists it itself.

        Raises:
            LookupError: no order in doubt has this ref.
        """
        order = self._in_doubt(ref)
        left = Shares(order.shares - order.filled)
        word = FilledByWord(
            ref=ref,
            shares=left,
            price=order.about,
            at=self._clock.now(),
            reason=f"{by} says it was filled: {left} at about {order.about}",
        )
        return self._ledger.learn(word)

    def _in_doubt(self, ref: OrderRef) -> Order:
        order = self._orders.by_ref(ref)
        if order is None or order.state is not OrderState.UNKNOWN:
            raise LookupError(ref)
        return order
