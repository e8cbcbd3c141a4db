"""The unchanged bot in a process of its own, whose clock somebody else sets; as a program
it is what the unit of systemd starts instead of `openbell run`."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from mmap import ACCESS_READ, ACCESS_WRITE, mmap
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from pathlib import Path
from struct import Struct
from typing import Final

import bot.app
from bot.exits import ENV_FILE
from bot.health.supervisor import keep_alive
from bot.loop_watchdog import watched
from bot.machine import Machine
from bot.redact import set_up_logging
from core.chance import system_random_bytes
from core.clock import SystemClock
from core.schedule import looking
from core.settings.loading import load_settings
from core.settings.settings import Settings
from tests.campaign.dying_bot import QUICK, SHORT, end_with_the_parent, settings_of


LOOK: Final = 0.5
"""Seconds between two looks at what is due: a day takes only some."""

_SPAWN: Final = get_context("spawn")

_SECONDS: Final = Struct("d")


class Ahead:
    """Seconds by which the bot's clock is ahead of this machine's: a file that the bot
    reads and whoever made it (*made*) writes."""

    def __init__(self, file: Path, *, made: bool = False) -> None:
        if made:
            file.write_bytes(_SECONDS.pack(0))
        with file.open("r+b" if made else "rb") as opened:
            access = ACCESS_WRITE if made else ACCESS_READ
            self._shared = mmap(opened.fileno(), _SECONDS.size, access=access)

    def read(self) -> float:
        return float(_SECONDS.unpack(self._shared[:])[0])

    def jump(self, moment: datetime) -> None:
        """From now on the clock shows *moment*, and what follows it."""
        self._shared[:] = _SECONDS.pack(ahead_by(moment))


class JumpingClock:
    """The product's Clock: this machine's, ahead by what somebody else says; the time
    between is the machine's sleep."""

    def __init__(self, ahead: Ahead) -> None:
        self._ahead, self._machine = ahead, SystemClock()

    def now(self) -> datetime:
        """This moment, in UTC."""
        return self._machine.now() + timedelta(seconds=self._ahead.read())

    def boottime(self) -> float:
        """Seconds since some moment before the start, sleep included."""
        return self._machine.boottime() + self._ahead.read()


def ahead_by(moment: datetime) -> float:
    """Seconds from this machine's clock to *moment*."""
    return (moment - datetime.now(UTC)).total_seconds()  # noqa: TID251  it is the offset


def begun(settings: Mapping[str, str], ahead: Path, log: Path) -> SpawnProcess:
    """A bot with *settings*, as its environment would say them, and the clock of the file
    *ahead*; it writes to *log*."""
    process = _SPAWN.Process(
        target=_live, args=(dict(settings), ahead, log), daemon=True
    )
    process.start()
    return process


def _live(words: dict[str, str], ahead: Path, log: Path) -> None:
    end_with_the_parent()
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    _run(settings_of(words, log.parent), ahead)


def _run(settings: Settings, ahead: Path) -> None:
    set_up_logging("INFO", secrets=[settings.token()])
    vars(bot.app)["looking"] = partial(looking, every=LOOK)
    clock = JumpingClock(Ahead(ahead))
    machine = Machine(clock=clock, random_bytes=system_random_bytes, watched=watched)
    asyncio.run(_until_told(settings, machine))


async def _until_told(settings: Settings, machine: Machine) -> None:
    """As bot.run does: it lives until a signal comes, and says that its loop turns."""
    live = bot.app.live(settings, timeouts=SHORT, timing=QUICK, machine=machine)
    async with asyncio.TaskGroup() as tasks:
        life = tasks.create_task(live, name="life")
        alive = tasks.create_task(keep_alive(), name="supervisor")
        life.add_done_callback(lambda _: alive.cancel())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, life.cancel)


if __name__ == "__main__":
    _run(load_settings(ENV_FILE), Path(sys.argv[1]))
