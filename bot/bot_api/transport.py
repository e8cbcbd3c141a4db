"""HTTP/1.1 on the direct way to the Bot API: one request at a time on each connection.

httpx's own transport goes through httpcore, h11 and anyio: 2 MB of memory, and half of
the CPU from a poll's answer to its updates. It is still used behind a proxy. What is
read here is RFC 9112, as far as a client without upgrades and pipelining needs it.
"""

import asyncio
import re
import select
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ssl import SSLContext
from typing import Final

import httpx


KEPT: Final = 5.0
"""Seconds for which a connection without a request is kept; servers close it later."""

NEXT_ADDRESS: Final = 0.25
"""Seconds until the host's next address is tried as well (RFC 8305)."""

_STATUS: Final = re.compile(rb"HTTP/1\.([01]) ([1-5]\d\d)(?: |$)")
_SIZE: Final = re.compile(rb"[0-9A-Fa-f]{1,8}")
_LENGTH: Final = re.compile(rb"\d{1,10}")
_INTERIM: Final = range(100, 200)
_WITHOUT_BODY: Final = frozenset({204, 304})
_FRAMING: Final = frozenset({b"content-length", b"transfer-encoding"})

Headers = list[tuple[bytes, bytes]]


class _Reader(asyncio.StreamReader):
    """Its buffer can be seen: what nobody asked for would be taken for an answer."""

    _buffer: bytearray

    @property
    def is_empty(self) -> bool:
        """Whether nothing has come that was not read."""
        return not self._buffer


@dataclass(eq=False, slots=True)
class _Connection:
    """``rested_at`` is when its last answer was read (the loop's seconds)."""

    reader: _Reader
    writer: asyncio.StreamWriter
    rested_at: float = 0.0

    def can_be_used(self, now: float) -> bool:
        """Whether the server has neither closed it nor sent what nobody asked for."""
        is_open = not (self.reader.at_eof() or self.writer.is_closing())
        is_fresh = self.reader.is_empty and now - self.rested_at < KEPT
        return is_open and is_fresh and not _is_readable(self.writer)


@dataclass(frozen=True, slots=True)
class _Head:
    """The first lines of an answer."""

    status: int
    headers: Headers
    minor: int

    def named(self, name: bytes) -> bytes:
        """The last header of this (lower-case) name, in lower case; "" if none."""
        found = [value for each, value in self.headers if each.lower() == name]
        return found[-1].lower() if found else b""

    @property
    def ends_with_the_connection(self) -> bool:
        has_length = self.named(b"content-length") or self.is_chunked
        closes = b"close" in self.named(b"connection")
        return closes or self.minor == 0 or not has_length

    @property
    def is_chunked(self) -> bool:
        return self.named(b"transfer-encoding").endswith(b"chunked")


class DirectTransport(httpx.AsyncBaseTransport):
    """At most *most* connections to one host. *trusted*: the certificates to believe,
    or False for plain HTTP. Raises what httpx's own transport raises."""

    def __init__(self, *, trusted: SSLContext | bool, most: int) -> None:
        self._trusted = trusted if isinstance(trusted, SSLContext) else None
        self._free = asyncio.Semaphore(most)
        self._open: set[_Connection] = set()
        self._idle: list[_Connection] = []

    @property
    def sockets(self) -> int:
        """How many connections are open."""
        return len(self._open)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, read to its end within the request's read timeout."""
        within = request.extensions.get("timeout", {})
        with _in_time(httpx.PoolTimeout):
            async with asyncio.timeout(within.get("pool")):
                await self._free.acquire()
        try:
            return await self._exchange(request, within)
        finally:
            self._free.release()

    async def aclose(self) -> None:
        """Close every connection, also under a request."""
        for connection in tuple(self._open):
            self._close(connection)
        await asyncio.sleep(0)  # the loop closes their sockets at its next turn

    async def _exchange(
        self, request: httpx.Request, within: dict[str, float | None]
    ) -> httpx.Response:
        connection = self._rested()
        if connection is None:
            with _failing_as(httpx.ConnectError), _in_time(httpx.ConnectTimeout):
                async with asyncio.timeout(within.get("connect")):
                    connection = await self._connected(request.url)
        is_kept = False
        try:
            with _in_time(httpx.WriteTimeout):
                async with asyncio.timeout(within.get("write")):
                    await _write(connection.writer, await _encoded(request))
            with _failing_as(httpx.ReadError), _in_time(httpx.ReadTimeout):
                async with asyncio.timeout(within.get("read")):
                    head, body = await _answer(connection.reader, request.method)
            is_kept = not head.ends_with_the_connection
            return httpx.Response(head.status, headers=head.headers, content=body)
        finally:
            self._rest(connection) if is_kept else self._close(connection)

    def _rested(self) -> _Connection | None:
        """The connection that rested last, if it can be used; others are closed."""
        now = asyncio.get_running_loop().time()
        while self._idle:
            connection = self._idle.pop()
            if connection.can_be_used(now):
                return connection
            self._close(connection)
        return None

    async def _connected(self, url: httpx.URL) -> _Connection:
        loop = asyncio.get_running_loop()
        reader = _Reader()
        host = url.raw_host.decode("ascii")
        transport, protocol = await loop.create_connection(
            lambda: asyncio.StreamReaderProtocol(reader),
            host=host,
            port=url.port or (443 if self._trusted else 80),
            ssl=self._trusted,
            server_hostname=host if self._trusted else None,
            happy_eyeballs_delay=None if _is_address(host) else NEXT_ADDRESS,
        )
        writer = asyncio.StreamWriter(transport, protocol, reader, loop)
        connection = _Connection(reader, writer)
        self._open.add(connection)
        return connection

    def _rest(self, connection: _Connection) -> None:
        connection.rested_at = asyncio.get_running_loop().time()
        self._idle.append(connection)

    def _close(self, connection: _Connection) -> None:
        self._open.discard(connection)
        connection.writer.transport.abort()


def _is_address(host: str) -> bool:
    """Whether it is an address, and not the name of several."""
    return ":" in host or host.replace(".", "").isdigit()


def _is_readable(writer: asyncio.StreamWriter) -> bool:
    """Whether something has come that the loop has not taken up yet, as a close."""
    waiting = select.poll()
    waiting.register(writer.get_extra_info("socket"), select.POLLIN)
    return bool(waiting.poll(0))


@contextmanager
def _in_time(kind: type[httpx.TimeoutException]) -> Iterator[None]:
    try:
        yield
    except TimeoutError as late:
        raise kind("") from late


@contextmanager
def _failing_as(kind: type[httpx.NetworkError]) -> Iterator[None]:
    try:
        yield
    except asyncio.IncompleteReadError as end:
        text = "Server disconnected without sending a response."
        raise httpx.RemoteProtocolError(text) from end
    except asyncio.LimitOverrunError as long:
        raise httpx.RemoteProtocolError("A line is too long.") from long
    except OSError as problem:
        raise kind(str(problem)) from problem


async def _encoded(request: httpx.Request) -> bytes:
    body = await request.aread()
    kept = [each for each in request.headers.raw if each[0].lower() not in _FRAMING]
    lines = (
        b"%s %s HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path),
        *(b"%s: %s" % each for each in kept),
        b"Content-Length: %d" % len(body),
    )
    return b"\r\n".join((*lines, b"", body))


async def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    """A server that refuses a request may answer and close before it has read it."""
    writer.write(data)
    with suppress(ConnectionError):
        await writer.drain()


async def _answer(reader: asyncio.StreamReader, method: str) -> tuple[_Head, bytes]:
    head = await _head(reader)
    while head.status in _INTERIM:
        head = await _head(reader)
    if method == "HEAD" or head.status in _WITHOUT_BODY:
        return head, b""
    return head, await _body(reader, head)


async def _head(reader: asyncio.StreamReader) -> _Head:
    first, *lines = (await reader.readuntil(b"\r\n\r\n"))[:-4].split(b"\r\n")
    status = _STATUS.match(first)
    if status is None:
        raise httpx.RemoteProtocolError("The answer is not HTTP/1.1.")
    return _Head(
        status=int(status[2]),
        headers=[_header(line) for line in lines],
        minor=int(status[1]),
    )


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, colon, value = line.partition(b":")
    if not colon or not name or name != name.strip():
        raise httpx.RemoteProtocolError("A header of the answer cannot be read.")
    return name, value.strip()


async def _body(reader: asyncio.StreamReader, head: _Head) -> bytes:
    if head.is_chunked:
        return b"".join([chunk async for chunk in _chunks(reader)])
    length = head.named(b"content-length")
    if not length:
        return await reader.read()
    return await reader.readexactly(_number(_LENGTH, length, base=10))


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while True:
        line = await reader.readuntil(b"\r\n")
        size = _number(_SIZE, line.partition(b";")[0].strip(), base=16)
        if not size:
            break
        yield await reader.readexactly(size)
        await reader.readexactly(2)
    while await reader.readuntil(b"\r\n") != b"\r\n":
        pass  # trailers say nothing that is read


def _number(form: re.Pattern[bytes], text: bytes, *, base: int) -> int:
    if form.fullmatch(text) is None:
        raise httpx.RemoteProtocolError("A length in the answer cannot be read.")
    return int(text, base)
