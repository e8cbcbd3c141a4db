"""A running server for each test, and the real client library beside it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.sandbox.server import BotApiServer, serve


MORNING = datetime(2026, 11, 23, 14, 36, tzinfo=UTC)


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
