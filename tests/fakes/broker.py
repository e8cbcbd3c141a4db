"""The Broker port in memory: a small IB with a book of its own."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import count

from core.model.errors import BrokerAway, BrokerSilent
from core.model.evidence import (
    BrokerEvent,
    ChargeHeard,
    CodeHeard,
    CompletedOrder,
    Evidence,
    FillHeard,
    HeldPosition,
    Line,
    LineChanged,
    LineState,
    Meaning,
    Names,
    StatusHeard,
)
from core.model.market import ConId
from core.model.money import Money, Price, Shares
from core.model.order import Fill, Order, Side
from core.model.portfolio import AccountSummary, OpenOrder, Position
from core.ports import Clock
from tests.builders import ACCOUNT, CLIENT_ID, money, price


class Conduct(Enum):
    """What this IB does with the orders that reach it."""

    FILLS = auto()
    HOLDS = auto()  # acknowledges, and lets them work
    REFUSES = auto()  # answers with code 201
    SWALLOWS = auto()  # neither places nor answers, and counts the id
    LOSES = auto()  # the bytes never arrive


@dataclass(slots=True)
class Booked:
    """One order in this IB's book."""

    order: Order
    perm_id: int
    status: str = "PreSubmitted"
    fills: list[FillHeard] = field(default_factory=list)

    @property
    def filled(self) -> int:
        return sum(each.fill.shares for each in self.fills)

    @property
    def works(self) -> bool:
        return self.status not in {"Filled", "Cancelled"}

    def names(self) -> Names:
        return Names(
            ref=self.order.ref,
            client_id=self.order.client_id or 0,
            order_id=self.order.order_id or 0,
            perm_id=self.perm_id,
        )


@dataclass(slots=True)
class FakeBroker:
    """An IB that a test steers; it starts without a line.

    ``sent`` are the orders handed over, ``cancelled`` those asked to be cancelled.
    ``silent`` leaves probes and listings without an answer.
    """

    clock: Clock
    conduct: Conduct = Conduct.FILLS
    fill_price: Price = field(default_factory=lambda: price("10.00"))
    next_valid_id: int = 1
    hurried: bool = False
    silent: bool = False
    sent: list[Order] = field(default_factory=list)
    cancelled: list[Order] = field(default_factory=list)
    book: dict[str, Booked] = field(default_factory=dict)
    strangers: list[OpenOrder] = field(default_factory=list)
    held: dict[ConId, Position] = field(default_factory=dict)
    summary: AccountSummary | None = None
    _highest: int = 0
    _heard: asyncio.Queue[BrokerEvent] = field(default_factory=asyncio.Queue)
    _perm_ids: Iterator[int] = field(default_factory=lambda: count(900_001))
    _line: Line = field(init=False)

    def __post_init__(self) -> None:
        self._line = Line(
            state=LineState.DOWN,
            since=self.clock.now(),
            epoch=0,
            client_id=CLIENT_ID,
            reason="nothing listens",
        )

    # steering

    def connect(self) -> None:
        """A handshake is done."""
        self.go(
            LineState.UP,
            epoch=self._line.epoch + 1,
            next_valid_id=self.next_valid_id,
            accounts=(ACCOUNT,),
            answered=self.clock.now(),
        )

    def go(
        self, state: LineState, reason: str | None = None, **changes: object
    ) -> None:
        """The line changes."""
        now = {"state": state, "since": self.clock.now(), "reason": reason, **changes}
        self._line = replace(self._line, **now)  # type: ignore[arg-type]  # Line's own fields
        self.say(LineChanged(line=self._line))

    def forget(self) -> None:
        """The gateway loses its count of order ids (Lean #242)."""
        self._highest = 0

    def say(self, event: BrokerEvent) -> None:
        """IB says something of its own accord."""
        self._heard.put_nowait(event)

    def fill(self, order: Order, shares: int) -> None:
        """Part of a working order, or all of it, is executed."""
        booked = self.book[order.ref]
        number = len(booked.fills) + 1
        heard = FillHeard(
            names=booked.names(),
            con_id=order.instrument.con_id,
            side=order.side,
            fill=Fill(
                exec_id=f"{booked.perm_id:x}.{number:02}.01",
                shares=Shares(shares),
                price=self.fill_price,
                at=self.clock.now(),
            ),
        )
        booked.fills.append(heard)
        self._hold(order, shares)
        self.say(heard)
        self.say(_charge(heard))
        self._status(booked, "Filled" if booked.filled == order.shares else "Submitted")

    def _hold(self, order: Order, shares: int) -> None:
        con_id = order.instrument.con_id
        before = self.held[con_id].shares if con_id in self.held else 0
        now = before + (shares if order.side is Side.BUY else -shares)
        self.held[con_id] = Position(
            instrument=order.instrument,
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
            StatusHeard(
                names=booked.names(),
                status=status,
                shares=order.shares,
                tif=order.tif,
                account=order.account,
            )
        )
        self.say(
            StatusHeard(
                names=replace(booked.names(), ref=""),
                status=status,
                shares=order.shares,
                filled=booked.filled,
            )
        )

    # the port

    def line(self) -> Line:
        return self._line

    async def probe(self, *, within: float) -> None:
        if self._line.state is LineState.DOWN:
            raise BrokerAway(self._line.reason or "down")
        if self.silent:
            await asyncio.sleep(within)
            raise BrokerSilent("whether it is there", within)

    def unhurried(self) -> bool:
        return self._line.state is LineState.UP and not self.hurried

    def order_id_floor(self) -> int:
        return max(self._line.next_valid_id, self._highest + 1)

    def place(self, order: Order) -> None:
        assert order.order_id is not None
        self._check()
        self.sent.append(order)
        if self.conduct is Conduct.LOSES:
            return
        self._highest = max(self._highest, order.order_id)
        if self.conduct is Conduct.SWALLOWS:
            return
        if self.conduct is Conduct.REFUSES:
            text = "Order rejected - reason:not today"
            dead = CodeHeard(
                order_id=order.order_id, code=201, text=text, meaning=Meaning.DEAD
            )
            self.say(dead)
            return
        booked = self.book[order.ref] = Booked(order, next(self._perm_ids))
        self._status(booked, "PreSubmitted")
        if self.conduct is Conduct.FILLS:
            self.fill(order, order.shares)

    def cancel(self, order: Order) -> None:
        self._check()
        self.cancelled.append(order)
        booked = self.book.get(order.ref)
        if booked is not None and booked.filled < order.shares:
            self._status(booked, "Cancelled")

    async def evidence(self) -> Evidence:
        self._check()
        if self.silent:
            raise BrokerSilent("its open orders", 10.0)
        now = self.clock.now()
        fills = tuple(fill for each in self.book.values() for fill in each.fills)
        return Evidence(
            at=now,
            gateway_time=now,
            epoch=self._line.epoch,
            next_valid_id=self._line.next_valid_id,
            highest_order_id=self._highest,
            open_orders=await self.open_orders(),
            completed=tuple(
                CompletedOrder(
                    names=replace(each.names(), client_id=0, order_id=0),
                    status=each.status,
                    filled=each.filled,
                    reason=each.status,
                )
                for each in self.book.values()
                if not each.works
            ),
            fills=fills,
            charges=tuple(_charge(each) for each in fills),
            positions=tuple(
                HeldPosition(account=ACCOUNT, con_id=con_id, shares=each.shares)
                for con_id, each in self.held.items()
            ),
        )

    async def reconnect(self) -> None:
        self.go(LineState.DOWN, "reconnecting")
        self.connect()

    async def heard(self) -> BrokerEvent:
        return await self._heard.get()

    def account(self) -> AccountSummary | None:
        return self.summary

    def positions(self) -> tuple[Position, ...]:
        return tuple(self.held.values())

    async def open_orders(self) -> tuple[OpenOrder, ...]:
        self._check()
        ours = (_open(each) for each in self.book.values() if each.works)
        return (*ours, *self.strangers)

    def _check(self) -> None:
        if self._line.state is not LineState.UP:
            raise BrokerAway(self._line.reason or self._line.state.value)


def _charge(heard: FillHeard) -> ChargeHeard:
    return ChargeHeard(exec_id=heard.fill.exec_id, commission=money("1.00"))


def _open(booked: Booked) -> OpenOrder:
    names, order = booked.names(), booked.order
    return OpenOrder(
        instrument=order.instrument,
        ref=names.ref,
        order_id=names.order_id,
        client_id=names.client_id,
        perm_id=names.perm_id,
        side=order.side.value,
        order_type="MKT",
        tif=order.tif,
        shares=order.shares,
        filled=booked.filled,
        status=booked.status,
    )
