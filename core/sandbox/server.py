"""The gateway's sockets: one protocol per client, one loop for what is due.

No task belongs to a client, so none can be left running. Only loopback is served.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Final, cast

from core.loopback import own_address
from core.sandbox.alarm import Alarm
from core.sandbox.clock import GatewayClock
from core.sandbox.gateway import state_file
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.gateway.gateway import Gateway
from core.sandbox.gateway.handlers import new_gateway
from core.sandbox.gateway.rate import LONG_AGO
from core.sandbox.gateway.session import ClientSession, Phase
from core.sandbox.market.hours import NEW_YORK
from core.sandbox.market.shapes import Shape
from core.sandbox.trading.events import Executed
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.tickets import OrderTicket
from core.sandbox.trouble.faults import Happening, LineEvent, Scenario, Trouble


SHORTEST_SLEEP: Final = 0.001
PROBES: Final = MappingProxyType(  # assumed; seconds, and how many stay unanswered
    {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 6},
)
MOST_UNREAD: Final = 64 << 20  # bytes a client may leave unread before it is dropped


class GatewayServer:
    """A gateway with its port open. Tests and demos control it while it serves."""

    def __init__(self, config: GatewayConfig) -> None:
        self.clock = GatewayClock(config.clock, speed=config.speed)
        self.gateway: Gateway = new_gateway(config)
        self.port = config.port
        self.connections: dict[ClientConnection, None] = {}  # the oldest first
        self._state = config.state
        self._saved = 0
        self._wake = Alarm()
        if self._state is not None:
            state_file.load(self.gateway, self._state)
            state_file.require_room(self._state)
        self.gateway.exchange.hours.state(self.clock.now())  # reads the calendar now
        # loading may have taken a while: the time begins when clients can come
        self.clock = GatewayClock(config.clock, speed=config.speed)
        self.gateway.now = self.clock.now()

    # steering

    def restart(self, *, rollback: int = 0, down: float = 0.0) -> None:
        """Drop every client, as the nightly restart does. *rollback*: by how much order
        ids go back; *down*: seconds in which no client is let in.
        """
        self.happen(
            Happening(after=0, event=LineEvent.RESTART, rollback=rollback, down=down),
        )

    def flap(self, code: int) -> None:
        """Send 1100, 1101, 1102, 2110 or a farm's code to every client, and act
        accordingly.
        """
        self.happen(Happening(after=0, event=LineEvent(str(code))))

    def freeze(self) -> None:
        """Keep the sockets open, but neither read nor write."""
        self.happen(Happening(after=0, event=LineEvent.FREEZE))

    def thaw(self) -> None:
        """Go on after a freeze; what came in meanwhile is read now."""
        self.happen(Happening(after=0, event=LineEvent.THAW))

    def silence(self) -> None:
        """Stop the running quotes without any message; new requests are answered."""
        self.happen(Happening(after=0, event=LineEvent.SILENCE))

    def cut(self) -> None:
        """Drop every client's connection without any message."""
        self.happen(Happening(after=0, event=LineEvent.CUT))

    def happen(self, happening: Happening) -> None:
        """Do what *happening* says now, whatever its *after* is."""
        self._catch_up()
        self.gateway.happen(happening)
        self._wake.ring()

    def play(self, scenario: Scenario) -> None:
        """Put a scenario in force; its times count from now.

        Raises:
            ValueError: its stocks cannot be renamed so.
        """
        self._catch_up()
        self.gateway.play(scenario)
        self._wake.ring()

    def reload(self, scenario: Scenario) -> None:
        """Put a scenario in force instead of the one before; its times count from now.

        Raises:
            ValueError: its stocks cannot be renamed so.
        """
        self._catch_up()
        self.gateway.reload(scenario)
        self._wake.ring()

    def add_trouble(self, trouble: Trouble) -> None:
        """Add one trouble; its count of messages starts now."""
        self.gateway.add_trouble(trouble)

    def set_override(self, symbol: str, shape: Shape | None) -> None:
        """Set the shape of one stock from now on; None removes it."""
        self._catch_up()
        self.gateway.set_override(symbol, shape)
        self._wake.ring()

    def set_clock(self, moment: datetime) -> None:
        """Jump to *moment* (UTC).

        Raises:
            ValueError: it lies in the gateway's past.
        """
        if moment < self.clock.now():
            raise ValueError(f"the gateway's time cannot go back to {moment}")
        self.clock.set(moment)
        self._wake.ring()

    def place_by_hand(self, ticket: OrderTicket) -> None:
        """Place an order as if someone had typed it into the terminal.

        Clients see it with order id 0; a client 0 that binds orders gets an id for it.
        """
        self._catch_up()
        placed = self.gateway.exchange.place_by_hand(ticket, self.gateway.now)
        self.gateway.publish(placed)
        self._wake.ring()

    def change_by_hand(self, ticket: OrderTicket) -> None:
        """Give the live order with *ticket*'s ids these terms as if someone had done it
        in the terminal."""
        self._catch_up()
        changed = self.gateway.exchange.place(ticket, self.gateway.now)
        self.gateway.publish(changed)
        self._wake.ring()

    def cancel_by_hand(self, client_id: int, order_id: int) -> None:
        """Cancel an order as if someone had done it in the terminal."""
        self._catch_up()
        now = self.gateway.now
        self.gateway.publish(self.gateway.exchange.cancel(client_id, order_id, now))
        self._wake.ring()

    # looking

    def orders(self) -> list[BookOrder]:
        """Every live order at the broker, whoever placed it."""
        self._catch_up()
        return self.gateway.exchange.open_orders()

    def completed(self) -> list[BookOrder]:
        """Every order that ended on today's date in New York."""
        self._catch_up()
        today = self.gateway.now.astimezone(NEW_YORK).date()
        return self.gateway.exchange.completed_orders(today)

    def ended_after(self, number: int) -> list[BookOrder]:
        """Every order that ended on any day, without the *number* that ended first."""
        self._catch_up()
        return self.gateway.exchange.ended_after(number)

    def executions(self) -> list[Executed]:
        """Every fill since the gateway's books began."""
        self._catch_up()
        return self.gateway.exchange.executions(LONG_AGO)

    def _catch_up(self) -> None:
        self.gateway.advance(self.clock.now())

    # sending what is due

    def connect(self) -> ClientSession | None:
        """Begin a client's session; None while no client is let in."""
        return self.gateway.connect(self.clock.now())

    def wake(self) -> None:
        """Have the loop do now what is due."""
        self._wake.ring()

    async def send_due(self) -> None:
        """Send what is due when it is due, until cancelled."""
        while True:
            self._wake.stop()
            now = self.clock.now()
            self.gateway.advance(now)
            if not self.gateway.frozen:
                for connection in tuple(self.connections):
                    connection.flush(now)
            self._save()
            await self._sleep_until_due()

    async def _sleep_until_due(self) -> None:
        soonest = self.gateway.next_event_at()
        for each in () if self.gateway.frozen else self.connections:
            due = each.next_due()
            if due is not None and (soonest is None or due < soonest):
                soonest = due
        wait = None if soonest is None else self.clock.seconds_until(soonest)
        await self._wake.wait(wait and max(wait, SHORTEST_SLEEP))

    def _save(self) -> None:
        if self._state is not None and self._saved != self.gateway.changes:
            state_file.save(self.gateway, self._state)
            self._saved = self.gateway.changes


class ClientConnection(asyncio.Protocol):
    """The socket of one client."""

    def __init__(self, server: GatewayServer) -> None:
        self._server = server
        self._session: ClientSession | None = None
        self._transport: asyncio.Transport | None = None
        self._unread = bytearray()  # what came during a freeze

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a session, or close while no client is let in."""
        self._transport = cast("asyncio.Transport", transport)
        peer: socket.socket = transport.get_extra_info("socket")
        keep_alive(peer)
        self._session = self._server.connect()
        if self._session is None:
            self._transport.abort()
        else:
            self._server.connections[self] = None

    def data_received(self, data: bytes) -> None:
        """Read what the client sent, now or after the freeze."""
        self._unread += data
        self._server.wake()
        if not self._server.gateway.frozen:
            self._read(self._server.clock.now())

    def _read(self, now: datetime) -> None:
        if self._session is not None and self._unread:
            data = bytes(self._unread)
            self._unread.clear()
            self._session.receive(data, now)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  asyncio's signature
        """Forget a client that went."""
        self._server.connections.pop(self, None)
        if self._session is not None:
            self._session.close()

    def flush(self, now: datetime) -> None:
        """Write what is due; close once the session has ended."""
        if self._session is None or self._transport is None:
            return
        self._read(now)
        if data := self._session.due(now):
            self._transport.write(data)
        if self._session.phase is Phase.CLOSED:
            self._transport.close()
        elif self._transport.get_write_buffer_size() > MOST_UNREAD:
            self._session.close()
            self._transport.abort()

    def next_due(self) -> datetime | None:
        """When the next message to this client is due."""
        return self._session.next_due() if self._session else None

    def abort(self) -> None:
        """Drop the connection at once."""
        if self._transport is not None:
            self._transport.abort()


def keep_alive(peer: socket.socket) -> None:
    """Turn on TCP keep-alive: a peer that has vanished is noticed after two minutes,
    where the system has such a setting.
    """
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in PROBES.items():
        if hasattr(socket, name):
            peer.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


@asynccontextmanager
async def serve(config: GatewayConfig) -> AsyncIterator[GatewayServer]:
    """Serve a gateway on loopback for as long as the block lasts.

    ``port`` 0 takes a free one; the server knows which.

    Raises:
        OSError: the port is taken, or the state file cannot be written.
        ValueError: the state file is none of a gateway's, or the speed is not positive.
    """
    server = GatewayServer(config)
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(
        lambda: ClientConnection(server), own_address(), config.port
    )
    server.port = listener.sockets[0].getsockname()[1]
    try:
        async with asyncio.TaskGroup() as children:
            sending = children.create_task(server.send_due(), name="gateway sender")
            try:
                yield server
            finally:
                sending.cancel()
    except BaseExceptionGroup as several:
        if len(several.exceptions) > 1:
            raise
        raise several.exceptions[0] from None  # the block's own error, unwrapped
    finally:
        listener.close()
        for connection in tuple(server.connections):
            connection.abort()
        await asyncio.sleep(0)  # let the aborted transports close
