"""One conversation with the gateway, from its handshake to its end.

It uses ib_async's Client, which knows the wire format, and takes the raw messages from
there. ib_async's IB object is not used, because it marks orders as cancelled by a
notice, keeps yesterday's prices in tickers, and turns errors into empty answers. Each
conversation is a new object."""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, Final

from ib_async import Client

from core.broker.client_wrapper import ClientWrapper, Listeners
from core.broker.codes import CLIENT_ID_IN_USE, TOO_MANY_MESSAGES
from core.broker.incoming.conflation import Conflation
from core.broker.incoming.decoding import decode_ourselves
from core.broker.messages import MessageHandler, MessageQueue
from core.broker.pacing import RATE, MessagePace, Request, Ticket, Urgency
from core.broker.raw_fields import mend
from core.broker.supply import SupplySigns
from core.model.errors import BrokerAway
from core.model.evidence import BrokerEvent
from core.model.identity import Names
from core.ports.market import Clock


_LOGIN: Final = "it may be waiting for its login, or for your approval on the phone"
"""What a gateway without a login, or a relay in front of one, looks like from here. IB
asks for login and approval once a week, which cannot be seen through the API."""

KEEPALIVE: Final = 30
"""Seconds of silence after which the kernel asks whether the peer is there."""

READ: Final = 65_536
"""Bytes of one read from the socket at most. asyncio makes room for 256 KiB each time,
which the C library maps from the kernel and gives back: 12 us instead of 2."""


class GatewaySession:
    """One socket, one client id, one handshake. ``lost`` is done, with the reason, once the
    conversation is over; from then on every new request raises BrokerAway. ``absent``:
    nothing listened, or the connection was closed without a message."""

    def __init__(
        self,
        *,
        client_id: int,
        clock: Clock,
        on_order: Callable[[BrokerEvent], None],
        on_news: Callable[[int, str], None],
        on_account: Callable[..., None],
    ) -> None:
        self.client_id = client_id
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._on_news = on_news
        self._refused: str | None = None
        self.absent = False
        self._placed: dict[int, int] = {}
        self._pace = MessagePace()
        self._wrapper = ClientWrapper(
            Listeners(
                order=on_order,
                news=self._news,
                account=on_account,
                answered=self._pace.answered,
                closed=self._hung_up,
            ),
            client_id=client_id,
        )
        make: Any = Client  # it has no types
        self.client: Any = make(self._wrapper.wrapper())
        mend(self.client.decoder, now=clock.now)
        decode_ourselves(self.client.decoder, self._wrapper.tell)
        self.client.MaxRequests = RATE  # a backstop: ours leaves it nothing to hold

    # opening and closing

    async def open(self, host: str, port: int, *, within: float) -> None:
        """Do the handshake.

        Raises:
            BrokerAway: not done within *within* seconds, or refused; says why.
        """
        logging.getLogger("ib_async.client").setLevel(logging.CRITICAL)  # we say it
        async with asyncio.TaskGroup() as group:
            hello = group.create_task(self._hello(host, port, within), name="hello")
            either: set[asyncio.Future[Any]] = {hello, self.lost}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            hello.cancel()
        if self.lost.done():
            raise BrokerAway(self.lost.result())
        read_in_pieces(self.client.conn.transport)
        self._conflate_ticks()
        self._keep_alive()

    def _conflate_ticks(self) -> None:
        """The handshake is ib_async's. What comes after it, and the piece of a message
        that is there by now, is cut into messages here: its decoder would take each
        tick."""
        client = self.client
        conflation = Conflation(client.decoder.interpret, is_over=self.lost.done)
        client.conn.data_received = conflation.take
        begun, client._data = client._data, b""  # noqa: SLF001  not read yet
        conflation.take(begun)

    async def _hello(self, host: str, port: int, within: float) -> None:
        where = f"{host}:{port}"
        try:
            async with asyncio.timeout(within):
                await self.client.connectAsync(host, port, self.client_id, 0)
        except TimeoutError:
            self.close(
                f"{where} took the connection and did not finish the handshake: {_LOGIN}"
            )
        except ConnectionRefusedError:
            self.absent = True
            self.close(f"nothing listens on {where}")
        except OSError as problem:
            self.close(f"{where}: {problem.strerror or problem}")

    def close(self, reason: str) -> None:
        """End the conversation; every waiting request gets *reason*."""
        if self.lost.done():
            return
        reason = self._refused or reason
        self.lost.set_result(reason)
        self._pace.close()
        self._hang_up()
        self._wrapper.close(reason)

    def _hung_up(self) -> None:
        """The gateway closed the socket; behind a relay a restarting one does so at
        once."""
        self.absent = self._refused is None and not self.client.serverVersion()
        why = f" without a word: {_LOGIN}" if self.absent else ""
        self.close(f"the gateway closed the connection{why}")

    def _hang_up(self) -> None:
        transport = self.client.conn.transport
        with suppress(OSError):  # the peer may have reset it a moment ago
            self.client.disconnect()
        if transport is None:
            return
        if transport.get_write_buffer_size():
            transport.abort()  # a frozen peer would keep the socket open for ever
        transport.close()

    def _news(self, number: int, text: str) -> None:
        if number == CLIENT_ID_IN_USE:
            self._refused = f"client id {self.client_id} is in use by another program"
        elif number == TOO_MANY_MESSAGES:
            self._refuse_what_is_unread(text)
            self._pace.back_off()
        self._on_news(number, text)

    def _refuse_what_is_unread(self, text: str) -> None:
        """A code 100 does not say what it refused: it may be any order that is not
        known to have been read before."""
        for order_id, place in self._placed.items():
            if self.named(order_id) is None and not self._pace.is_read(place):
                self._wrapper.tell_order(order_id, TOO_MANY_MESSAGES, text)

    def _keep_alive(self) -> None:
        sock = self.client.conn.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name in ("TCP_KEEPIDLE", "TCP_KEEPINTVL"):
            option = getattr(socket, name, None)  # not every system has both
            if option is not None:
                sock.setsockopt(socket.IPPROTO_TCP, option, KEEPALIVE)

    @property
    def accounts(self) -> tuple[str, ...]:
        """The accounts that the gateway named in the handshake."""
        return tuple(self.client.getAccounts())

    @property
    def next_valid_id(self) -> int:
        """The lowest order id that the gateway accepts, as it said at the handshake or
        later."""
        return self._wrapper.next_valid_id

    @property
    def highest_order_id(self) -> int:
        """The highest order id of this client seen so far."""
        return self._wrapper.highest_order_id

    def named(self, order_id: int) -> Names | None:
        """The names under which IB has shown this client's order with this id in this
        conversation; None if it has not."""
        return self._wrapper.named.get(order_id)

    @property
    def unreadable(self) -> int:
        """How many messages could not be read so far."""
        return self._wrapper.unreadable

    # asking

    def send(
        self, urgency: Urgency, message: Request, *, number: int | None = None
    ) -> Ticket:
        """Queue *message*; it is never sent once the line is lost. An answer with
        *number* proves that the gateway has read it."""
        return self._pace.send(urgency, message, number=number)

    def has_sent_all(self) -> bool:
        """Whether an order would have been handed to the kernel when overtake
        returns."""
        transport = self.client.conn.transport
        return (
            transport is not None
            and not transport.is_closing()
            and transport.get_write_buffer_size() == 0
            and self._pace.room_for_order()
        )

    def when_unread(self, ask: Callable[[], None]) -> None:
        """Call *ask* when many messages may be unread; its answer proves that they were
        read."""
        self._pace.when_unread = ask

    def place(self, order_id: int, message: Request) -> None:
        """Send the *message* that places an order; as ``overtake``."""
        self._placed[order_id] = self.overtake(message)

    def overtake(self, message: Request) -> int:
        """Send *message* now, before everything that waits. Returns its place among all
        sent messages.

        Raises:
            BrokerAway: the connection is closing, or the message rate allows no more;
                nothing was sent.
        """
        transport = self.client.conn.transport
        if self.lost.done() or transport is None or transport.is_closing():
            raise BrokerAway("the connection is closing")
        with speaking_our_errors():
            return self._pace.overtake(message)

    @contextmanager
    def asking(self, handler: MessageHandler) -> Iterator[int]:
        """A new request number; *handler* gets its answers until the block is left.

        Raises: as ``draw``.
        """
        number = self.draw(handler)
        try:
            yield number
        finally:
            self.drop(number)

    @contextmanager
    def asking_rule(self, rule: int, handler: MessageHandler) -> Iterator[None]:
        """*handler* gets the answer for a market rule until the block is left; one at a
        time for each rule."""
        self._check()
        self._wrapper.rules[rule] = handler
        try:
            yield
        finally:
            self._wrapper.rules.pop(rule, None)

    @contextmanager
    def asking_providers(self, handler: MessageHandler) -> Iterator[None]:
        """*handler* gets the news providers until the block is left; one at a time."""
        self._check()
        self._wrapper.writers = handler
        try:
            yield
        finally:
            self._wrapper.writers = None

    @contextmanager
    def asking_preview(self, order_id: int, handler: MessageHandler) -> Iterator[None]:
        """*handler* gets the answers to a what-if order until the block is left; later
        ones are dropped."""
        self._check()
        self._wrapper.previews[order_id] = handler
        try:
            yield
        finally:
            self._wrapper.previews[order_id] = lambda _message: None

    def draw(self, handler: MessageHandler) -> int:
        """A new request number; *handler* gets its answers until it is dropped.

        Raises:
            BrokerAway: the conversation is over.
        """
        self._check()
        return self._wrapper.draw(handler)

    def drop(self, number: int) -> None:
        """Stop delivering answers to a request."""
        self._wrapper.drop(number)

    def listing(self) -> AbstractContextManager[MessageQueue]:
        """All messages about orders and positions while the block is open.

        Raises: as ``draw``.
        """
        self._check()
        return self._wrapper.listing()

    def listen_to_the_clock(self, handler: MessageHandler) -> None:
        """*handler* gets the gateway's clock, and the end of the line."""
        self._check()
        self._wrapper.clock = handler

    @property
    def signs(self) -> SupplySigns:
        """What the gateway has shown about its data and settings."""
        return self._wrapper.signs

    def tell_everyone(self, number: int, text: str) -> None:
        """Deliver a code without a request number to every request."""
        self._wrapper.tell_everyone(number, text)

    def _check(self) -> None:
        if self.lost.done():
            raise BrokerAway(self.lost.result())


def read_in_pieces(transport: Any) -> None:
    """Let *transport* read no more than READ bytes at once."""
    transport.max_size = READ  # asyncio's own name for it


@contextmanager
def speaking_our_errors() -> Iterator[None]:
    """Turn the errors of ib_async and the socket into BrokerAway: nothing was sent."""
    try:
        yield
    except OSError as problem:  # ib_async raises ConnectionError when it has no socket
        raise BrokerAway(str(problem) or type(problem).__name__) from problem
