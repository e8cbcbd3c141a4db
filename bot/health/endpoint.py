"""/healthz, /readyz and /metrics on a port of this machine, for monitoring.

A minimal HTTP/1.1 server: one short answer to one GET per connection. It cannot change
anything, and only answers requests with this machine's own name as Host, so that no web
page can read it under another name (DNS rebinding).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from http import HTTPStatus
from typing import Final

from bot.health.metrics import CONTENT_TYPE, as_json, metrics
from bot.health.readings import HealthReadings
from core.loopback import is_loopback, own_address


_log: Final = logging.getLogger(__name__)

_SECONDS: Final = 5.0
_JSON: Final = "application/json"
_PLAIN: Final = "text/plain; charset=utf-8"

HttpAnswer = tuple[HTTPStatus, str, str]
"""The status, the kind of the body, the body."""


@asynccontextmanager
async def watched_from_outside(
    port: int | None, read: Callable[[], HealthReadings]
) -> AsyncIterator[int | None]:
    """Serve the readings of *read* on *port* while the block is open; nothing if *port*
    is None. Yields the port, which 0 leaves to the system. If the port is taken, that
    is logged, and the bot runs without the endpoint."""
    if port is None:
        yield None
        return
    try:
        server = await asyncio.start_server(partial(_serve, read), own_address(), port)
    except OSError as problem:
        _log.error("OPENBELL_HEALTH_PORT %s cannot be had: %s", port, problem.strerror)
        yield None
        return
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _serve(
    read: Callable[[], HealthReadings],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    with suppress(OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
        async with asyncio.timeout(_SECONDS):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            writer.write(_written(_answer(head, read)))
            await writer.drain()
    writer.close()


def _answer(head: str, read: Callable[[], HealthReadings]) -> HttpAnswer:
    first, *rest = head.split("\r\n")
    method, path, _ = first.split(" ", 2)
    if not is_loopback(_host(rest)):
        return HTTPStatus.FORBIDDEN, _PLAIN, "This is only for this machine.\n"
    if method != "GET":
        return HTTPStatus.METHOD_NOT_ALLOWED, _PLAIN, "GET only.\n"
    return _page(path.partition("?")[0], read)


def _page(path: str, read: Callable[[], HealthReadings]) -> HttpAnswer:
    match path:
        case "/healthz":
            return HTTPStatus.OK, _JSON, as_json(read())
        case "/readyz":
            readings = read()
            ready = HTTPStatus.SERVICE_UNAVAILABLE if readings.status.blocks else None
            return ready or HTTPStatus.OK, _JSON, as_json(readings)
        case "/metrics":
            return HTTPStatus.OK, CONTENT_TYPE, metrics(read())
        case _:
            pages = "/healthz, /readyz, /metrics\n"
            return HTTPStatus.NOT_FOUND, _PLAIN, pages


def _host(headers: list[str]) -> str:
    """The Host header, without the port."""
    for each in headers:
        name, _, value = each.partition(":")
        if name.strip().lower() == "host":
            host = value.strip()
            return host if host.endswith("]") else host.rpartition(":")[0] or host
    return ""


def _written(answer: HttpAnswer) -> bytes:
    status, kind, body = answer
    content = body.encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(content)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + content
