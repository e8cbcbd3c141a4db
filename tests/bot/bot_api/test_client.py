"""What Telegram's answers leave behind: nothing, however much they bring."""

import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from telegram.error import NetworkError, TelegramError, TimedOut

from bot.bot_api import client
from bot.bot_api.answers import LARGEST_ANSWER, UnreadableAnswer
from bot.bot_api.client import BotApiRequest, PollRequest, telegram_request
from bot.outgoing.delivery import Delivery, judge
from bot.sandbox.server import BotApiServer


PART = b"x" * 64_000
PARTS = 10 * LARGEST_ANSWER // len(PART)

METHODS = ["getUpdates", "getMe", "sendMessage", "sendPhoto", "sendDocument"]


class Flood(httpx.AsyncByteStream):
    """A body of many parts, of which *sent* have been taken."""

    def __init__(self, begins: bytes) -> None:
        self.sent = 0
        self.closed = False
        self._begins = begins

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._begins
        while self.sent < PARTS:
            self.sent += 1
            yield PART

    async def aclose(self) -> None:
        self.closed = True


@contextmanager
def answering(answer: httpx.Response) -> Iterator[BotApiRequest]:
    """A client that gets *answer*."""
    transport = httpx.MockTransport(lambda _: answer)
    yield BotApiRequest(httpx_kwargs={"transport": transport})


async def test_no_cookie_is_kept() -> None:
    """A request is what we make it, whatever was answered before."""
    sent = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.get("Cookie"))
        headers = {"Set-Cookie": "who=us; Path=/"}
        body = httpx.ByteStream(b'{"ok":true,"result":[]}')
        return httpx.Response(200, headers=headers, stream=body)

    request = BotApiRequest(httpx_kwargs={"transport": httpx.MockTransport(answer)})
    for _ in range(2):
        await request.post("http://localhost/bot/getUpdates")
    await request.shutdown()

    assert sent == [None, None]


@pytest.mark.attack(12)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("begins", "error"),
    [(b'{"ok":true,"result":[', UnreadableAnswer), (b"<html>", TelegramError)],
    ids=["done", "nonsense"],
)
async def test_an_answer_without_an_end_is_read_no_further_than_answers_are_long(
    method: str, begins: bytes, error: type[TelegramError]
) -> None:
    """All of it was kept in memory, and only then found too large."""
    body = Flood(begins)

    with answering(httpx.Response(200, stream=body)) as request:
        with pytest.raises(error):
            await request.post(f"http://localhost/bot/{method}")
        await request.shutdown()

    assert body.sent * len(PART) <= LARGEST_ANSWER + len(PART)
    assert body.closed


@pytest.mark.attack(12)
@pytest.mark.parametrize("method", METHODS)
async def test_an_answer_that_never_comes_to_its_end_is_no_answer(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte now and then keeps each wait for the next one short."""
    monkeypatch.setattr(client, "LONGEST_BODY", -1.0)
    body = Flood(b"{")

    with answering(httpx.Response(200, stream=body)) as request:
        with pytest.raises(TimedOut) as told:
            await request.post(f"http://localhost/bot/{method}")
        await request.shutdown()

    assert judge(told.value).outcome is Delivery.UNSURE
    assert body.sent == 0
    assert body.closed


def answered(body: bytes, packed: str, kind: type[BotApiRequest]) -> BotApiRequest:
    """A client that gets *body*, whatever it asks for."""

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["Accept-Encoding"] == "identity"
        headers = {"Content-Encoding": packed}
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(body))

    return kind(httpx_kwargs={"transport": httpx.MockTransport(answer)})


@pytest.mark.attack(12)
@pytest.mark.parametrize("kind", [BotApiRequest, PollRequest])
@pytest.mark.parametrize("named", ["gzip", "identity"])
@pytest.mark.parametrize(
    "pack", [gzip.compress, zlib.compress, bytes], ids=["gzip", "deflate", "not at all"]
)
async def test_what_a_proxy_packs_unasked_is_read(
    pack: Callable[[bytes], bytes], named: str, kind: type[BotApiRequest]
) -> None:
    """The bot was deaf behind it, and mute."""
    request = answered(pack(b'{"ok":true,"result":[{"update_id":1}]}'), named, kind)

    said = await request.post("http://localhost/bot/getUpdates")
    await request.shutdown()

    assert said == [{"update_id": 1}]


@pytest.mark.attack(12)
@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress], ids=["gzip", "zlib"])
async def test_what_is_packed_is_unpacked_no_further_than_answers_are_long(
    pack: Callable[[bytes], bytes],
) -> None:
    """Some kilobytes can be unpacked into gigabytes."""
    bomb = pack(b'{"ok":true,"result":[' + bytes(40 * LARGEST_ANSWER))
    request = answered(bomb, "gzip", BotApiRequest)
    tracemalloc.start()

    with pytest.raises(UnreadableAnswer):
        await request.post("http://localhost/bot/getUpdates")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    await request.shutdown()

    assert most < 8 * LARGEST_ANSWER


@pytest.mark.attack(12)
@pytest.mark.parametrize("method", ["getUpdates", "sendMessage"])
@pytest.mark.parametrize("body", [b"\x8b\x0b\x80{}\x03", b"x", b"\x1f\x8b"])
async def test_what_is_packed_in_another_way_is_named(body: bytes, method: str) -> None:
    request = answered(body, "br", BotApiRequest)

    with pytest.raises(NetworkError, match="packed as br") as told:
        await request.post(f"http://localhost/bot/{method}")
    await request.shutdown()

    assert judge(told.value).outcome is Delivery.UNSURE


async def test_polls_share_a_connection_that_is_given_back_before_the_next_poll(
    server: BotApiServer,
) -> None:
    """An order waits while it is given back, for the answer may be the owner's Yes."""
    url = f"{server.base_url}{server.token}/getUpdates"
    async with telegram_request(server.base_url, kind=PollRequest) as client:
        for _ in range(3):
            assert await client.post(url) == []
            assert client.sockets == 1


async def test_a_poll_is_not_sent_before_the_last_answer_is_closed() -> None:
    bodies = [Flood(b"<html>"), Flood(b"<html>")]
    closed = []

    def answer(_: httpx.Request) -> httpx.Response:
        closed.append([body.closed for body in bodies])
        return httpx.Response(502, stream=bodies[len(closed) - 1])

    request = PollRequest(httpx_kwargs={"transport": httpx.MockTransport(answer)})
    for _ in bodies:
        with pytest.raises(TelegramError):
            await request.post("http://localhost/bot/getUpdates")
    await request.shutdown()

    assert closed == [[False, False], [True, False]]
