"""What systemd is told, over a socket as it opens one."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.health.supervisor
from bot.health.supervisor import USUALLY, keep_alive, keep_telling, notify, pause
from tests.bot.health.health_readings import health_readings
from tests.bot.values import a_status


@pytest.fixture
def supervisor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[socket.socket]:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        listening.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        yield listening


async def is_polling(supervisor: socket.socket) -> list[str]:
    data = await asyncio.get_running_loop().sock_recv(supervisor, 4096)
    return data.decode().splitlines()


async def test_it_is_told_again_and_again_that_the_loop_turns_and_then_the_end(
    supervisor: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "20000")
    async with asyncio.TaskGroup() as tasks:
        living = tasks.create_task(keep_alive())
        told = [await is_polling(supervisor) for _ in range(3)]
        living.cancel()
    last = await is_polling(supervisor)

    assert told == [["WATCHDOG=1"]] * 3
    assert last == ["STOPPING=1"]


async def test_it_is_told_once_that_the_bot_is_ready(
    supervisor: socket.socket,
) -> None:
    async with asyncio.TaskGroup() as tasks:
        telling = tasks.create_task(keep_telling(health_readings))
        told = await is_polling(supervisor)
        telling.cancel()

    assert told == ["READY=1", "STATUS=Ready to trade"]


async def test_why_it_is_not_ready_stands_in_the_status(
    supervisor: socket.socket,
) -> None:
    blocked = health_readings(status=a_status(blocks=("IB Gateway is not connected",)))
    async with asyncio.TaskGroup() as tasks:
        telling = tasks.create_task(keep_telling(lambda: blocked))
        told = await is_polling(supervisor)
        telling.cancel()

    assert "STATUS=Not ready: IB Gateway is not connected" in told


async def test_what_is_not_ready_is_looked_at_again_soon(
    supervisor: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.health.supervisor, "SOON", 0.01)
    seen = iter([health_readings(status=a_status(blocks=("no line",)))])
    async with asyncio.TaskGroup() as tasks:
        telling = tasks.create_task(
            keep_telling(lambda: next(seen, None) or health_readings())
        )
        told = [await is_polling(supervisor) for _ in range(2)]
        telling.cancel()

    assert told[0] == ["READY=1", "STATUS=Not ready: no line"]
    assert told[1] == ["STATUS=Ready to trade"]


async def test_without_a_supervisor_it_ends_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)

    await keep_telling(health_readings)
    await keep_alive()


def test_a_supervisor_that_is_gone_ends_nothing(tmp_path: Path) -> None:
    assert notify({"READY": "1"}, {"NOTIFY_SOCKET": str(tmp_path / "gone")})


@pytest.mark.parametrize(
    ("microseconds", "seconds"),
    [("60000000", 30.0), ("20000000", 10.0), ("0", USUALLY), ("", USUALLY)],
)
def test_a_sign_of_life_comes_twice_within_what_the_watchdog_waits(
    microseconds: str, seconds: float
) -> None:
    assert pause({"WATCHDOG_USEC": microseconds}) == seconds
