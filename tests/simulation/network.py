"""TCP on one simulated machine: delays, splits, refusals and cuts, drawn from a seed.

Bytes of one direction arrive in order and at most once, as with TCP; the delay and the
number of pieces are random. What was written before a cut may arrive or not. A port can
be *dark* (nothing passes, nothing is refused) or *shut* (connections are refused).
"""

import asyncio
import os
import socket
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any, Final, Self


FIRST_PORT: Final = 40_000
LOOPBACK: Final = "127.0.0.1"
DARK_STEP: Final = 0.25
"""Seconds between two tries to pass through a port that is dark."""

APART: Final = 1e-7
"""Seconds between two arrivals: timers of one moment fire in any order."""

CONNECTING: Final = 120.0
"""Seconds after which a system gives up connecting to what does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkQuality:
    """The quality of the network. *late* and *split* are probabilities for each packet;
    delays are in seconds, the longest that of a late packet.
    """

    usual: float = 0.000_2
    late: float = 0.0
    longest: float = 0.0
    split: float = 0.0


FAIR: Final = NetworkQuality()


class Network:
    """All connections, and the faults of the network."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.network_quality: dict[int, NetworkQuality] = {}
        self.default = FAIR
        self.dark: set[int] = set()
        self.shut: set[int] = set()
        self.dead: set[int] = set()
        """Lives of the bot that are over: nothing of theirs leaves any more."""
        self.bytes = 0
        self.take_written: Callable[[int, int, bytes], None] = _nobody
        """Told the port, the connection and the bytes that the bot writes."""
        self.received: Callable[[int, int, bytes], None] = _nobody
        """The same of what has arrived at the bot, right before it reads it."""
        self._loop: asyncio.AbstractEventLoop
        self._listeners: dict[int, SimulatedServer] = {}
        self._ports = count(FIRST_PORT)
        self._clients = count(50_000)
        self._wires: list[Endpoint] = []
        self._quiet, self._other = os.pipe()

    def serve_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """Use *loop* for its timers."""
        self._loop = loop

    def close(self) -> None:
        """Close the one descriptor that stands for every silent socket."""
        os.close(self._quiet)
        os.close(self._other)

    def listen(self, factory: Callable[[], Any], port: int) -> "SimulatedServer":
        """Listen on *port*, or on the next free one for 0."""
        server = SimulatedServer(self, factory, port or next(self._ports))
        self._listeners[server.port] = server
        return server

    def forget(self, server: "SimulatedServer") -> None:
        """Remove a server that no longer listens."""
        if self._listeners.get(server.port) is server:
            del self._listeners[server.port]

    async def connect(
        self, factory: Callable[[], Any], port: int, *, life: int
    ) -> tuple["Endpoint", Any]:
        """Connect to *port*; returns the client's end.

        Raises:
            ConnectionRefusedError: nothing listens, the port is shut, or the life has
                ended.
            TimeoutError: the port stayed dark.
        """
        waited = 0.0
        while port in self.dark and waited < CONNECTING:
            await asyncio.sleep(DARK_STEP)
            waited += DARK_STEP
        if port in self.dark:
            raise TimeoutError
        await asyncio.sleep(self.delay(port))
        server = self._listeners.get(port)
        if server is None or port in self.shut or life in self.dead:
            raise ConnectionRefusedError(111, "Connection refused")
        near = Endpoint(self, port, life=life)
        far = Endpoint(self, port, life=0)
        near.peer, far.peer = far, near
        near.number = far.number = next(self._clients)
        self._wires = [*(wire for wire in self._wires if not wire.over), near]
        near.open(factory())
        server.context.copy().run(far.open, server.factory())
        return near, near.protocol

    def delay(self, port: int) -> float:
        """Seconds that one packet takes."""
        network_quality = self.network_quality.get(port, self.default)
        if network_quality.late and self.chance.random() < network_quality.late:
            return self.chance.uniform(network_quality.usual, network_quality.longest)
        return network_quality.usual * (0.5 + self.chance.random())

    def unsent(self, connection: int) -> int:
        """Bytes that the bot has written to that connection and that have not arrived."""
        ours = (w for w in self._wires if w.life and w.number == connection)
        return sum(wire.get_write_buffer_size() for wire in ours)

    def pieces(self, port: int, data: bytes) -> list[bytes]:
        """The bytes, split into packets."""
        network_quality = self.network_quality.get(port, self.default)
        if len(data) < 2 or self.chance.random() >= network_quality.split:
            return [data]
        at = self.chance.randrange(1, len(data))
        return [data[:at], data[at:]]

    def cut(self, port: int) -> int:
        """Break every connection to *port*; returns their number."""
        wires = [wire for wire in self._wires if wire.port == port and not wire.over]
        for wire in wires:
            wire.break_off()
        return len(wires)

    def give_up_on(self, life: int, *, lose: bool) -> None:
        """End the connections of *life*, whose process has ended. Bytes handed to the
        system still arrive, unless the machine went down too (*lose*).
        """
        self.dead.add(life)
        for wire in self._wires:
            if wire.life == life and not wire.over:
                wire.die(lose=lose)


class SimulatedServer:
    """A listening socket, with the part of asyncio's Server that is used."""

    def __init__(self, network: Network, factory: Callable[[], Any], port: int) -> None:
        self.network, self.factory, self.port = network, factory, port
        self.context = copy_context()
        self.sockets = (Socket(self.port, LOOPBACK, -1),)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening."""
        self.network.forget(self)

    async def wait_closed(self) -> None:
        """Return at once: it closes at once."""

    def is_serving(self) -> bool:
        """Whether it is not closed yet."""
        return True


@dataclass(slots=True)
class Socket:
    """The part of a transport's socket that libraries use."""

    port: int
    host: str
    descriptor: int
    family: int = socket.AF_INET
    type: int = socket.SOCK_STREAM
    proto: int = socket.IPPROTO_TCP

    def getsockname(self) -> tuple[str, int]:
        return self.host, self.port

    getpeername = getsockname

    def setsockopt(self, *_: object) -> None:
        return

    def fileno(self) -> int:
        return self.descriptor


class Endpoint(asyncio.Transport):
    """One end of a connection."""

    peer: "Endpoint"
    number: int = 0

    def __init__(self, network: Network, port: int, *, life: int) -> None:
        super().__init__()
        self.port, self.life, self.over = port, life, False
        self.protocol: Any = None
        self._network = network
        self._loop = network._loop
        self._context: Context = copy_context()
        self._arrives = 0.0
        self._unread: list[bytes | None] = []
        self._paused = self._closing = self._half = False
        self._flying = 0

    def open(self, protocol: Any) -> None:
        """Start its protocol, in the context of this end's owner."""
        self._context = copy_context()
        self.protocol = protocol
        protocol.connection_made(self)

    # what protocols ask of a transport

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        match name:
            case "socket":
                waiting = bool(self._unread) or self.over
                quiet = self._network._quiet
                return Socket(self.port, LOOPBACK, -1 if waiting else quiet)
            case "peername" | "sockname":
                return LOOPBACK, self.number if name == "peername" else self.port
            case _:
                return default

    def set_protocol(self, protocol: Any) -> None:
        self.protocol = protocol

    def get_protocol(self) -> Any:
        return self.protocol

    def is_closing(self) -> bool:
        return self._closing or self.over

    def pause_reading(self) -> None:
        self._paused = True

    def resume_reading(self) -> None:
        self._paused = False
        if self._unread:
            self._soon(self._read)

    def is_reading(self) -> bool:
        return not self._paused

    def get_write_buffer_size(self) -> int:
        return self._flying

    def set_write_buffer_limits(self, *_: Any, **__: Any) -> None:
        return

    def can_write_eof(self) -> bool:
        return True

    def write(self, data: Any) -> None:
        if self.is_closing() or self._half or self.life in self._network.dead:
            return
        if self.life:
            self._network.take_written(self.port, self.number, bytes(data))
        for piece in self._network.pieces(self.port, bytes(data)):
            self._send(piece)

    def writelines(self, list_of_data: Any) -> None:
        self.write(b"".join(list_of_data))

    def write_eof(self) -> None:
        if not self._half and not self.is_closing():
            self._half = True
            self._send(None)

    def close(self) -> None:
        """Send what has been written, then close both ends."""
        if self.is_closing():
            return
        self._closing = True
        self._send(None)
        self._soon(self._lost, None)

    def abort(self) -> None:
        """Close both ends at once."""
        if not self.over:
            self._closing = True
            self._soon(self._lost, None)
            self._later(self.peer, self.peer._lost, _reset())

    def break_off(self) -> None:
        """Break the connection: each end is told after a delay of its own."""
        for end in (self, self.peer):
            end._later(end, end._lost, _reset())

    def die(self, *, lose: bool) -> None:
        """Close this end, whose process has ended and is not told."""
        self.over = True
        if lose:
            self.peer._arrives = 0.0
            self._arrives = self._loop.time()
            self.peer._unread.clear()
            self.peer._cut = True
        self._later(self.peer, self.peer._lost, _reset() if lose else None)

    _cut = False

    # how bytes travel

    def _send(self, data: bytes | None) -> None:
        self._flying += len(data or b"")
        self._network.bytes += len(data or b"")
        self._later(self.peer, self.peer._arrive, data)

    def _later(self, whose: "Endpoint", call: Callable[..., None], *args: Any) -> None:
        """Call after the network's delay, in the order of sending."""
        now = self._loop.time()
        self._arrives = max(self._arrives + APART, now + self._network.delay(self.port))
        self._loop.call_at(self._arrives, call, *args, context=whose._context)

    def _soon(self, call: Callable[..., None], *args: Any) -> None:
        self._loop.call_soon(call, *args, context=self._context)

    def _arrive(self, data: bytes | None) -> None:
        """What the other end has sent is here."""
        if self.port in self._network.dark:
            self._loop.call_later(DARK_STEP, self._arrive, data, context=self._context)
            return
        self.peer._flying -= len(data or b"")
        if self.over or self._cut:
            return
        self._unread.append(data)
        self._read()

    def _read(self) -> None:
        while self._unread and not self._paused and not self.over:
            data = self._unread.pop(0)
            if data is not None:
                if self.life:
                    self._network.received(self.port, self.number, data)
                self.protocol.data_received(data)
            elif not self.protocol.eof_received() and not self.is_closing():
                self.close()

    def _lost(self, error: Exception | None) -> None:
        if self.over:
            return
        self.over = self._closing = True
        self.protocol.connection_lost(error)


def _nobody(_port: int, _connection: int, _data: bytes) -> None:
    return


def _reset() -> ConnectionResetError:
    return ConnectionResetError(104, "Connection reset by peer")
