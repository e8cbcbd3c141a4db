"""Whatever a server answers is read as httpx's own transport reads it, or fails as there,
with the kind of failure that tells whether the request may have been carried out."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpx
import pytest

from bot.bot_api import transport
from bot.bot_api.transport import DirectTransport


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
ANSWERS = {
    "a length": OK,
    "no words": b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi",
    "an old server": b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"1;x=y\r\nh\r\n01\r\ni\r\n0\r\nX: y\r\n\r\n",
    "no length": b"HTTP/1.1 200 OK\r\n\r\nhi",
    "a refusal": b"HTTP/1.1 429 Slow\r\ncontent-LENGTH:2\r\nRetry-After: 7\r\n\r\nhi",
    "an interim answer": b"HTTP/1.1 100 Continue\r\n\r\n" + OK,
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "compressed": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
    % (len(gzip.compress(b"hi", mtime=0)), gzip.compress(b"hi", mtime=0)),
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-",
    "half a body": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi",
    "half a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhi",
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "no header": b"HTTP/1.1 200 OK\r\nhello\r\n\r\n",
    "no number": b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nhi",
    "no chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nhi",
    "a negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nhi",
    "a damaged code": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
    b"Content-Length: 2\r\n\r\nhi",
}

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(serve: Serve) -> AsyncIterator[str]:
    """The address of a server; each connection is *serve*'s until the block is left."""
    serving: set[asyncio.Task[None] | None] = set()

    async def accept(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        serving.add(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, asyncio.CancelledError):
            await serve(reader, writer)
        writer.transport.abort()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/bot1/getMe?a=b%20c"
    finally:
        server.close()
        for task in serving:
            assert task is not None
            task.cancel()
            await asyncio.wait({task})
        await asyncio.sleep(0)


@dataclass
class Place:
    """A server, and what it was asked."""

    url: str = ""
    asked: list[bytes] = field(default_factory=list)
    connections: int = 0


@asynccontextmanager
async def answering(answers: list[bytes], *, closes: bool) -> AsyncIterator[Place]:
    """A server that gives one of *answers* to each request on a connection."""
    place = Place()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        place.connections += 1
        for answer in answers:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split()[0])
            place.asked.append(head + await reader.readexactly(length))
            writer.write(answer)
        if not closes:
            await reader.read()

    async with listening(serve) as place.url:
        yield place


def ours() -> httpx.AsyncClient:
    direct = DirectTransport(trusted=False, most=1)
    return httpx.AsyncClient(transport=direct, trust_env=False, timeout=5)


def theirs() -> httpx.AsyncClient:
    return httpx.AsyncClient(trust_env=False, timeout=5)


async def outcome(client: httpx.AsyncClient, url: str) -> tuple[object, ...]:
    async with client:
        try:
            answer = await client.post(url, data={"text": "one and two"})
        except httpx.HTTPError as error:
            return (type(error),)
    return answer.status_code, answer.content, answer.headers.get("retry-after")


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_read_as_httpx_reads_it(name: str) -> None:
    async with answering([ANSWERS[name]], closes=True) as place:
        found = [await outcome(client, place.url) for client in (ours(), theirs())]

    assert found[0] == found[1]


async def test_a_request_says_what_httpxs_says() -> None:
    async with answering([OK], closes=True) as place:
        for client in (ours(), theirs()):
            await outcome(client, place.url)

    mine, its = (set(asked.lower().split(b"\r\n")) for asked in place.asked)
    assert mine == its


async def test_connections_are_used_again_while_they_are_good() -> None:
    async with answering([OK, OK], closes=True) as place, ours() as client:
        for _ in range(3):
            assert (await client.post(place.url)).content == b"hi"

    assert place.connections == 2


async def test_what_was_not_asked_for_is_not_taken_for_an_answer() -> None:
    stale = b"HTTP/1.1 408 Late\r\nContent-Length: 0\r\n\r\n"
    async with answering([OK + stale, OK], closes=False) as place, ours() as client:
        codes = [(await client.post(place.url)).status_code for _ in range(2)]

    assert codes == [200, 200]
    assert place.connections == 2


async def test_a_connection_that_rested_too_long_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transport, "KEPT", 0.0)
    async with answering([OK, OK], closes=False) as place, ours() as client:
        for _ in range(2):
            await client.post(place.url)

    assert place.connections == 2


async def test_nobody_who_listens_is_never_sent() -> None:
    async with answering([], closes=True) as place:
        pass
    async with ours() as client:
        with pytest.raises(httpx.ConnectError):
            await client.post(place.url)


async def test_an_answer_that_does_not_come_is_too_late() -> None:
    async with answering([b""], closes=False) as place, ours() as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.post(place.url, timeout=httpx.Timeout(5, read=0.01))


async def test_a_server_that_answers_before_it_has_read_all_is_heard() -> None:
    """A body that is too large is refused while it is being sent (413)."""
    large = b"x" * 4_000_000

    async def refuse(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK.replace(b"200", b"413"))
        await reader.readexactly(len(large))

    async with listening(refuse) as url, ours() as client:
        answer = await client.post(url, content=large)

    assert answer.status_code == 413
