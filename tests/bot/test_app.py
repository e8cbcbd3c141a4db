"""The application opens in order, closes in order, and keeps to its own journal."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from bot.app import live
from bot.health.look_through import look_through
from bot.inbox import Inbox
from bot.sandbox.faults import Fault
from core.clock import SystemClock
from core.model.errors import StoreBusy
from core.settings.settings import Settings
from core.store.disk import held
from core.store.inspection import damage
from core.store.journal import Journal
from tests.harness.product import ProductHarness, at, opened
from tests.harness.sockets import a_taken_port
from tests.harness.waiting import SOON


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[ProductHarness]:
    """Both sandboxes; the bot is not started."""
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        yield harness


def settings_of(harness: ProductHarness) -> Settings:
    words = harness.settings.items()
    return Settings.model_validate(
        {name.removeprefix("OPENBELL_").lower(): word for name, word in words}
    )


async def test_it_lives_until_it_is_cancelled_and_leaves_nothing_open(
    harness: ProductHarness,
) -> None:
    settings = settings_of(harness)
    before = asyncio.all_tasks()
    life = asyncio.create_task(live(settings))  # noqa: TID251  cancelled below
    await harness.ready()

    life.cancel()
    await asyncio.wait({life}, timeout=SOON)

    assert life.cancelled()
    assert asyncio.all_tasks() <= before
    with held(settings.journal):  # it is free again
        assert not settings.journal.with_name(f"{settings.journal.name}-wal").exists()


async def test_with_the_journal_of_another_it_speaks_to_nobody(
    harness: ProductHarness,
) -> None:
    settings = settings_of(harness)

    with held(settings.journal), pytest.raises(StoreBusy):
        await live(settings)

    assert not harness.gateway.connections
    assert not harness.chat.calls


async def test_a_menu_that_cannot_be_set_keeps_nobody_from_trading(
    harness: ProductHarness,
) -> None:
    harness.chat.faults.next("setMyCommands", Fault(status=400))
    async with asyncio.TaskGroup() as tasks:
        life = tasks.create_task(live(settings_of(harness)))
        await harness.ready()
        life.cancel()

    asked = [
        call.status for call in harness.chat.calls if call.method == "setMyCommands"
    ]
    assert asked == [400]


async def test_a_webhook_at_the_start_halts_and_is_told_once(
    harness: ProductHarness,
) -> None:
    harness.chat.chats.webhook = "https://thief.example/hook"
    async with asyncio.TaskGroup() as tasks:
        life = tasks.create_task(live(settings_of(harness)))
        told = await harness.phone.reads("A webhook was set", within=SOON)
        await harness.phone.send("/status")
        status = await harness.phone.reads("Halted", after=told, within=SOON)
        life.cancel()

    assert told.text.startswith("Trading is halted since")
    assert "webhook" in status.text
    assert (
        sum("webhook was set" in message.text for message in harness.phone.received)
        == 2
    )


@pytest.mark.attack(12)
async def test_a_death_in_any_room_is_no_clean_end_and_the_next_start_tells_why(
    harness: ProductHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(harness)

    async def dies(_: Inbox, _tasks: asyncio.TaskGroup) -> None:
        raise RuntimeError("a slip in the inbox")

    with monkeypatch.context() as patched:
        patched.setattr(Inbox, "_receive", dies)
        with pytest.raises(ExceptionGroup):
            await live(settings)
    with Journal.opened(settings.journal, clock=SystemClock()) as journal:
        assert journal.memory.is_running()
    async with asyncio.TaskGroup() as tasks:
        life = tasks.create_task(live(settings))
        told = await harness.phone.reads("started again", within=SOON)
        life.cancel()

    assert "RuntimeError: a slip in the inbox." in told.text
    with Journal.opened(settings.journal, clock=SystemClock()) as journal:
        assert not journal.memory.is_running()


def watchdogs() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name == "watchdog"]


async def test_its_loop_is_watched_while_it_lives_and_not_after(
    harness: ProductHarness,
) -> None:
    async with asyncio.TaskGroup() as tasks:
        life = tasks.create_task(live(settings_of(harness)))
        await harness.ready()
        meanwhile = watchdogs()
        life.cancel()

    assert meanwhile == ["watchdog"]
    assert watchdogs() == []


async def test_it_is_seen_from_outside_and_tells_systemd(
    harness: ProductHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "notify"
    monkeypatch.setenv("NOTIFY_SOCKET", str(path))
    async with a_taken_port() as port:
        pass  # and free again
    settings = settings_of(harness).model_copy(update={"health_port": port})
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(path))
        supervisor.setblocking(False)
        life = asyncio.create_task(live(settings))  # noqa: TID251  cancelled below
        told = await asyncio.get_running_loop().sock_recv(supervisor, 4096)
        await harness.ready()
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"http://127.0.0.1:{port}/metrics")
        life.cancel()
        await asyncio.wait({life}, timeout=SOON)

    assert told.startswith(b"READY=1\n")
    assert "openbell_line_up 1" in answer.text.splitlines()
    assert "openbell_telegram_silence_seconds" in answer.text


async def test_a_large_journal_that_is_damaged_halts(tmp_path: Path) -> None:
    journal = tmp_path / "openbell.sqlite3"
    with Journal.opened(journal, clock=SystemClock()):
        pass
    alarms: list[str] = []
    look = partial(damage, journal)
    await look_through(look, alarms.append, after=0)
    well = alarms.copy()
    with journal.open("r+b") as file:
        file.seek(4096 * 2)
        file.write(b"\xff" * 4096)

    await look_through(look, alarms.append, after=0)

    assert well == []
    assert len(alarms) == 1
    assert "openbell restore" in alarms[0]
