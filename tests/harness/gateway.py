"""The whole core connected to a simulated gateway, whose order book a test can change."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from core.assembly import Edges
from core.broker.connection import Address, Connection, Timing
from core.broker.orders import IbBroker
from core.engine import Engine
from core.model.errors import BrokerAway
from core.model.instructions import Timeouts
from core.model.market import ConId, Freshness, Instrument
from core.model.order import Order, OrderRef, order_ref
from core.model.points import ignore
from core.model.proposal import Choice, Proposal, ProposalId, Tap, Token, Verdict
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.market.shapes import Shape
from core.sandbox.server import GatewayServer, serve
from core.sandbox.trading.events import OrderChanged
from core.sandbox.trading.exchange import Exchange
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trading.order_state import BookOrder, OrderStatus
from core.sandbox.trading.order_timers import Step
from core.store.journal import Journal
from core.store.scores import Scores
from tests.builders import (
    ACCOUNT,
    CLIENT_ID,
    NOW,
    a_leg,
    a_proposal,
    a_quote,
    a_shown,
    money,
)
from tests.core.store.journals import path_in
from tests.core.wishes import instructions
from tests.fakes.calendar import FakeCalendar
from tests.fakes.catalogue import unchanging
from tests.fakes.gate import ThreeStrangers
from tests.fakes.market import FakeMarket
from tests.fakes.notifier import FakeNotifier
from tests.harness.connection import ServerClock
from tests.harness.waiting import until
from tests.memory import MEMORY


NEVER: Final = 1e6
"""Seconds: what takes so long does not happen unless a hand does it."""

SOON: Final = 10.0
"""Seconds in which everything has been said, on a busy machine and within the message
budget, too."""

SHORT: Final = Timeouts(
    probe=SOON, ack=NEVER, settle=0.3, settle_after_outage=0.3, retry=0.02
)
QUICK: Final = Timing(
    handshake=SOON,
    beat=60.0,
    answer=SOON,
    first_retry=0.02,
    last_retry=0.1,
    reconnect=SOON,
    listing=SOON,
)
"""Both ends are in one process, so little patience is enough."""

PART: Final = 40
"""Shares that are filled when only a part is."""

FILLS: Final = Shape(ask_size=5_000, bid_size=5_000, halted=0)
FILLS_A_PART: Final = replace(FILLS, ask_size=PART, refill_seconds=NEVER)


@dataclass(slots=True, kw_only=True)
class GatewayHarness:
    """One owner, one bot, one gateway. Each order is for another stock."""

    server: GatewayServer
    connection: Connection
    broker: IbBroker
    journal: Journal
    market: FakeMarket
    engine: Engine
    tasks: asyncio.TaskGroup
    _numbers: "count[int]" = field(default_factory=count)

    # what we do

    async def until_settled(self) -> None:
        """Return when everything that the gateway sent is in the journal, and all
        orders have been compared.
        """
        async with asyncio.timeout(SOON):
            while not await self._has_received_all():
                await until(self._is_settled)
        await until(self._is_settled)

    async def _has_received_all(self) -> bool:
        """Whether the gateway answers a request: its answer comes after everything sent
        before.
        """
        try:
            await self.broker.probe(within=SOON)
        except BrokerAway:  # the line is being made anew
            return False
        return True

    def _is_settled(self) -> bool:
        return (
            self.engine._parts.reconciler.reconciled
            and self.connection.events.empty()
            and self._has_listed()
        )

    def _has_listed(self) -> bool:
        """Whether the gateway has sent the account's values and positions."""
        supply = self.broker.supply()
        return supply.is_listed and supply.account is not None

    def is_comparing(self) -> bool:
        """Whether IB's lists are being received and compared."""
        return self.engine._parts.reconciler.comparing

    def offer(self) -> Proposal:
        """A card with one stock that has no order yet."""
        number = next(self._numbers)
        stock = self.exchange.universe.stocks[number]
        instrument = Instrument(con_id=ConId(stock.con_id), symbol=stock.symbol)
        at = self.server.clock.now()
        self.market.tell(instrument, a_quote(at=at))
        self.connection.session().signs.note_data(Freshness.LIVE, at)  # as a scan would
        card = a_proposal(
            id=ProposalId(f"c{number:09}"),
            token=Token(f"token-{number}"),
            shown=a_shown(message=number),
            legs=(a_leg(instrument=instrument),),
        )
        with self.journal.transaction():
            self.journal.proposals.add(card)
        return card

    def ref_of(self, card: Proposal) -> OrderRef:
        """The ref of the card's only order."""
        return order_ref(
            self.journal.memory.journal_names()[0], card.id, card.legs[0].number
        )

    def yes(self, card: Proposal) -> None:
        """The owner's Yes, after he has ended any halt."""
        if self.halted:
            self.engine.resume(by="Ada", named=self.engine.queries.halts())
        at = self.server.clock.now()
        tap = Tap(
            token=card.token, choice=Choice.YES, shown=card.shown, by="Ada", at=at
        )
        decision = self.engine.decide(tap)
        assert decision.verdict is Verdict.APPROVED, decision

    def doubt(self, ref: OrderRef) -> None:
        """Do what the trader does when IB has sent nothing about an order for its
        timeout; no timeout runs here, so a slow machine cannot end it.
        """
        self.tasks.create_task(
            self.engine._parts.reconciler.resolve(ref), name="resolve"
        )

    @property
    def halted(self) -> str | None:
        """Why no order may be sent; None when it may."""
        return self.engine._parts.writers.halts.halted

    def order(self, ref: OrderRef) -> Order:
        """The order in our journal."""
        order = self.journal.orders.by_ref(ref)
        assert order is not None
        return order

    # what the gateway does

    @property
    def exchange(self) -> Exchange:
        return self.server.gateway.exchange

    def booked(self, ref: OrderRef) -> BookOrder | None:
        """The order in the gateway's book."""
        booked = self.exchange._engine.book.orders.values()
        return next((o for o in booked if o.ticket.order_ref == ref), None)

    def say(self, order_id: int, code: int, text: str) -> None:
        """Send a message 4 about an order at once."""
        for session in self.server.gateway.sessions:
            session.error(order_id, code, text)
        self.server.wake()

    def acknowledge(self, order: BookOrder) -> None:
        """Acknowledge the order at the exchange, and send its status."""
        now = self.server.clock.now()
        self.exchange._engine.timers.plan(Step.ACKNOWLEDGE, order.key, now)
        self.server.wake()

    def trade(self, order: BookOrder, shape: Shape) -> None:
        """Set the stock's *shape*, so that the order can trade."""
        stocks = self.exchange.universe.by_con_id
        self.server.set_override(stocks[order.ticket.con_id].symbol, shape)

    def end(self, order: BookOrder, status: OrderStatus, *, told: bool) -> None:
        """End the order at IB; its status is sent only if *told*."""
        engine, now = self.exchange._engine, self.server.clock.now()
        over = replace(order, status=status, completed_at=now, completed_status="Over")
        engine.timers.forget_order(order.key)
        engine.book.put(over)
        if told:
            engine.tell(OrderChanged(at=now, order=over))
            self.server.gateway.publish(engine.advance(now))
        self.server.wake()

    async def begin_anew(self) -> None:
        """Cut the connection; return when the orders have been compared over a new one."""
        epoch = self.connection.line.epoch
        self.server.cut()
        await until(lambda: self.connection.line.epoch > epoch)
        await self.until_settled()


GATEWAY: Final = GatewayConfig(
    port=0,
    profile=Profile.INSTANT,
    clock=NOW,
    accounts=(AccountSpec(account=ACCOUNT, cash=1e9),),
    ack_seconds=NEVER,
    fill_seconds=NEVER,
    shapes={"*": FILLS},
)


@asynccontextmanager
async def a_gateway_harness() -> AsyncIterator[GatewayHarness]:
    """A harness that runs, in which orders may be sent."""
    async with AsyncExitStack() as stack:
        directory = stack.enter_context(TemporaryDirectory(dir=MEMORY))
        server = await stack.enter_async_context(serve(GATEWAY))
        clock = ServerClock(server)
        journal = stack.enter_context(
            Journal.opened(path_in(Path(directory)), clock=clock)
        )
        address = Address(
            host="127.0.0.1", port=server.port, client_id=CLIENT_ID, account=ACCOUNT
        )
        connection = await stack.enter_async_context(
            Connection.opened(address, clock=clock, timing=QUICK)
        )
        market, broker = FakeMarket(), IbBroker(connection)
        edges = Edges(
            market=market,
            past=market,
            scoring=Scores(path_in(Path(directory))),
            results=Scores(path_in(Path(directory))),
            broker=broker,
            store=journal,
            notifier=FakeNotifier(),
            calendar=FakeCalendar(),
            clock=clock,
        )
        will = instructions(timeouts=SHORT, max_day=money("100000000"))
        engine = Engine(
            edges, unchanging(will, journal), gate=ThreeStrangers(), reached=ignore
        )
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        harness = GatewayHarness(
            server=server,
            connection=connection,
            broker=broker,
            journal=journal,
            market=market,
            engine=engine,
            tasks=tasks,
        )
        running = tasks.create_task(engine.run(), name="engine")
        stack.callback(running.cancel)
        await until(harness._is_settled)
        yield harness
