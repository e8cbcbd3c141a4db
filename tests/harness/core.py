"""The core between fakes, with a real journal: an engine that tests can run, crash and
start again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from core.assembly import Edges
from core.engine import Engine
from core.flows.research.snapshots import SPY
from core.ledger.cards import Cards
from core.ledger.halts import Halts
from core.ledger.instructions import CurrentInstructions
from core.ledger.orders import Ledger
from core.ledger.others import Others
from core.ledger.unit_of_work import UnitOfWork
from core.model.instructions import Instructions
from core.model.market import Instrument
from core.model.news import News
from core.model.order import Order
from core.model.points import ignore
from core.model.proposal import Choice, Decision, Proposal, Shown, Tap
from core.queries.cards import CardQuery
from core.store.journal import Journal
from core.store.scores import Scores
from tests.builders import (
    FDMX,
    NOW,
    QRVX,
    a_bar,
    a_prior_bar,
    a_quote,
    an_account,
    price,
)
from tests.core.store.journals import path_in
from tests.core.wishes import instructions
from tests.fakes.broker import BrokerBehaviour, FakeBroker
from tests.fakes.calendar import FakeCalendar
from tests.fakes.catalogue import unchanging
from tests.fakes.clock import HandClock
from tests.fakes.gate import ThreeStrangers
from tests.fakes.market import FakeMarket
from tests.fakes.notifier import FakeNotifier
from tests.harness.waiting import turns, until


OWNER = "Ada"
KindOfNews = TypeVar("KindOfNews", bound=News)


def when(point: str, happens: Callable[[], None]) -> Callable[[str], None]:
    """For ``Harness.reached``: call *happens* at the write-ahead point *point*."""

    def reached(passed: str) -> None:
        if passed == point:
            happens()

    return reached


@dataclass(slots=True, kw_only=True)
class Harness:
    """Everything around an engine. All but ``engine`` survives a crash; the journal is
    opened again from its file.
    """

    directory: Path
    clock: HandClock
    broker: FakeBroker
    market: FakeMarket
    notifier: FakeNotifier
    calendar: FakeCalendar
    instructions: Instructions
    points: list[str] = field(default_factory=list)
    reached: Callable[[str], None] = ignore
    journal: Journal = field(init=False)
    engine: Engine = field(init=False)
    _open: ExitStack = field(default_factory=ExitStack)

    # its life

    def start(self) -> None:
        """Start a process: open the journal, make an engine."""
        self.journal = self._open.enter_context(
            Journal.opened(path_in(self.directory), clock=self.clock)
        )
        self.engine = Engine(
            self.edges,
            self.in_force,
            gate=ThreeStrangers(),
            reached=self._passed,
        )

    def stop(self) -> None:
        """End the process without closing it in order; what it had written stays on
        disk.
        """
        self._open.close()
        self.broker.hang_up()

    def restart(self) -> None:
        self.stop()
        self.start()

    def _passed(self, point: str) -> None:
        self.points.append(point)
        self.reached(point)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the engine while the block is open, and end it in order."""
        async with asyncio.TaskGroup() as tasks:
            engine = tasks.create_task(self.engine.run(), name="engine")
            try:
                yield
            finally:
                engine.cancel()

    @asynccontextmanager
    async def trading(self) -> AsyncIterator[None]:
        """Run it, connected to IB and with the orders compared."""
        async with self.running():
            self.broker.connect()
            await self.ready()
            yield

    async def ready(self) -> None:
        """Return when orders may be sent."""
        await until(lambda: self.engine.queries.status().reconciled)

    @property
    def in_force(self) -> CurrentInstructions:
        return unchanging(self.instructions, self.journal)

    @property
    def edges(self) -> Edges:
        return Edges(
            market=self.market,
            past=self.market,
            scoring=Scores(path_in(self.directory)),
            results=Scores(path_in(self.directory)),
            broker=self.broker,
            store=self.journal,
            notifier=self.notifier,
            calendar=self.calendar,
            clock=self.clock,
        )

    def unit(self) -> UnitOfWork:
        """A unit of work for a test without the engine."""
        return UnitOfWork(
            self.journal,
            clock=self.clock,
            wake=self.notifier.wake,
            reached=self._passed,
        )

    def halts(self) -> Halts:
        return Halts(self.unit(), memory=self.journal.memory)

    def others(self) -> Others:
        return self._others(self.unit(), self.halts())

    def _others(self, unit: UnitOfWork, halts: Halts) -> Others:
        return Others(
            unit,
            memory=self.journal.memory,
            halts=halts,
            trades=self.journal.other_trades,
            orders=self.journal.orders,
        )

    def ledger(self, kind: type[Ledger] = Ledger) -> Ledger:
        unit, memory = self.unit(), self.journal.memory
        halts = Halts(unit, memory=memory)
        return kind(
            unit,
            orders=self.journal.orders,
            memory=memory,
            halts=halts,
            others=self._others(unit, halts),
        )

    def cards(self) -> Cards:
        return Cards(
            self.unit(),
            proposals=self.journal.proposals,
            orders=self.journal.orders,
            memory=self.journal.memory,
            inbox=self.journal.inbox,
            recordings=self.journal.recordings,
        )

    def cards_to_look_at(self) -> CardQuery:
        return CardQuery(
            proposals=self.journal.proposals,
            orders=self.journal.orders,
            memory=self.journal.memory,
            scores=self.journal.memory,
            broker=self.broker,
            calendar=self.calendar,
            clock=self.clock,
            instructions=self.in_force,
        )

    # trouble

    def drop_events(self) -> None:
        """Lose every event from IB until the next connection."""
        self.broker.events_dropped = True

    def freeze(self) -> None:
        """Have IB answer no request any more."""
        self.broker.silent = True

    # the market

    def quote(self, instrument: Instrument, **named: Any) -> None:
        """Send a quote with the present time."""
        known = self.market.known.get(instrument.con_id, a_quote())
        self.market.tell(instrument, replace(known, at=self.clock.now(), **named))

    # the owner

    async def scan(self, key: str = "a") -> Proposal:
        """Ask for a card, as the owner's /scan does."""
        await self.engine.scan(key=key)
        return self.card()

    def card(self) -> Proposal:
        """The open card, else the newest card with legs."""
        offers = self.journal.proposals.offers()
        proposal = offers[-1] if offers else self.journal.proposals.latest(before=None)
        assert proposal is not None
        return proposal

    def a_tap(
        self, proposal: Proposal, choice: Choice, *, shown: Shown | None = None
    ) -> Tap:
        """The tap of a button on the card as it is shown now."""
        return Tap(
            token=proposal.token,
            choice=choice,
            shown=shown or proposal.shown,
            by=OWNER,
            at=self.clock.now(),
        )

    def tap(
        self, proposal: Proposal, choice: Choice, *, shown: Shown | None = None
    ) -> Decision:
        """Tap a button on the card as it is shown now."""
        return self.engine.decide(self.a_tap(proposal, choice, shown=shown))

    async def yes(self, key: str = "a") -> tuple[Order, ...]:
        """Scan, tap Yes, and wait until everything that can happen at once has
        happened.
        """
        proposal = await self.scan(key)
        self.tap(proposal, Choice.YES)
        await self.until_settled(proposal)
        return self.orders(proposal)

    async def a_working_order(self, key: str = "a") -> tuple[Proposal, Order]:
        """Scan, tap the first pick, and wait until IB has it; it is not filled."""
        self.broker.behaviour = BrokerBehaviour.HOLDS
        card = await self.scan(key)
        self.tap(card, Choice.FIRST)
        await until(lambda: self.states(card) == ["acked"])
        return card, self.orders(card)[0]

    async def until_settled(self, proposal: Proposal) -> None:
        """Return when no order of the card is planned or being sent."""
        moving = {"planned", "sending"}
        await until(lambda: all(o.state not in moving for o in self.orders(proposal)))
        await turns()

    # what became of it

    def orders(self, proposal: Proposal) -> tuple[Order, ...]:
        return self.journal.orders.of_proposal(proposal.id)

    def states(self, proposal: Proposal) -> list[str]:
        return [order.state.value for order in self.orders(proposal)]

    def news(self, kind: type[KindOfNews]) -> list[KindOfNews]:
        """The news of that kind that wait to be sent; nothing sends them in these
        tests.
        """
        return [
            item.news
            for item in self.journal.outbox.unsent()
            if isinstance(item.news, kind)
        ]


def a_harness(directory: Path, **named: Any) -> Harness:
    """Monday morning with two rising stocks: QRVX rises more in per cent, FDMX more in
    dollars. The owner's instructions by name.
    """
    clock = HandClock(NOW)
    harness = Harness(
        directory=directory,
        clock=clock,
        broker=FakeBroker(clock, summary=an_account()),
        market=FakeMarket(
            rows=(QRVX, FDMX),
            clock=clock,
            bars={
                QRVX.con_id: (a_prior_bar(), a_bar()),
                FDMX.con_id: (
                    a_prior_bar(open=price("22.94"), close=price("23.40")),
                    a_bar(open=price("23.49"), close=price("26.59")),
                ),
            },
        ),
        notifier=FakeNotifier(),
        calendar=FakeCalendar(),
        instructions=instructions(**named),
    )
    harness.quote(SPY)
    harness.quote(QRVX)
    harness.quote(
        FDMX,
        last=price("26.59"),
        ask=price("26.61"),
        bid=price("26.57"),
        open=price("23.49"),
        close=price("23.40"),
    )
    return harness


@contextmanager
def an_open_harness(directory: Path, **named: Any) -> Iterator[Harness]:
    """A harness whose process has started."""
    harness = a_harness(directory, **named)
    harness.start()
    try:
        yield harness
    finally:
        harness.stop()
