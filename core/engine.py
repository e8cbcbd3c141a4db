"""The door to the trader: everything that may be asked of it, in one place."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

from core.chance import RandomBytes, random_bytes as the_system_s
from core.flows.boot import begin, end
from core.flows.charts import charts
from core.flows.listen import Listener
from core.flows.names import new_proposal_id, new_token
from core.flows.offer import Offers
from core.flows.outage import Outage
from core.flows.quote_watch import QuoteWatch
from core.flows.reconcile import Reconciler
from core.flows.report import Reporter
from core.flows.trade import Trader
from core.ledger.cards import Cards
from core.ledger.orders import Ledger
from core.ledger.unit_of_work import UnitOfWork
from core.model.card import Card
from core.model.chart import Charts
from core.model.errors import BrokerAway
from core.model.evidence import LineChanged, LineState
from core.model.instructions import Instructions
from core.model.order import (
    FINAL,
    IN_DOUBT,
    WORKING,
    CancelAsked,
    HumanClosed,
    Order,
    OrderRef,
    OrderState,
)
from core.model.points import Reached
from core.model.portfolio import AccountSummary, OpenOrder, Position
from core.model.proposal import Decision, Proposal, ProposalId, Tap, Token
from core.model.status import MarketPhase, Status
from core.ports import World
from core.rules.guards import spent, standing_blocks
from core.rules.new_york import day_of


UNFINISHED: Final = tuple(state for state in OrderState if state not in FINAL)


class Engine:
    """Scan, decide, cancel, halt, resume, status, report."""

    def __init__(
        self,
        world: World,
        instructions: Instructions,
        *,
        strangers: Callable[[], int],
        reached: Reached,
        random_bytes: RandomBytes = the_system_s,
    ) -> None:
        """*strangers* counts those turned away at the gate; *reached* is told the
        name of every write-ahead point as it is passed."""
        self._world, self._instructions, self._strangers = (
            world,
            instructions,
            strangers,
        )
        unit = UnitOfWork(
            world.store, clock=world.clock, wake=world.notifier.wake, reached=reached
        )
        self._cards, self._ledger = Cards(unit), Ledger(unit)
        shared = (world, instructions, self._ledger)
        self._quote_watch = QuoteWatch(world)
        self._outage = Outage(*shared, reconciled=lambda: self._reconciler.reconciled)
        self._reconciler = Reconciler(
            *shared, on_reconciled=self._on_reconciled, reached=reached
        )
        self._offers = Offers(
            *shared,
            cards=self._cards,
            watch=self._quote_watch,
            blocks=self._blocks_a_yes,
            approved=self._wake_trader,
            new_id=partial(new_proposal_id, random_bytes),
            new_token=partial(new_token, random_bytes),
        )
        self._trader = Trader(
            *shared,
            reconciler=self._reconciler,
            watch=self._quote_watch,
            ask_again=self._offers.ask_again,
            reached=reached,
        )
        self._listener = Listener(
            world,
            self._ledger,
            reconciler=self._reconciler,
            on_line=self._on_line,
        )
        self._reporter = Reporter(*shared, offers=self._offers, reached=reached)

    # life

    async def run(self) -> None:
        """Listen, reconcile, trade, watch and report until cancelled.

        Raises:
            ExceptionGroup: of Contradiction, when the journal and what happened
                cannot both be true: the process must end and start again.
        """
        begin(self._world, self._ledger)
        self._reporter.recover()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listener.run(), name="listener")
                tasks.create_task(self._reconciler.run(), name="reconciler")
                tasks.create_task(self._trader.run(), name="trader")
                tasks.create_task(self._quote_watch.run(), name="watch")
                tasks.create_task(self._reporter.run(), name="reporter")
                self.look()
        except asyncio.CancelledError:
            end(self._world)
            raise

    def look(self) -> None:
        """Time has passed: see what is over, and what is due. Returns at once."""
        self._cards.expire()
        self._quote_watch.look()
        self._reconciler.look()
        self._outage.look()
        self._trader.wake()
        self._reporter.look()

    def _on_line(self, changed: LineChanged) -> None:
        self._quote_watch.line_changed()
        self._outage.line_changed(changed.line)

    def _on_reconciled(self) -> None:
        self._outage.over()
        self._trader.wake()

    def _wake_trader(self) -> None:
        self._trader.wake()

    # looking

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

    def proposal(self, token: Token) -> Proposal | None:
        """The card that a button belongs to."""
        return self._world.store.proposal_by_token(token)

    def card(self, proposal_id: ProposalId) -> Card | None:
        """A card as it stands now."""
        proposal = self._world.store.proposal(proposal_id)
        if proposal is None:
            return None
        market = self._offers.market_state()
        return Card(
            proposal=proposal,
            orders=self._world.store.orders_of(proposal_id),
            opens=market.next_open if market.phase is MarketPhase.CLOSED else None,
        )

    async def charts(self, proposal: Proposal) -> Charts:
        """A card's five over its two sessions; who has no bars is named, and why."""
        market, within = self._world.market, self._instructions.patience.charts
        return await charts(market, proposal, within=within, clock=self._world.clock)

    async def positions(self) -> tuple[Position, ...]:
        """What the account holds, at this moment's prices. Raises BrokerAway when there
        is no line."""
        self._need_line()
        return await self._reporter.holdings()

    async def open_orders(self) -> tuple[OpenOrder, ...]:
        """Every working order in the account. Raises BrokerAway or BrokerSilent."""
        return await self._world.broker.open_orders()

    def orders(self) -> tuple[Order, ...]:
        """Orders of ours that are not at their end, and all sent today."""
        store = self._world.store
        today = store.orders_sent_on(day_of(self._world.clock.now()))
        both = {o.ref: o for o in (*store.orders_in(UNFINISHED), *today)}
        return tuple(both.values())

    async def account(self) -> AccountSummary:
        """Raises BrokerAway when there is no line, or no figure yet."""
        self._need_line()
        summary = self._world.broker.account()
        if summary is None:
            raise BrokerAway("the account's figures have not arrived yet")
        return summary

    def _need_line(self) -> None:
        line = self._world.broker.line()
        if line.state is not LineState.UP:
            raise BrokerAway(line.reason or line.state)

    def status(self) -> Status:
        """How the whole house stands."""
        store, now = self._world.store, self._world.clock.now()
        limits = self._instructions.limits
        return Status(
            at=now,
            mode=limits.mode,
            account=limits.account,
            line=self._world.broker.line(),
            reconciled=self._reconciler.reconciled,
            halted=self._ledger.halted,
            market=self._offers.market_state(),
            in_doubt=store.orders_in(tuple(IN_DOUBT)),
            next_report=self._reporter.next_report(),
            max_order=limits.max_order,
            max_day=limits.max_day,
            used_today=spent(store.orders_sent_on(day_of(now))),
            strangers=self._strangers(),
            blocks=self._blocks(),
        )

    def _blocks(self) -> tuple[str, ...]:
        return standing_blocks(
            line=self._world.broker.line(),
            reconciled=self._reconciler.reconciled,
            halted=self._ledger.halted,
            market=self._offers.market_state(),
            limits=self._instructions.limits,
        )

    def _blocks_a_yes(self) -> tuple[str, ...]:
        blocks = self._blocks()
        if not self._reconciler.reconciled:
            self._outage.promise()
        return blocks

    # acting

    def decide(self, tap: Tap) -> Decision:
        """Judge a tap on a card. What it approves is on disk when this returns."""
        return self._offers.decide(tap)

    def cancel(self, ref: OrderRef, *, by: str) -> Order:
        """Ask IB to cancel one order of ours; only evidence will call it cancelled.
        One that still waits to be sent will not be.

        Raises:
            LookupError: no order of ours that works or waits has this ref.
            BrokerAway: nothing was sent.
        """
        order = self._world.store.order(ref)
        if order is None or order.state not in {OrderState.PLANNED, *WORKING}:
            raise LookupError(ref)
        if order.state in WORKING:
            self._need_line()
            self._world.broker.cancel(order)
        return self._ledger.learn(CancelAsked(ref=ref, by=by))

    def halt(self, *, by: str, reason: str) -> None:
        """Send nothing any more, also after a restart, until resume."""
        self._ledger.halt(by=by, reason=reason, tell=False)

    def alarm(self, reason: str) -> None:
        """Halt because something is wrong, and tell the owner."""
        self._ledger.halt(by="the bot", reason=reason, tell=True)

    def distrust(self, reason: str) -> None:
        """The journal is not the one written last: void its offers, and halt."""
        self._cards.void(by=reason)
        self.alarm(reason)

    def resume(self, *, by: str) -> None:
        """Allow orders again."""
        self._ledger.resume(by=by)
        self._trader.wake()

    def settle(self, ref: OrderRef, *, there: bool, by: str) -> Order:
        """The owner looked whether an order in doubt exists, and says so.

        Raises:
            LookupError: no order in doubt has this ref.
        """
        order = self._world.store.order(ref)
        if order is None or order.state is not OrderState.UNKNOWN:
            raise LookupError(ref)
        said = "is there" if there else "is not there"
        closed = HumanClosed(ref=ref, there=there, reason=f"{by} says it {said}")
        return self._ledger.learn(closed)
