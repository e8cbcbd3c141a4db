"""The HTTP client of the Bot API, which survives lost connections.

httpcore 1.0.9 loses a pooled connection if a request is cancelled while its answer
arrives; once all are lost, the bot can receive but not send. So no request is ever
cancelled: a caller that stops waiting leaves it to httpx's own timeouts. A pool that is
exhausted, or has had no answer for a minute, is replaced by a new one.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

import httpx
from telegram import Bot
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from bot.bot_api.answers import Body, JsonObject, UnreadableAnswer
from core.loop_time import loop_time
from core.model.errors import OpenbellError


_log: Final = logging.getLogger(__name__)

NEW_POOL_AFTER: Final = 60.0
"""Seconds without any answer after which a new pool is made."""

REBUILDS: Final = 2
"""After this many new pools in a row without an answer, and a minute with the last one,
the bot counts as unable to send."""

GRACE: Final = 3.0
"""Seconds that requests under way may take to end when the client is shut down."""


class SendingFailed(OpenbellError):
    """Telegram answers our polls, but nothing that we send: start again."""


RawAnswer = tuple[int, bytes]


class Client(BaseRequest):
    """Sends requests over a pool of connections made by *build*.

    *grace* is how many seconds a shutdown waits for pending requests. Any HTTP answer,
    even an error, counts as an answer.
    """

    def __init__(
        self, build: Callable[[], HTTPXRequest], *, grace: float = GRACE
    ) -> None:
        self._build = build
        self._grace = grace
        self._pool = build()
        self._retired: dict[HTTPXRequest, asyncio.Task[None]] = {}
        self._under_way: dict[
            asyncio.Task[RawAnswer | TelegramError], HTTPXRequest
        ] = {}
        self._failing_since: float | None = None
        self._rebuilt = 0
        self.pools = 1
        """How many pools there have been."""
        self.answered_at = float("-inf")
        """The event loop's time of the newest answer."""
        self.failed_from = float("-inf")
        """When the newest request that brought no answer was sent."""
        self.silent_since: float | None = None
        """Since when (loop time) the last of several pools in a row has had no answer
        either; None while it may still work."""

    # what python-telegram-bot asks for

    @property
    def read_timeout(self) -> float | None:
        return self._pool.read_timeout

    async def initialize(self) -> None:
        await self._pool.initialize()

    async def shutdown(self) -> None:
        """Give pending requests the grace period, then close every connection."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=self._grace)
        for request in (*self._under_way, *self._retired.values()):
            request.cancel()
        for pool in (self._pool, *self._retired):
            await pool.shutdown()
        self._retired.clear()

    @staticmethod
    def parse_json_payload(payload: bytes) -> JsonObject:
        """What *payload* says; it is not parsed again if that is known."""
        if isinstance(payload, Body):
            return payload.said
        return BaseRequest.parse_json_payload(payload)

    async def do_request(self, *args: Any, **named: Any) -> RawAnswer:
        """Send a request. Cancelling this only stops the waiting, not the request.

        Raises:
            TelegramError: no answer came.
        """
        request = asyncio.create_task(  # noqa: TID251  it outlives who waits for it
            self._exchange(self._pool, *args, **named), name="request to Telegram"
        )
        self._under_way[request] = self._pool
        request.add_done_callback(self._under_way.pop)
        answer = await asyncio.shield(request)
        if isinstance(answer, TelegramError):
            raise answer
        return answer

    async def quiet(self) -> None:
        """Return when no request is pending and every old pool is closed."""
        while left := (*self._under_way, *self._retired.values()):
            await asyncio.wait(left)

    # how it fares

    @property
    def sockets(self) -> int:
        """How many connections are open, or being opened."""
        return sum(map(_connections, (self._pool, *self._retired)))

    async def _exchange(
        self, pool: HTTPXRequest, *args: Any, **named: Any
    ) -> RawAnswer | TelegramError:
        began = loop_time()
        try:
            answer = await pool.do_request(*args, **named)
        except asyncio.CancelledError:
            return NetworkError("The client is shut down.")
        except UnreadableAnswer as answer:
            self._note_answer()
            return answer
        except TelegramError as error:
            self.failed_from = max(began, self.failed_from)
            self._note_failure(pool, error)
            return error
        self._note_answer()
        return answer

    def _note_answer(self) -> None:
        self._failing_since = self.silent_since = None
        self._rebuilt = 0
        self.answered_at = loop_time()

    def _note_failure(self, pool: HTTPXRequest, error: TelegramError) -> None:
        if pool is not self._pool:
            return
        self._failing_since = since = self._failing_since or loop_time()
        for_long = loop_time() - since >= NEW_POOL_AFTER
        if for_long and self._rebuilt >= REBUILDS:
            self.silent_since = since
        if for_long or isinstance(error.__cause__, httpx.PoolTimeout):
            self._rebuild()

    def _rebuild(self) -> None:
        """Use a new pool from now on; the old one closes once it has no requests."""
        self._rebuilt += 1
        self.pools += 1
        self._failing_since = None
        _log.error("no answer from Telegram: connecting anew (%s)", self._rebuilt)
        old, self._pool = self._pool, self._build()
        self._retired[old] = asyncio.create_task(  # noqa: TID251  as long as its last
            self._retire(old), name="old pool"
        )

    async def _retire(self, pool: HTTPXRequest) -> None:
        last = [task for task, its in self._under_way.items() if its is pool]
        if last:
            await asyncio.wait(last)
        await pool.shutdown()
        self._retired.pop(pool, None)


async def raise_when_sending_fails(
    sender: Client, poller: Client, *, look: float = 5.0
) -> None:
    """Watch forever that *sender* gets answers when *poller* does. After an outage
    the polls may be answered first, so sending gets some time.

    Raises:
        SendingFailed: polls were answered while no other request was for minutes, not even over
            new connections.
    """
    first_poll: float | None = None
    while True:
        await asyncio.sleep(look)
        since = sender.silent_since
        if since is None or poller.answered_at <= since:
            first_poll = None
            continue
        first_poll = poller.answered_at if first_poll is None else first_poll
        if sender.failed_from > first_poll:
            raise SendingFailed(
                "Telegram answers polls, and nothing that is sent. Start again."
            )


def sending_client(bot: Bot) -> Client:
    """The client that *bot* sends with."""
    assert isinstance(bot.request, Client)
    return bot.request


def _connections(request: HTTPXRequest) -> int:
    """The connections of all its pools, including the proxy's; httpx has no API for
    it."""
    client = request._client  # noqa: SLF001  shown to nobody
    transports = (client._transport, *client._mounts.values())  # noqa: SLF001  shown to nobody
    return sum(
        len(transport._pool.connections)  # noqa: SLF001  shown to nobody
        for transport in transports
        if isinstance(transport, httpx.AsyncHTTPTransport)
    )
