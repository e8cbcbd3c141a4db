"""Odd HTTP on the way to Telegram is read or is no answer, and the next request is heard.

Tests bot.bot_api.client over real sockets.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

import pytest
from telegram.error import TelegramError

from bot.bot_api.client import PollRequest, telegram_request
from bot.bot_api.pools import Client


OK: Final = b'{"ok":true,"result":[]}'
LENGTH: Final = b"Content-Length: %d" % len(OK)
CHUNKED: Final = b"Transfer-Encoding: chunked"
IN_CHUNKS: Final = b"%x\r\n%b\r\n0\r\n" % (len(OK), OK)
TRIES: Final = 3
"""After so many requests a line is clear of what an answer before left on it."""


def answer(status: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    return b"\r\n".join([b"HTTP/" + status, *headers, b"", body])


USUAL: Final = answer(b"1.1 200 OK", LENGTH, body=OK)
READ: Final = {
    "100": answer(b"1.1 100 Continue") + answer(b"1.1 200 OK", LENGTH, body=OK),
    "103": answer(b"1.1 103 Early") * 3 + answer(b"1.1 200 OK", LENGTH, body=OK),
    "trailers": answer(b"1.1 200 OK", CHUNKED, body=IN_CHUNKS + b"X-Sum: 5\r\n\r\n"),
    "length twice": answer(b"1.1 200 OK", LENGTH, LENGTH, body=OK),
    "length and chunks": answer(
        b"1.1 200 OK", LENGTH, CHUNKED, body=IN_CHUNKS + b"\r\n"
    ),
    "1.0 to the end": answer(b"1.0 200 OK", body=OK),
    "1.0 kept": answer(b"1.0 200 OK", LENGTH, b"Connection: keep-alive", body=OK),
    "no reason": answer(b"1.1 200", LENGTH, body=OK),
}
UNREAD: Final = {
    "portal": answer(b"1.1 200 OK", b"Content-Length: 6", body=b"<html>"),
    "204": answer(b"1.1 204 No Content"),
    "304": answer(b"1.1 304 Not Modified"),
    "empty": answer(b"1.1 200 OK", b"Content-Length: 0"),
    "101": answer(b"1.1 101 Switching", b"Upgrade: x", b"Connection: upgrade"),
    "cut in a chunk": answer(b"1.1 200 OK", CHUNKED, body=b"ff\r\n" + OK),
    "no last chunk": answer(b"1.1 200 OK", CHUNKED, body=IN_CHUNKS[:-3]),
    "too long": answer(b"1.1 200 OK", b"Content-Length: 99", body=OK),
    "too short": answer(b"1.1 200 OK", b"Content-Length: 5", body=OK),
    "negative": answer(b"1.1 200 OK", b"Content-Length: -5", body=OK),
    "no number": answer(b"1.1 200 OK", b"Content-Length: many", body=OK),
    "two lengths": answer(b"1.1 200 OK", LENGTH, b"Content-Length: 5", body=OK),
    "vast header": answer(b"1.1 200 OK", b"X: " + b"a" * 1_000_000, LENGTH, body=OK),
    "no header": answer(b"1.1 200 OK", b"without a colon", LENGTH, body=OK),
    "other words": b"SSH-2.0-OpenSSH_9.6\r\n",
    "nothing": b"",
}


@asynccontextmanager
async def listening(
    says: Callable[[], bytes | None],
) -> AsyncIterator[tuple[str, list[bytes]]]:
    """An address at which each request is answered with what *says* returns, and the
    connection closed; then as Telegram does. Yields what was asked for, too."""
    asked: list[bytes] = []
    served: list[asyncio.Event] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(ended := asyncio.Event())
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await answer_each(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        ended.set()

    async def answer_each(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        odd = None
        while odd is None:
            asked.append(await reader.readuntil(b"\r\n\r\n"))
            odd = says()
            writer.write(USUAL if odd is None else odd)
            await writer.drain()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/bot", asked
        for each in served:
            await each.wait()


async def asked_of(client: Client, address: str) -> object:
    """What is read, None if nothing is."""
    with suppress(TelegramError):
        return await client.post(f"{address}/getUpdates", read_timeout=5.0)
    return None


@pytest.mark.attack(12)
@pytest.mark.parametrize("name", [*READ, *UNREAD])
async def test_an_odd_answer_is_read_or_none_and_the_next_is_heard(name: str) -> None:
    odd = iter([(READ | UNREAD)[name]])

    async with (
        listening(lambda: next(odd, None)) as (address, _),
        telegram_request(address, kind=PollRequest, grace=0.0) as client,
    ):
        first = await asked_of(client, address)
        later = [await asked_of(client, address) for _ in range(TRIES)]
        sockets = client.sockets

    assert first == ([] if name in READ else None)
    assert later[-1] == []
    assert sockets == 1


@pytest.mark.attack(12)
@pytest.mark.parametrize("status", [b"301", b"302", b"303", b"307", b"308"])
async def test_the_token_follows_no_redirection(status: bytes) -> None:
    async with listening(lambda: None) as (elsewhere, there):
        moved = b"Location: " + elsewhere.encode() + b"123:secret/getUpdates"
        away = answer(b"1.1 " + status + b" Moved", moved, b"Content-Length: 0")
        async with (
            listening(lambda: away) as (address, here),
            telegram_request(address, grace=0.0) as client,
        ):
            assert await asked_of(client, address) is None

    assert len(here) == 1
    assert there == []
