"""A webhook does not make the bot deaf, and is not borne in silence."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from telegram import Bot

from bot import poll
from bot.bot_api.client import PollRequest
from bot.bot_api.pools import Client
from bot.poll import Poll
from bot.sandbox.faults import Fault
from bot.sandbox.server import BotApiServer
from bot.views import announcements, status, words
from bot.views.alarms import A_WEBHOOK, ANOTHER_READER
from core.model.news import TradingHalted
from core.rules.common_guards import not_halted
from tests.bot.hands import running
from tests.bot.values import a_status
from tests.builders import NOW, limits
from tests.core.rules.asked import a_readiness
from tests.simulation.in_tests import simulated_run


HOOK = "https://thief.example/hook"


class Reader:
    """Polls for ever and keeps what comes, and what it is told of other readers."""

    def __init__(self, bot: Bot, server: BotApiServer) -> None:
        self.poll = Poll(bot=bot, on_alarm=self._note)
        self.server = server
        self.received: list[str] = []
        self.contested: list[str] = []

    def _note(self, reason: str) -> None:
        self.contested.append(reason)

    async def read(self) -> None:
        offset: int | None = None
        async with self.poll.connection:
            while True:
                for update in await self.poll.updates(offset):
                    offset = update["update_id"] + 1
                    self.received.append(update["message"]["text"])
                    self.server.chats.tell("received")  # rings the bell of who waits

    async def has_received(self, *said: str) -> None:
        await self.server.phone.wait_for(lambda _: self.received == list(said))

    def calls(self, method: str) -> list[dict[str, Any]]:
        return [call.values for call in self.server.calls if call.method == method]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_PAUSE", "LONGEST_PAUSE", "CONTESTED_PAUSE"):
        monkeypatch.setattr(poll, name, 0.01)


@pytest.fixture
async def reader(bot: Bot, server: BotApiServer) -> Reader:
    return Reader(bot, server)


async def test_a_webhook_that_was_set_before_the_start_is_taken_away(
    reader: Reader, server: BotApiServer
) -> None:
    server.chats.webhook = HOOK
    await server.phone.send("before the start")

    async with running(reader.read()):
        await reader.has_received("before the start")

    assert server.chats.webhook == ""
    assert reader.contested == [A_WEBHOOK]


async def test_a_webhook_that_is_set_during_a_poll_is_taken_away(
    reader: Reader, server: BotApiServer, bot: Bot
) -> None:
    async with running(reader.read()):
        await server.phone.wait_for(lambda _: server.page.polls)
        await bot.set_webhook(HOOK)
        await server.phone.send("meanwhile")
        await reader.has_received("meanwhile")

    assert reader.contested == [A_WEBHOOK]


async def test_taking_it_away_drops_nothing_that_waits(
    reader: Reader, server: BotApiServer
) -> None:
    server.chats.webhook = HOOK
    for said in ("one", "two"):
        await server.phone.send(said)

    async with running(reader.read()):
        await reader.has_received("one", "two")

    assert reader.calls("deleteWebhook") == [{}]


async def test_a_webhook_that_cannot_be_taken_away_at_once_is_tried_again(
    reader: Reader, server: BotApiServer
) -> None:
    server.chats.webhook = HOOK
    server.faults.next("deleteWebhook", Fault(status=500), times=2)
    await server.phone.send("still here")

    async with running(reader.read()):
        await reader.has_received("still here")

    assert reader.contested == [A_WEBHOOK]


async def test_one_that_is_set_again_is_told_again(
    reader: Reader, server: BotApiServer, bot: Bot
) -> None:
    async with running(reader.read()):
        for said in (["one"], ["one", "two"]):
            await server.phone.wait_for(lambda _: server.page.polls)
            await bot.set_webhook(HOOK)
            await server.phone.send(said[-1])
            await reader.has_received(*said)

    assert reader.contested == [A_WEBHOOK, A_WEBHOOK]


async def test_another_poller_is_not_taken_for_a_webhook(
    reader: Reader, server: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.next("getUpdates", Fault(status=409), times=2)
    await server.phone.send("hello")

    async with running(reader.read()):
        await reader.has_received("hello")

    assert reader.calls("deleteWebhook") == []
    assert reader.contested == []
    errors = [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]
    assert errors == ["somebody else polls Telegram with our token (409)"]


@pytest.mark.parametrize("reason", [ANOTHER_READER, A_WEBHOOK])
def test_what_the_owner_is_told_of_it_fits_whole(reason: str) -> None:
    told = announcements.trading_halted(TradingHalted(at=NOW, reason=reason))
    [block] = [text for _, text in not_halted(a_readiness(halted=reason), limits())]
    asked = status.status(a_status(halted=reason, blocks=(block,)), sockets=2)

    assert f"{words.safe(reason)}.\n" in told
    assert f"{words.safe(reason)}. /resume allows it.\n" in asked


@pytest.mark.attack(12)
async def test_answers_that_are_cut_off_on_the_way_lose_no_update(
    reader: Reader, server: BotApiServer
) -> None:
    """Nothing is wrong with the updates: they are asked for until they come whole."""
    cut = Fault(instead='{"ok":true,"result":[{"update_id":')
    server.faults.next("getUpdates", cut, times=12)
    for said in ("one", "two", "three"):
        await server.phone.send(said)

    async with running(reader.read()):
        await reader.has_received("one", "two", "three")

    assert reader.contested == []


@pytest.mark.attack(12)
@pytest.mark.parametrize("result", ["", ',"result":null', ',"result":{}'])
async def test_an_answer_without_updates_is_an_outage_and_skips_none(
    reader: Reader, server: BotApiServer, result: str
) -> None:
    """After half a minute it was taken for an update that cannot be read, which halts,
    and what waited was left out as well."""
    server.faults.next("getUpdates", Fault(instead=f'{{"ok":true{result}}}'), times=12)
    for said in ("one", "two"):
        await server.phone.send(said)

    async with running(reader.read()):
        await reader.has_received("one", "two")

    assert reader.contested == []


class SlowLine(httpx.AsyncByteStream):
    """An answer whose updates take a second each."""

    def __init__(self, numbers: range) -> None:
        self._numbers = numbers

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"ok":true,"result":['
        for place, number in enumerate(self._numbers):
            await asyncio.sleep(1.0)
            yield b"," * bool(place) + json.dumps({"update_id": number}).encode()
        yield b"]}"


def of_a_hundred(request: httpx.Request) -> httpx.Response:
    first, most = (int(request.url.params[each]) for each in ("offset", "limit"))
    return httpx.Response(200, stream=SlowLine(range(first, min(first + most, 101))))


async def hundred_received() -> list[int]:
    over = {"transport": httpx.MockTransport(of_a_hundred)}
    poll = Poll(bot=Bot("1:x", base_url="http://localhost/bot"), on_alarm=pytest.fail)
    poll.connection = Client(lambda: PollRequest(httpx_kwargs=over))
    received: list[int] = []
    async with poll.connection, asyncio.timeout(600):
        while len(received) < 100:
            updates = await poll.updates(len(received) + 1)
            poll.note_received(updates)
            received += [each["update_id"] for each in updates]
    return received


@pytest.mark.attack(12)
def test_over_a_slow_line_fewer_updates_are_asked_for() -> None:
    """A hundred after an outage were given up before their end, again and again."""
    assert simulated_run(hundred_received()) == [*range(1, 101)]
