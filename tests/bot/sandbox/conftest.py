"""A running server for each test; the real client library and plain HTTP beside it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.sandbox.server import BotApiServer, serve


MORNING = datetime(2026, 11, 23, 14, 36, tzinfo=UTC)
KEY = {"text": "Yes", "callback_data": "y"}


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with serve(clock=lambda: MORNING) as running:
        yield running


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[Bot]:
    async with a_bot(server) as client:
        yield client


def a_bot(server: BotApiServer, *, token: str = "") -> Bot:
    """Return a client of *server*; proxies of this machine are none of its business."""
    return Bot(
        token or server.token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        request=HTTPXRequest(httpx_kwargs={"trust_env": False}),
        get_updates_request=HTTPXRequest(httpx_kwargs={"trust_env": False}),
    )


class Api:
    """Calls methods of a server and returns status and body."""

    def __init__(self, session: ClientSession, server: BotApiServer) -> None:
        self._session = session
        self._server = server

    async def __call__(self, method: str, **values: Any) -> Any:
        address = f"{self._server.base_url}{self._server.token}/{method}"
        async with self._session.post(address, json=values) as answer:
            return await answer.json()

    async def says(self, method: str, **values: Any) -> str:
        """Return the refusal's description."""
        body = await self(method, **values)
        assert body["ok"] is False
        return str(body["description"])


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as opened:
        yield opened


@pytest.fixture
def api(session: ClientSession, server: BotApiServer) -> Api:
    return Api(session, server)


def keyboard(*buttons: Any) -> dict[str, Any]:
    """Return an inline keyboard of one row."""
    return {"inline_keyboard": [list(buttons)]}
