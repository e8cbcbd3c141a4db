"""The connection to the gateway: opened, watched, lost and opened again, under one
client id.

The client id never changes: a handshake under the same id succeeds only after the
gateway has closed the old socket, which is what makes absence provable."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NoReturn, Self

from core.broker.account import AccountBook
from core.broker.codes import (
    ACCOUNT_LOST,
    CLIENT_ID_IN_USE,
    FOR_ALL,
    SUBSCRIPTION_LOST,
    LineNews,
    code,
)
from core.broker.heartbeat import Heartbeat
from core.broker.line_monitor import LineMonitor
from core.broker.pacing import Urgency
from core.broker.session import GatewaySession
from core.loop_time import loop_time
from core.model.errors import BrokerAway, BrokerSilent
from core.model.evidence import BrokerEvent, Line, LineState
from core.model.identity import gateway_at
from core.ports.market import Clock


DELAYED_IF_NEED_BE: Final = 3
"""reqMarketDataType: live where subscribed, delayed elsewhere; message 58 says
which."""

BEATS: Final = 2
"""Heartbeats in a row without an answer end a conversation."""

RENEWAL: Final = 5.0
"""Seconds between two requests for the account subscription: a program that took it
from us may take it again, and the two must not use up the message rate."""

_SILENT: Final = "the gateway does not answer"

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Timeouts and pauses in seconds. *handshake* bounds one attempt to connect, *beat*
    is the pause between heartbeats, *answer* how long one may take. Attempts to connect
    are *first_retry* apart, then twice as long each time, up to *last_retry*, or up to
    *absent_retry* if nothing listens, which costs nobody anything. *reconnect* bounds a
    requested reconnect, *listing* each listing of a pass."""

    handshake: float = 10.0
    beat: float = 10.0
    answer: float = 3.0
    first_retry: float = 1.0
    last_retry: float = 15.0
    absent_retry: float = 2.0
    reconnect: float = 60.0
    listing: float = 10.0


PATIENT: Final = Timing()
"""The times of a bot that keeps its connection for months."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the gateway is, the client id, and the account to follow.

    Sessions are numbered above ``epoch``: if every process gives a higher one than any
    before it, a session number is never reused.
    """

    host: str
    port: int
    client_id: int
    account: str
    epoch: int = 0


class Connection:
    """Opens and owns the conversations with the gateway, one at a time. ``events`` are
    IB's messages about orders and the changes of the line, in order; ``book`` is the account
    as the current conversation has told it."""

    def __init__(self, address: Address, *, clock: Clock, timing: Timing) -> None:
        self.clock = clock
        self.events: asyncio.Queue[BrokerEvent] = asyncio.Queue()
        self.book = AccountBook(address.account, clock)
        self._address = address
        self.timing = timing
        self._monitor = LineMonitor(
            clock,
            self.events,
            gateway=gateway_at(address.host, address.port),
            client_id=address.client_id,
            epoch=address.epoch,
        )
        self._session: GatewaySession | None = None
        self._heartbeat: Heartbeat | None = None
        self._account_asked = float("-inf")
        self._absent = False
        self._reconnect_now = asyncio.Event()
        self._handshaken = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, address: Address, *, clock: Clock, timing: Timing = PATIENT
    ) -> AsyncIterator[Self]:
        """A connection that keeps itself open until the block is left.

        It returns at once, whether or not a gateway is there: see ``line``.
        """
        connection = cls(address, clock=clock, timing=timing)
        async with asyncio.TaskGroup() as tasks:
            supervision = tasks.create_task(connection.run(), name="line to IB")
            try:
                yield connection
            finally:
                supervision.cancel()

    # what others may ask

    @property
    def line(self) -> Line:
        """The state of the line now."""
        return self._monitor.line

    @property
    def api_version(self) -> int | None:
        """The negotiated API version; None without a conversation."""
        if self._session is None:
            return None
        return int(self._session.client.serverVersion()) or None

    @property
    def disturbances(self) -> int:
        """A counter of events that may have made a value old or a listing
        incomplete."""
        return self._monitor.disturbances

    @property
    def highest_order_id(self) -> int:
        """The highest order id of ours seen in this conversation; 0 without one."""
        return self._session.highest_order_id if self._session else 0

    def session(self) -> GatewaySession:
        """The conversation, if IB can be reached through it.

        Raises:
            BrokerAway: it cannot; says why.
        """
        if self._session is None or self.line.state is not LineState.UP:
            raise self._away()
        return self._session

    def begin_probe(self) -> None:
        """Ask whether the gateway is there, for the next probe; see
        Broker.begin_probe."""
        if self._heartbeat is not None:
            self._heartbeat.begin_probe()

    async def probe(self, *, within: float) -> None:
        """As Broker.probe."""
        await self._in_time(self._need_heartbeat().look(), within)

    async def time(self, *, within: float) -> datetime:
        """Ask the gateway for its clock (UTC, whole seconds).

        Raises:
            BrokerAway: there is no conversation.
            BrokerSilent: no answer within *within* seconds.
        """
        return await self._in_time(self._need_heartbeat().time(), within)

    async def _in_time(self, answer: Awaitable[datetime], within: float) -> datetime:
        try:
            async with asyncio.timeout(within):
                return await answer
        except TimeoutError:
            raise BrokerSilent("whether it is there", within) from None

    def _need_heartbeat(self) -> Heartbeat:
        if self._heartbeat is None:
            raise self._away()
        return self._heartbeat

    def drop(self, reason: str) -> None:
        """End this conversation, if there is one; the next begins at once."""
        self._reconnect_now.set()
        if self._session is not None:
            self._session.close(reason)

    async def reconnect(self) -> None:
        """Drop the socket and return after a new handshake.

        Raises:
            BrokerAway: none within the connection's own deadline.
        """
        self._handshaken.clear()
        self.drop("reconnecting")
        try:
            async with asyncio.timeout(self.timing.reconnect):
                await self._handshaken.wait()
        except TimeoutError:
            raise self._away() from None

    def _away(self) -> BrokerAway:
        return BrokerAway(self.line.reason or self.line.state.value)

    # the life of the line

    async def run(self) -> None:
        """Keep a conversation open; never ends by itself."""
        pause = self.timing.first_retry
        while True:
            epoch = self.line.epoch
            self._monitor.closed(await self._converse())
            if self.line.epoch != epoch:
                pause = self.timing.first_retry
            most = self.timing.absent_retry if self._absent else pause
            await self._rest(min(pause, most))
            pause = min(2 * pause, self.timing.last_retry)

    async def _converse(self) -> str:
        """Run one conversation from handshake to end. Returns why it ended."""
        session = GatewaySession(
            client_id=self._address.client_id,
            clock=self.clock,
            on_order=self.events.put_nowait,
            on_news=self._news,
            on_account=self._learn,
        )
        try:
            await self._begin(session)
            await self._watch(session)
        except BrokerAway as away:
            return away.reason
        finally:
            self._session = self._heartbeat = None
            self._absent = session.absent
            session.close("we closed the connection")

    async def _begin(self, session: GatewaySession) -> None:
        self._monitor.opening()
        where = self._address
        await session.open(where.host, where.port, within=self.timing.handshake)
        self._session = session
        self._heartbeat = Heartbeat(session, self._monitor, clock=self.clock)
        self.book = AccountBook(where.account, self.clock)
        self._subscribe(session)
        self._monitor.opened(
            next_valid_id=session.next_valid_id, accounts=session.accounts
        )
        self._handshaken.set()

    def _subscribe(self, session: GatewaySession) -> None:
        client, account = session.client, self._address.account
        kind = DELAYED_IF_NEED_BE
        session.send(Urgency.VITAL, lambda: client.reqMarketDataType(kind))
        if account in session.accounts:
            profit = session.draw(lambda _message: None)
            self._ask_for_the_account(session)
            session.send(Urgency.VITAL, lambda: client.reqPnL(profit, account, ""))

    def _ask_for_the_account(self, session: GatewaySession) -> None:
        client, account = session.client, self._address.account
        self._account_asked = loop_time()
        session.send(Urgency.VITAL, lambda: client.reqAccountUpdates(True, account))

    def _renew_the_account(self, session: GatewaySession) -> None:
        """Request the account again; it is unknown until IB has sent it."""
        self.book.forget()
        loop = asyncio.get_running_loop()
        if self._account_asked <= loop.time():  # else it is about to be asked for
            self._account_asked = max(loop.time(), self._account_asked + RENEWAL)
            loop.call_at(self._account_asked, self._ask_for_the_account, session)

    async def _watch(self, session: GatewaySession) -> NoReturn:
        """Send heartbeats until the gateway stops answering."""
        missed = 0
        while True:
            pause = 0 if missed else self.timing.beat
            await asyncio.wait({session.lost}, timeout=pause)
            if session.lost.done():
                raise BrokerAway(session.lost.result())
            try:
                await self.time(within=self.timing.answer)
                missed = 0
            except BrokerSilent:
                missed += 1
                self._monitor.silent(_SILENT)
            if missed == BEATS:
                raise BrokerAway(_SILENT)

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._reconnect_now.wait()
        self._reconnect_now.clear()

    # what arrives apart from orders

    def _learn(self, message: str, *values: object) -> None:
        self.book.learn(message, *values)

    def _news(self, number: int, text: str) -> None:
        _log.info("code=%s %s", number, text)
        if number == CLIENT_ID_IN_USE:
            self._monitor.in_use()
        self._monitor.take(number, text)
        session = self._session
        if session is None:
            return
        if number in ACCOUNT_LOST:
            self._renew_the_account(session)
        if number in FOR_ALL:
            session.tell_everyone(number, text)
        if code(number).for_line is LineNews.BACK_EMPTY:
            session.tell_everyone(SUBSCRIPTION_LOST, text)
            self._subscribe(session)
