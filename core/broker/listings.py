"""One complete pass over IB's listings: open orders, completed orders, executions,
positions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from ib_async import ExecutionFilter

from core.broker.codes import is_notice
from core.broker.connection import Connection
from core.broker.messages import (
    ConnectionLost,
    End,
    ErrorMessage,
    Message,
    MessageQueue,
)
from core.broker.pacing import Request, Urgency
from core.broker.session import GatewaySession
from core.model.errors import BrokerAway, BrokerSilent
from core.model.evidence import (
    ChargeMessage,
    CompletedOrder,
    Evidence,
    FillMessage,
    HeldPosition,
    StatusMessage,
    charged_trades,
)
from core.model.fills import Trade
from core.model.identity import Names
from core.model.portfolio import Inventory, OpenOrder


_OVER: Final = frozenset({"Filled", "Cancelled", "ApiCancelled"})
"""An order with such a status is not open, though the gateway may still list it."""


class _Refused(BrokerSilent):
    """IB refused the listing."""


_Key = tuple[int, int]


def _key(names: Names | OpenOrder) -> _Key:
    """An order's permId, or its client and order id while it has none."""
    return (names.perm_id, 0) if names.perm_id else (names.client_id, names.order_id)


@dataclass(slots=True)
class _Seen:
    """What the listings of one pass have shown."""

    open_orders: dict[_Key, OpenOrder] = field(default_factory=dict)
    filled: dict[_Key, Decimal] = field(default_factory=dict)
    over: set[_Key] = field(default_factory=set)
    completed: list[CompletedOrder] = field(default_factory=list)
    fills: list[FillMessage] = field(default_factory=list)
    charges: list[ChargeMessage] = field(default_factory=list)
    positions: dict[tuple[str, int], HeldPosition] = field(default_factory=dict)

    def take(self, message: Message) -> None:
        """Keep a row; ignore other messages."""
        match message:
            case OpenOrder():
                key = _key(message)
                self.open_orders[key] = message
                self._see(key, message.status)
            case StatusMessage():
                key = _key(message.names)
                self.filled[key] = message.filled or Decimal(0)
                self._see(key, message.status)
            case CompletedOrder():
                self.completed.append(message)
            case FillMessage():
                self.fills.append(message)
            case ChargeMessage():
                self.charges.append(message)
            case HeldPosition():
                self.positions[message.account, message.con_id] = message
            case _:
                pass

    def _see(self, key: _Key, status: str) -> None:
        (self.over.add if status in _OVER else self.over.discard)(key)

    def working(self) -> tuple[OpenOrder, ...]:
        """The open orders, each with what is filled of it."""
        return tuple(
            replace(order, filled=self.filled.get(key, Decimal(0)))
            for key, order in self.open_orders.items()
            if key not in self.over
        )

    def working_in(self, account: str) -> tuple[OpenOrder, ...]:
        """The open orders in *account*, and those whose account IB does not name."""
        return tuple(each for each in self.working() if each.account in {account, ""})

    def trades(self, account: str) -> tuple[Trade, ...]:
        """The executions in *account*, each with its fee if IB told one."""
        listed = charged_trades(self.fills, self.charges)
        return tuple(each for each in listed if each.account in {account, ""})


class Listings:
    """Requests one listing after another, because they share message types."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._one_at_a_time = asyncio.Lock()

    async def evidence(self) -> Evidence:
        """One complete pass, or an exception; as Broker.evidence."""
        async with self._asking() as asked:
            at = self._connection.clock.now()
            client, session = asked.session.client, asked.session
            await asked.orders("its open orders", client.reqAllOpenOrders)
            await asked.orders(
                "its completed orders", lambda: client.reqCompletedOrders(False)
            )
            await asked.executions()
            await asked.listing("its positions", client.reqPositions)
            gateway_time = await self._connection.time(
                within=self._connection.timing.listing
            )
            asked.catch_up()
        seen, identity = asked.seen, self._connection.line.identity
        if identity is None:
            raise BrokerAway("the gateway has named no account")
        return Evidence(
            at=at,
            gateway_time=gateway_time,
            identity=identity,
            epoch=self._connection.line.epoch,
            next_valid_id=session.next_valid_id,
            highest_order_id=session.highest_order_id,
            open_orders=seen.working(),
            completed=tuple(seen.completed),
            fills=tuple(seen.fills),
            charges=tuple(seen.charges),
            positions=tuple(seen.positions.values()),
        )

    async def open_orders(self, account: str) -> tuple[OpenOrder, ...]:
        """Every working order in *account*; as Broker.open_orders."""
        async with self._asking() as asked:
            client = asked.session.client
            await asked.orders("its open orders", client.reqAllOpenOrders)
        return asked.seen.working_in(account)

    async def inventory(self, account: str) -> Inventory:
        """What *account* holds and what works in it; as Broker.inventory."""
        async with self._asking() as asked:
            client = asked.session.client
            await asked.orders("its open orders", client.reqAllOpenOrders)
            await asked.listing("its positions", client.reqPositions)
        held = asked.seen.positions.values()
        return Inventory(
            open_orders=asked.seen.working_in(account),
            shares={
                each.con_id: each.shares for each in held if each.account == account
            },
        )

    async def trades(self, account: str) -> tuple[Trade, ...]:
        """Today's executions in *account*; as Broker.trades."""
        async with self._asking() as asked:
            await asked.executions()
        return asked.seen.trades(account)

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator["_Asked"]:
        """The listings of one conversation; discarded if it is disturbed."""
        async with self._one_at_a_time:
            session = self._connection.session()
            before = self._connection.disturbances, session.unreadable
            with session.listing() as inbox:
                yield _Asked(self._connection, session, inbox)
            if self._connection.session() is not session:
                raise BrokerAway("the connection was lost between two listings")
            if (self._connection.disturbances, session.unreadable) != before:
                limit = self._connection.timing.listing
                raise BrokerSilent("the listings undisturbed and legibly", limit)


@dataclass(slots=True)
class _Asked:
    """The listings of one pass."""

    connection: Connection
    session: GatewaySession
    inbox: MessageQueue
    seen: _Seen = field(default_factory=_Seen)

    async def orders(self, what: str, ask: Request) -> None:
        """As ``listing``, for orders, which Read-Only mode may refuse. Where one seemed
        to be refused in this conversation, its end may only have come late: the next
        conversation begins without it."""
        signs = self.session.signs
        with signs.listing_orders():
            await self.listing(what, ask)
        if signs.is_unsure:
            self.connection.drop("IB lists again what it had refused")
            raise BrokerSilent(what, self.connection.timing.listing)

    async def listing(self, what: str, ask: Request) -> None:
        """Request one listing and read it to its end.

        If it is abandoned before its end, the conversation is dropped, since the rest
        would be taken for the beginning of the next listing; not if it was refused.
        """
        self.session.send(Urgency.VITAL, ask)
        try:
            await self._to_the_end(what)
        except _Refused:
            raise
        except (BrokerSilent, asyncio.CancelledError):
            self.connection.drop(f"IB did not list {what} to the end")
            raise

    async def executions(self) -> None:
        """Request today's executions, which have their request's number."""
        client = self.session.client
        with self.session.asking(self.inbox.put_nowait) as number:
            self.session.send(
                Urgency.VITAL,
                lambda: client.reqExecutions(number, ExecutionFilter()),
                number=number,
            )
            await self._to_the_end("its executions")

    def catch_up(self) -> None:
        """Read what has come behind the listings: an order may have been changed."""
        while not self.inbox.empty():
            self.seen.take(self.inbox.get_nowait())

    async def _to_the_end(self, what: str) -> None:
        limit = self.connection.timing.listing
        try:
            async with asyncio.timeout(limit):
                while True:
                    match await self.inbox.get():
                        case End():
                            return
                        case ConnectionLost(reason=reason):
                            raise BrokerAway(reason)
                        case ErrorMessage(number=number, text=text):
                            if not is_notice(number, text):
                                raise _Refused(f"{what} ({text})", limit)
                        case message:
                            self.seen.take(message)
        except TimeoutError:
            raise BrokerSilent(what, limit) from None
