"""The ping that tells by its absence."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.health.dead_man import keep_pinging
from bot.sandbox.changes import Changes


@dataclass
class Watcher:
    """Counts the pings; answers with *status*, and with a body that never ends if
    *endless*."""

    status: str = "200 OK"
    endless: bool = False
    asked: list[str] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    url: str = ""

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.decode().splitlines()[0])
        length = 10**9 if self.endless else 0
        end = f"HTTP/1.1 {self.status}\r\nContent-Length: {length}\r\n\r\n"
        writer.write(end.encode())
        await writer.drain()
        self.changes.announce()
        if self.endless:
            await reader.read()  # until the other side closes
        writer.close()

    async def was_asked(self, times: int) -> None:
        while len(self.asked) < times:
            await self.changes.wait()


@asynccontextmanager
async def a_watcher(status: str = "200 OK") -> AsyncIterator[Watcher]:
    watcher = Watcher(status)
    server = await asyncio.start_server(watcher.serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        watcher.url = f"http://127.0.0.1:{port}/a-secret-name"
        yield watcher


async def test_it_pings_again_and_again() -> None:
    async with a_watcher() as watcher, asyncio.TaskGroup() as tasks:
        pinging = tasks.create_task(
            keep_pinging(watcher.url, is_polling=lambda: True, every=0.01)
        )
        await watcher.was_asked(3)
        pinging.cancel()

    assert set(watcher.asked) == {"GET /a-secret-name HTTP/1.1"}


async def test_only_the_status_of_an_answer_is_waited_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with a_watcher() as watcher, asyncio.TaskGroup() as tasks:
        watcher.endless = True
        pinging = tasks.create_task(
            keep_pinging(watcher.url, is_polling=lambda: True, every=0.01)
        )
        await watcher.was_asked(3)
        pinging.cancel()

    assert "no sign of life" not in caplog.text


async def test_a_bot_that_does_not_hear_telegram_does_not_ping() -> None:
    asked: list[bool] = []

    def is_polling() -> bool:
        asked.append(True)
        return len(asked) > 5

    async with a_watcher() as watcher, asyncio.TaskGroup() as tasks:
        pinging = tasks.create_task(
            keep_pinging(watcher.url, is_polling=is_polling, every=0.01)
        )
        await watcher.was_asked(1)
        pinging.cancel()

    assert len(asked) >= 6


async def test_what_goes_wrong_is_logged_once_and_without_the_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with a_watcher("503 No") as watcher, asyncio.TaskGroup() as tasks:
        pinging = tasks.create_task(
            keep_pinging(watcher.url, is_polling=lambda: True, every=0.01)
        )
        await watcher.was_asked(3)
        pinging.cancel()

    assert caplog.text.count("no sign of life was sent: answered 503") == 1
    assert "a-secret-name" not in caplog.text
