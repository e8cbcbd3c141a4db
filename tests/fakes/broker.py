"""The Broker port in memory: a small IB with a book of its own."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum, auto
from itertools import count
from typing import Final

from core.model.card import Preview
from core.model.errors import BrokerAway, BrokerSaidNo, BrokerSilent, OutOfReach
from core.model.evidence import (
    BrokerEvent,
    Evidence,
    FillMessage,
    HeldPosition,
    Line,
    LineChanged,
    LineState,
    StatusMessage,
)
from core.model.fills import Fill, Trade
from core.model.identity import Identity, Names
from core.model.market import (
    ConId,
    Freshness,
    Instrument,
    Side,
    TrailingDistance,
)
from core.model.money import Money, Price, Shares
from core.model.order import Order
from core.model.portfolio import AccountSummary, Inventory, OpenOrder, Position
from core.model.status import Supply
from tests.builders import ACCOUNT, IDENTITY, money, price
from tests.fakes.book import Booked, charge_of, refusal_of
from tests.fakes.clock import HandClock


IDS_END: int = 100_000_000
"""The first order id that is too high for this program."""


A_PREVIEW: Final = Preview(
    margin_change=Decimal("241.50"),
    margin_after=Decimal("1241.50"),
    equity_after=Decimal("101240.00"),
    commission=Decimal("1.00"),
    currency="USD",
)


class BrokerBehaviour(Enum):
    """What this IB does with the orders that reach it."""

    FILLS = auto()
    HOLDS = auto()  # acknowledges, and lets them work
    REFUSES = auto()  # answers with code 201
    SWALLOWS = auto()  # neither places nor answers, and counts the id
    LOSES = auto()  # the bytes never arrive
    DELAYS = auto()  # they arrive later, at the latest before the next handshake


@dataclass(slots=True)
class FakeBroker:
    """An IB that a test steers; it starts without a line.

    ``sent`` are the orders handed over, ``wire`` those of them that are still on
    their way, ``cancelled`` those asked to be cancelled. ``silent`` leaves probes and
    listings without an answer, ``identity`` is in whose name the next handshake is,
    ``is_sandbox`` whether the gateway proves that it is the simulated one,
    ``events_dropped`` loses all that would be said, ``stubborn``
    cancels nothing. ``repeats`` is the status that a pass repeats of each open order,
    ``passes`` counts them, ``meanwhile`` happens behind the listings of each.
    ``gateway_ahead`` are the seconds that a probe finds between the clocks,
    ``listing_takes`` and ``probe_takes`` those that an inventory and a probe take. ``listed`` is what the account window shows, where that is not what is held.
    """

    clock: HandClock
    behaviour: BrokerBehaviour = BrokerBehaviour.FILLS
    fill_price: Price = field(default_factory=lambda: price("10.00"))
    next_valid_id: int = 1
    identity: Identity = IDENTITY
    is_sandbox: bool = True
    hurried: bool = False
    silent: bool = False
    events_dropped: bool = False
    stubborn: bool = False
    reachable: bool = True
    repeats: str | None = None
    passes: int = 0
    gateway_ahead: float = 0.0
    listing_takes: float = 0.0
    probe_takes: float = 0.0
    meanwhile: Callable[[], None] = lambda: None
    listed: tuple[Position, ...] | None = None
    sent: list[Order] = field(default_factory=list)
    wire: list[Order] = field(default_factory=list)
    previewed: list[Order] = field(default_factory=list)
    foreseen: Preview = A_PREVIEW
    cancelled: list[Order] = field(default_factory=list)
    book: dict[str, Booked] = field(default_factory=dict)
    unknown_orders: list[OpenOrder] = field(default_factory=list)
    held: dict[ConId, Position] = field(default_factory=dict)
    by_hand: list[Trade] = field(default_factory=list)
    summary: AccountSummary | None = None
    data: Freshness | None = None
    received_at: datetime | None = None
    no_data: str | None = None
    read_only: bool = False
    _highest: int = 0
    _received: asyncio.Queue[BrokerEvent] = field(default_factory=asyncio.Queue)
    perm_ids: Iterator[int] = field(default_factory=lambda: count(900_001))
    _line: Line = field(init=False)

    def __post_init__(self) -> None:
        self._line = Line(
            state=LineState.DOWN,
            since=self.clock.now(),
            epoch=0,
            client_id=self.identity.client_id,
            gateway=self.identity.gateway,
            reason="nothing listens",
        )

    # steering

    def connect(self) -> None:
        """A handshake is done; the old socket was read to its end first."""
        self.deliver()
        self.events_dropped = False
        self.go(
            LineState.UP,
            epoch=self._line.epoch + 1,
            next_valid_id=max(self.next_valid_id, self._highest + 1),
            gateway=self.identity.gateway,
            accounts=self.identity.accounts,
            client_id=self.identity.client_id,
            is_sandbox=self.is_sandbox,
            id_in_use=False,
            answered=self.clock.now(),
        )

    def go(
        self, state: LineState, reason: str | None = None, **changes: object
    ) -> None:
        """The line changes."""
        now = {"state": state, "since": self.clock.now(), "reason": reason, **changes}
        self._line = replace(self._line, **now)  # type: ignore[arg-type]  # Line's own fields
        self.say(LineChanged(line=self._line))

    def hang_up(self) -> None:
        """The process at the other end is gone, and all that was said to it."""
        self._line = replace(self._line, state=LineState.DOWN)
        self._received = asyncio.Queue()

    def forget(self) -> None:
        """The gateway loses its count of order ids (Lean #242)."""
        self._highest = 0

    def say(self, event: BrokerEvent) -> None:
        """IB says something of its own accord."""
        is_line = isinstance(event, LineChanged)
        if is_line or (self._line.state is LineState.UP and not self.events_dropped):
            self._received.put_nowait(event)

    def names(self, order: Order) -> Names:
        """The names under which IB speaks of *order*."""
        return self.book[order.ref].names()

    def trade_by_hand(self, instrument: Instrument, shares: int) -> None:
        """The owner buys (negative: sells) in another programme, at ``fill_price``."""
        self._hold(instrument, shares)
        self.by_hand.append(
            Trade(
                con_id=instrument.con_id,
                side=Side.BUY if shares > 0 else Side.SELL,
                shares=Decimal(abs(shares)),
                fill=Fill(
                    exec_id=f"hand.{len(self.by_hand)}.01",
                    shares=Shares(abs(shares)),
                    price=self.fill_price,
                    at=self.clock.now(),
                ),
                account=ACCOUNT,
                names=Names(
                    ref="", client_id=0, order_id=0, perm_id=next(self.perm_ids)
                ),
            )
        )

    def _listed(self) -> Iterator[FillMessage]:
        """What the executions of others are in a listing."""
        for each in self.by_hand:
            assert each.names is not None
            yield FillMessage(
                names=each.names,
                con_id=each.con_id,
                side=each.side,
                fill=each.fill,
                account=each.account,
            )

    def fill(self, order: Order, shares: int, *, told: int | None = None) -> None:
        """Part of a working order, or all of it, is executed; IB tells it as *told*
        shares."""
        booked = self.book[order.ref]
        number = len(booked.fills) + 1
        received = FillMessage(
            names=booked.names(),
            con_id=order.instrument.con_id,
            side=order.side,
            fill=Fill(
                exec_id=f"{booked.perm_id:x}.{number:02}.01",
                shares=Shares(told or shares),
                price=self.fill_price,
                at=self.clock.now(),
                cumulative=booked.filled + shares,
            ),
        )
        booked.fills.append(received)
        bought = order.side is Side.BUY
        self._hold(order.instrument, shares if bought else -shares)
        self.say(received)
        self.say(charge_of(received))
        self._status(booked, "Filled" if booked.filled == booked.size else "Submitted")
        self._settle_group(booked, shares)

    def resize(self, order: Order, shares: int) -> None:
        """Somebody changes in TWS how many shares *order* is for."""
        booked = self.book[order.ref]
        booked.resized = shares
        self._status(booked, booked.status)

    def move(
        self, order: Order, *, limit: Price | None = None, stop: Price | None = None
    ) -> None:
        """Somebody moves the stop or the limit of *order* in TWS."""
        booked = self.book[order.ref]
        known = booked.order
        booked.order = replace(
            known, limit=limit or known.limit, stop=stop or known.stop
        )
        self._status(booked, booked.status)

    def trail_by(self, order: Order, distance: TrailingDistance) -> None:
        """Somebody changes in TWS how far the trailing stop *order* follows."""
        booked = self.book[order.ref]
        booked.order = replace(
            booked.order, trail_percent=distance.percent, trail_amount=distance.amount
        )
        self._status(booked, booked.status)

    def change_tif(self, order: Order, tif: str) -> None:
        """Somebody changes in TWS how long *order* is good for."""
        booked = self.book[order.ref]
        booked.order = replace(booked.order, tif=tif)
        self._status(booked, booked.status)

    def _settle_group(self, booked: Booked, shares: int) -> None:
        """What one of an OCA group fills is taken off the others (type 2)."""
        for oca_member in self._oca_members(booked):
            if not booked.works or oca_member.size - oca_member.filled <= shares:
                self._status(oca_member, "Cancelled")
            else:
                oca_member.taken_off += shares
                self._status(oca_member, oca_member.status)

    def _oca_members(self, booked: Booked) -> list[Booked]:
        group = booked.order.oca_group
        return [
            each
            for each in self.book.values()
            if group and each is not booked and each.works
            if each.order.oca_group == group
        ]

    def _hold(self, instrument: Instrument, more: int) -> None:
        con_id = instrument.con_id
        now = more + (self.held[con_id].shares if con_id in self.held else Decimal(0))
        self.held[con_id] = Position(
            instrument=instrument,
            shares=now,
            average_cost=self.fill_price,
            price=self.fill_price,
            market_value=Money(now * self.fill_price),
            open_profit=money("0"),
        )

    def _status(self, booked: Booked, status: str) -> None:
        booked.status = status
        order = booked.order
        self.say(
            StatusMessage(
                names=booked.names(),
                status=status,
                terms=replace(order.terms, shares=Decimal(booked.size)),
                shares=Decimal(booked.size),
                tif=order.tif,
                limit=order.limit,
                stop=order.stop,
                distance=order.distance,
                account=order.account,
            )
        )
        self.say(
            StatusMessage(
                names=replace(booked.names(), ref=""),
                status=status,
                shares=Decimal(booked.size) if booked.works else None,
                filled=Decimal(booked.filled),
            )
        )

    # the port

    def line(self) -> Line:
        return self._line

    def begin_probe(self) -> None:
        """It answers at once, or not at all."""

    async def probe(self, *, within: float) -> None:
        if self._line.state is LineState.DOWN:
            raise BrokerAway(self._line.reason or "down")
        if self.silent:
            await asyncio.sleep(within)
            raise BrokerSilent("whether it is there", within)
        self.clock.forward(seconds=self.probe_takes)
        self._line = replace(self._line, skew=self.gateway_ahead)

    def has_sent_all(self) -> bool:
        return self._line.state is LineState.UP and not self.hurried

    def order_id_floor(self) -> int:
        return max(self._line.next_valid_id, self._highest + 1)

    def place(self, order: Order) -> None:
        self._check()
        self.sent.append(order)
        if self.behaviour is BrokerBehaviour.DELAYS:
            self.wire.append(order)
        elif self.behaviour is not BrokerBehaviour.LOSES:
            self._arrive(order)

    def deliver(self) -> None:
        """What is on the wire arrives."""
        while self.wire:
            self._arrive(self.wire.pop())

    def _arrive(self, order: Order) -> None:
        assert order.order_id is not None
        self._highest = max(self._highest, order.order_id)
        if self.behaviour is BrokerBehaviour.SWALLOWS:
            return
        if self.behaviour is BrokerBehaviour.REFUSES:
            self.say(refusal_of(order.order_id))
            return
        booked = self.book[order.ref] = Booked(order, next(self.perm_ids))
        self._status(booked, "PreSubmitted")
        if self.behaviour is BrokerBehaviour.FILLS and not booked.rests:
            self.fill(order, order.shares)

    async def preview(self, order: Order, *, within: float) -> Preview:
        self._check()
        assert order.order_id is not None
        self._highest = max(self._highest, order.order_id)
        self.previewed.append(order)
        self.meanwhile()
        if self.silent:
            await asyncio.sleep(within)
            raise BrokerSilent("what it would do to the account", within)
        if self.behaviour is BrokerBehaviour.REFUSES:
            raise BrokerSaidNo(201, "Order rejected - reason:not today")
        return self.foreseen

    def cancel(self, order: Order) -> None:
        self._check()
        if not order.is_of(self._line.identity):
            raise OutOfReach("the order belongs to another login")
        if order.order_id is None:
            raise OutOfReach("this journal never sent the order")
        if self.hurried:
            raise BrokerAway("too many messages may lie in the gateway's last second")
        self.cancelled.append(order)
        booked = self.book.get(order.ref)
        if booked and booked.works and not self.stubborn:
            for each in (booked, *self._oca_members(booked)):
                self._status(each, "Cancelled")

    async def evidence(self) -> Evidence:
        self._check()
        if self.silent:
            raise BrokerSilent("its open orders", 10.0)
        self._echo()
        await asyncio.sleep(0)
        now = self.clock.now()
        books = self.book.values()
        ours = tuple(fill for each in books for fill in each.fills_today())
        seen = Evidence(
            at=now,
            gateway_time=now,
            identity=self.identity,
            epoch=self._line.epoch,
            next_valid_id=self._line.next_valid_id,
            highest_order_id=self._highest,
            open_orders=self._working(),
            completed=tuple(
                each.completed() for each in books if not (each.works or each.is_past)
            ),
            fills=(*ours, *self._listed()),
            charges=tuple(charge_of(each) for each in ours),
            positions=tuple(
                HeldPosition(
                    account=ACCOUNT,
                    con_id=con_id,
                    shares=each.shares,
                    average_cost=each.average_cost,
                )
                for con_id, each in self.held.items()
            ),
        )
        self.meanwhile()
        await asyncio.sleep(0)
        return seen

    def _echo(self) -> None:
        """A listing repeats what has been said of the open orders."""
        self.passes += 1
        for booked in self.book.values():
            if booked.works and self.repeats is not None:
                self.say(StatusMessage(names=booked.names(), status=self.repeats))

    async def reconnect(self) -> None:
        self.go(LineState.DOWN, "reconnecting")
        if not self.reachable:
            raise BrokerAway("nothing listens")
        self.connect()

    async def next_event(self) -> BrokerEvent:
        return await self._received.get()

    def account(self) -> AccountSummary | None:
        return self.summary

    def positions(self) -> tuple[Position, ...]:
        return tuple(self.held.values()) if self.listed is None else self.listed

    def supply(self) -> Supply:
        return Supply(
            account=self.summary,
            is_listed=True,
            data=self.data,
            received_at=self.received_at,
            no_data=self.no_data,
            read_only=self.read_only,
            ids_used_up=self.order_id_floor() >= IDS_END,
        )

    async def trades(self) -> tuple[Trade, ...]:
        self._check()
        if self.silent:
            raise BrokerSilent("its executions", 10.0)
        received = (fill for each in self.book.values() for fill in each.fills_today())
        ours = (
            Trade(
                con_id=each.con_id,
                side=each.side,
                shares=Decimal(each.fill.shares),
                fill=replace(each.fill, commission=money("1.00")),
            )
            for each in received
        )
        return (*ours, *self.by_hand)

    async def inventory(self) -> Inventory:
        if self.silent:
            raise BrokerSilent("its positions", 10.0)
        await asyncio.sleep(self.listing_takes)
        self.clock.forward(seconds=self.listing_takes)
        self.meanwhile()
        return Inventory(
            open_orders=await self.open_orders(),
            shares={con_id: each.shares for con_id, each in self.held.items()},
        )

    async def open_orders(self) -> tuple[OpenOrder, ...]:
        account = self.summary.account if self.summary else ACCOUNT
        return tuple(o for o in self._working() if o.account in {account, ""})

    def _working(self) -> tuple[OpenOrder, ...]:
        self._check()
        ours = (each.open() for each in self.book.values() if each.works)
        return (*ours, *self.unknown_orders)

    def _check(self) -> None:
        if self._line.state is not LineState.UP:
            raise BrokerAway(self._line.reason or self._line.state.value)
