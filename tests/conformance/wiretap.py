"""A line tapped between client and gateway: what was said, frame by frame.

It knows nothing of the gateway's own framing, so that the two check each other.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final


Message = tuple[str, ...]
LENGTH: Final = 4
CHUNK: Final = 1 << 16


class Direction:
    """One direction of a tapped line."""

    def __init__(self, *, skip: int) -> None:
        self.bytes = bytearray()
        self.messages: list[Message] = []
        self._read = skip

    def receive(self, data: bytes) -> None:
        """Take note of bytes that passed."""
        self.bytes += data
        while len(self.bytes) >= self._read + LENGTH:
            start = self._read + LENGTH
            size = int.from_bytes(self.bytes[self._read : start], "big")
            if len(self.bytes) < start + size:
                return
            body = bytes(self.bytes[start : start + size])
            self._read = start + size
            fields = body.decode(errors="replace").split("\0")
            self.messages.append(tuple(fields[:-1] if fields[-1] == "" else fields))


class TappedLine:
    """What one client and the gateway have said to each other."""

    def __init__(self) -> None:
        self.asked = Direction(skip=len(b"API\0"))
        self.answered = Direction(skip=0)

    def told(self) -> list[Message]:
        """Return the gateway's messages after the one that agrees on a version."""
        return self.answered.messages[1:]


class Wiretap:
    """A port that passes everything on to the gateway's, and remembers it."""

    def __init__(self, gateway_port: int) -> None:
        self._gateway_port = gateway_port
        self.port = 0
        self.lines: list[TappedLine] = []

    async def pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Carry one client's line until either side ends it."""
        line = TappedLine()
        self.lines.append(line)
        try:
            far = await asyncio.open_connection("127.0.0.1", self._gateway_port)
        except OSError:
            writer.close()
            return
        async with asyncio.TaskGroup() as both:
            both.create_task(_carry(reader, far[1], line.asked))
            both.create_task(_carry(far[0], writer, line.answered))


async def _carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, direction: Direction
) -> None:
    try:
        while data := await reader.read(CHUNK):
            direction.receive(data)
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        return
    finally:
        writer.close()


@asynccontextmanager
async def tapped(gateway_port: int) -> AsyncIterator[Wiretap]:
    """Tap the gateway's line for as long as the block lasts."""
    tap = Wiretap(gateway_port)
    server = await asyncio.start_server(tap.pass_on, "127.0.0.1", 0)
    tap.port = server.sockets[0].getsockname()[1]
    try:
        yield tap
    finally:
        server.close()
