"""No request is cut short, and a client that gets no answers is made anew."""

import asyncio
import random
from collections.abc import AsyncIterator, Coroutine
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any

import pytest
from telegram import Bot
from telegram.error import TelegramError, TimedOut
from telegram.request import HTTPXRequest

from bot.bot_api import pools
from bot.bot_api.pools import (
    Client,
    SendingFailed,
    raise_when_sending_fails,
    sending_client,
)
from bot.outgoing.delivery import Delivery, edit, send
from bot.outgoing.page import Page
from bot.sandbox.faults import Fault
from bot.sandbox.server import OWNER, BotApiServer
from tests.bot.hands import Halt


TURNS = 1_000
SIZE = 16
PLAIN = SSLContext(PROTOCOL_TLS_CLIENT)
"""Never used: the sandbox speaks plain HTTP."""


async def turns_of_the_loop(editing: Coroutine[Any, Any, object]) -> int:
    """How often the loop turns until *editing* is done."""
    turns = 0
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(editing)
        while not task.done():
            await asyncio.sleep(0)
            turns += 1
    return turns


async def left_after(turns: int, editing: Coroutine[Any, Any, object]) -> None:
    """Stop waiting for *editing* after so many turns of the loop, wherever it is."""
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(editing)
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()


@pytest.mark.attack(11)
async def test_a_thousand_edits_left_at_random_moments_lose_no_connection(
    bot: Bot,
) -> None:
    dice = random.Random(11)
    first = await send(bot, OWNER.id, Page(text="Scanning …"))
    assert first.message
    longest = 0
    for turn in range(TURNS):
        editing = edit(bot, OWNER.id, first.message, Page(text=f"turn {turn}"))
        if turn % 100 == 0:
            longest = max(longest, await turns_of_the_loop(editing))
        else:
            await left_after(dice.randint(1, longest), editing)

    said = [send(bot, OWNER.id, Page(text=f"at once {n}")) for n in range(SIZE)]

    assert {one.outcome for one in await asyncio.gather(*said)} == {Delivery.DONE}
    assert sending_client(bot).sockets <= SIZE
    assert sending_client(bot).pools == 1


def _pool() -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=1, pool_timeout=0.05, httpx_kwargs={"verify": PLAIN}
    )


class Line:
    """A client with a pool of one connection, and the address of what it asks."""

    def __init__(self, server: BotApiServer, *, grace: float = pools.GRACE) -> None:
        self.server = server
        self.client = Client(_pool, grace=grace)

    async def ask(self, *, read_timeout: float = 5.0) -> None:
        """Ask who the bot is.

        Raises:
            TelegramError: nobody answered.
        """
        url = f"{self.server.base_url}{self.server.token}/getMe"
        await self.client.post(url, read_timeout=read_timeout)

    def hang(self, *, times: int) -> Halt:
        """Let the next requests of it hang until the event that is returned is set."""
        halt = Halt()
        self.server.faults.next("getMe", Fault(hold=halt), times=times)
        return halt


@pytest.fixture
async def line(server: BotApiServer) -> AsyncIterator[Line]:
    line = Line(server)
    async with line.client:
        yield line


@pytest.mark.attack(11)
async def test_an_exhausted_pool_is_replaced_at_once(line: Line) -> None:
    hanging = line.hang(times=1)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(line.ask(read_timeout=5))
        await hanging.reached.wait()
        with pytest.raises(TimedOut, match="Pool timeout"):
            await line.ask()
        await line.ask()
        both = line.client.sockets
        hanging.set()

    await line.client.quiet()
    assert both == 2
    assert line.client.sockets == 1


@pytest.mark.attack(11)
async def test_a_client_without_an_answer_for_long_is_made_anew(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "NEW_POOL_AFTER", 0.0)
    line.hang(times=1)

    await fail(line)
    made_anew = line.client.pools
    await line.ask()

    assert made_anew == 2
    assert line.client.silent_since is None


async def test_a_client_that_failed_once_keeps_its_connections(line: Line) -> None:
    line.hang(times=1)

    await fail(line)

    assert line.client.pools == 1


async def fail_for(line: Line, *, times: int) -> None:
    line.hang(times=times)
    for _ in range(times):
        await fail(line)


async def fail(line: Line, *, read_timeout: float = 0.05) -> str:
    with pytest.raises(TelegramError) as failed:
        await line.ask(read_timeout=read_timeout)
    return str(failed.value)


@pytest.mark.attack(11)
async def test_a_bot_that_hears_and_cannot_speak_ends(
    line: Line, server: BotApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "NEW_POOL_AFTER", 0.0)
    polling_client = Line(server)
    await fail_for(line, times=pools.REBUILDS + 1)

    async with polling_client.client:
        await polling_client.ask()
        monkeypatch.setattr(pools, "NEW_POOL_AFTER", 60.0)
        line.hang(times=100)
        with pytest.raises(ExceptionGroup) as failure:
            await watched_while_it_fails(line, polling_client)

    assert failure.group_contains(SendingFailed)


async def watched_while_it_fails(line: Line, polling_client: Line) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(
            raise_when_sending_fails(line.client, polling_client.client, look=0.001)
        )
        while True:
            await fail(line)


@pytest.mark.attack(11)
async def test_a_bot_that_hears_again_after_an_outage_gets_time_to_speak(
    line: Line, server: BotApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "NEW_POOL_AFTER", 0.0)
    polling_client = Line(server)
    await fail_for(line, times=pools.REBUILDS + 1)

    async with polling_client.client:
        await polling_client.ask()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await raise_when_sending_fails(
                    line.client, polling_client.client, look=0.001
                )


@pytest.mark.attack(11)
async def test_a_bot_that_neither_hears_nor_speaks_waits_for_the_network(
    line: Line, server: BotApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "NEW_POOL_AFTER", 0.0)
    polling_only = Line(server)
    await fail_for(line, times=pools.REBUILDS + 1)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await raise_when_sending_fails(line.client, polling_only.client, look=0.001)


async def test_a_shutdown_lets_a_request_end(server: BotApiServer) -> None:
    line = Line(server)
    hanging = line.hang(times=1)
    async with asyncio.TaskGroup() as tasks, line.client:
        asked = tasks.create_task(line.ask(read_timeout=5))
        await hanging.reached.wait()
        tasks.create_task(_set_soon(hanging))

    assert asked.done()
    assert asked.exception() is None


async def _set_soon(event: asyncio.Event) -> None:
    await asyncio.sleep(0)
    event.set()


async def test_a_shutdown_does_not_wait_for_ever(server: BotApiServer) -> None:
    line = Line(server, grace=0.0)
    hanging = line.hang(times=1)
    async with asyncio.TaskGroup() as tasks:
        asked = tasks.create_task(fail(line, read_timeout=5))
        await hanging.reached.wait()
        await line.client.shutdown()

    assert "shut down" in asked.result()
