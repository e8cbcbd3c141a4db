"""Requests to the Bot API: their connection, and how their answers are read."""

from typing import Any, Final
from urllib.parse import urlencode

import httpx
from telegram.request import BaseRequest, HTTPXRequest

from bot.bot_api.answers import LARGEST_ANSWER, UnfinishedAnswer, readable, unread
from bot.bot_api.packed import unpacked
from bot.bot_api.pools import GRACE, Client
from bot.bot_api.way import Way, way_to
from core.loop_time import loop_time


LONGEST_BODY: Final = 30.0
"""Seconds that an answer may take from its status to its last byte. A server that sends a
byte now and then would never be given up otherwise."""


class _NoCookies(httpx.Cookies):
    """Keeps none. The Bot API has none, and httpx looks for them in each answer, before
    it is read: a tap waited for that."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Does nothing."""


class _BoundedClient(httpx.AsyncClient):
    """Reads a little more than LARGEST_ANSWER of an answer, and leaves the rest. Nothing
    packed is asked for, since unpacking takes time; see ``unpacked``."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self._cookies = _NoCookies()  # its setter makes a copy
        self.headers["Accept-Encoding"] = "identity"

    async def send(self, request: httpx.Request, **named: Any) -> httpx.Response:
        answer = await super().send(request, **(named | {"stream": True}))
        try:
            body = await _beginning(answer)
        finally:
            await self._end(answer)
        content = unpacked(body, answer.headers.get("Content-Encoding", ""))
        return httpx.Response(answer.status_code, content=content, request=request)

    async def _end(self, answer: httpx.Response) -> None:
        """Give the connection of *answer*, which was read, back to the pool."""
        await answer.aclose()


class _PollingClient(_BoundedClient):
    """For one request after the other: the connection is given back right before the next
    one, for a tap that was read waits meanwhile."""

    _read: httpx.Response | None = None

    async def send(self, request: httpx.Request, **named: Any) -> httpx.Response:
        if self._read is not None:
            await self._read.aclose()
        return await super().send(request, **named)

    async def _end(self, answer: httpx.Response) -> None:
        self._read = answer


async def _beginning(answer: httpx.Response) -> bytes:
    """Raises UnfinishedAnswer if it takes too long."""
    end = loop_time() + LONGEST_BODY
    body = bytearray()
    assert isinstance(answer.stream, httpx.AsyncByteStream)
    async for part in answer.stream:  # aiter_raw() gives the connection back as well
        body += part
        if len(body) > LARGEST_ANSWER:
            break
        if loop_time() > end:
            raise UnfinishedAnswer
    return bytes(body)


class BotApiRequest(HTTPXRequest):
    """Passes on only answers that python-telegram-bot can parse; see ``readable``."""

    def _build_client(self) -> httpx.AsyncClient:
        return _BoundedClient(**self._client_kwargs)

    async def do_request(self, url: str, *rest: Any, **named: Any) -> tuple[int, bytes]:
        """Raises UnreadableAnswer and UnfinishedAnswer besides what HTTPXRequest raises."""
        code, payload = await super().do_request(url, *rest, **named)
        read = readable if len(payload) <= LARGEST_ANSWER else unread
        return read(_method(url), code, payload)


class PollRequest(BotApiRequest):
    """The same for polls, of which there is one at a time."""

    def _build_client(self) -> httpx.AsyncClient:
        return _PollingClient(**self._client_kwargs)


def _method(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


async def raw_updates(
    client: BaseRequest, base_url: str, *, within: float, **query: str | int
) -> list[dict[str, Any]]:
    """The updates that wait for the bot at *base_url*, as Telegram sends them: one that
    python-telegram-bot cannot read would hide the others of its batch. *query* is
    getUpdates'; the answer may take *within* seconds."""
    answer = await client.post(
        f"{base_url}/getUpdates?{urlencode(query)}", read_timeout=within
    )
    assert isinstance(answer, list)
    return answer


def telegram_request(
    base_url: str, *, grace: float = GRACE, kind: type[BotApiRequest] = BotApiRequest
) -> Client:
    """A client of the Bot API at *base_url* that keeps its connections. At shutdown,
    pending requests have *grace* seconds to finish.

    Raises:
        SettingsWrong: the environment names a proxy or certificates of no use.
    """
    way = way_to(base_url)
    return Client(lambda: _pool(way, kind), grace=grace)


def _pool(way: Way, kind: type[BotApiRequest]) -> BotApiRequest:
    return kind(
        connection_pool_size=16,
        read_timeout=10.0,
        proxy=way.proxy,
        httpx_kwargs={"trust_env": False, "verify": way.trusted},
    )
