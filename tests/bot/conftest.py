"""A local Bot API server, a client of it, and a journal, fresh for each test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from telegram import Bot

from bot.bot_api.client import telegram_request
from bot.outgoing.delivery import waits_are_durations
from bot.sandbox.server import BotApiServer, serve
from tests.bot.hands import RingingJournal, Watch
from tests.builders import NOW
from tests.harness.inbox import RecordingInbox
from tests.harness.outbox import OutboxHarness


@pytest.fixture
def clock() -> Watch:
    return Watch(NOW)


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with serve(clock=lambda: NOW) as running:
        yield running


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[Bot]:
    waits_are_durations()
    client = Bot(
        server.token,
        base_url=server.base_url,
        request=telegram_request(server.base_url),
        get_updates_request=telegram_request(server.base_url),
    )
    async with client:
        yield client


@pytest.fixture
def journal(tmp_path: Path, clock: Watch) -> Iterator[RingingJournal]:
    with RingingJournal.opened(tmp_path / "journal.db", clock=clock) as journal:
        yield journal


@pytest.fixture
def harness(bot: Bot, journal: RingingJournal, server: BotApiServer) -> OutboxHarness:
    return OutboxHarness(bot, journal, server)


@pytest.fixture
async def recording(
    server: BotApiServer, journal: RingingJournal, clock: Watch
) -> RecordingInbox:
    return RecordingInbox(server, journal, clock)
