"""The unchanged bot in a process of its own, whose clock somebody else sets."""

import asyncio
import os
import signal
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Final, TypeAlias

import bot.app
from bot.health.supervisor import keep_alive
from bot.loop_watchdog import watched
from bot.machine import Machine
from bot.redact import set_up_logging
from core.chance import random_bytes
from core.clock import SystemClock
from core.schedule import looking
from core.settings.settings import Settings
from tests.campaign.dying_bot import QUICK, SHORT, end_with_the_parent, settings_of


LOOK: Final = 0.5
"""Seconds between two looks at what is due: a day takes only some."""

_SPAWN: Final = get_context("spawn")

Ahead: TypeAlias = "Synchronized[float]"
"""Seconds by which the bot's clock is ahead of this machine's."""


class JumpingClock:
    """The product's Clock: this machine's, ahead by what somebody else says; the time
    between is the machine's sleep."""

    def __init__(self, ahead: Ahead) -> None:
        self._ahead, self._machine = ahead, SystemClock()

    def now(self) -> datetime:
        """This moment, in UTC."""
        return self._machine.now() + timedelta(seconds=self._ahead.value)

    def boottime(self) -> float:
        """Seconds since some moment before the start, sleep included."""
        return self._machine.boottime() + self._ahead.value


def ahead_by(moment: datetime) -> float:
    """Seconds from this machine's clock to *moment*."""
    return (moment - datetime.now(UTC)).total_seconds()  # noqa: TID251  it is the offset


def shared(ahead: float) -> Ahead:
    """A distance that two processes share."""
    return _SPAWN.Value("d", ahead)


def begun(settings: Mapping[str, str], ahead: Ahead, log: Path) -> SpawnProcess:
    """A bot with *settings*, as its environment would say them; it writes to *log*."""
    process = _SPAWN.Process(
        target=_live, args=(dict(settings), ahead, log), daemon=True
    )
    process.start()
    return process


def _live(words: dict[str, str], ahead: Ahead, log: Path) -> None:
    end_with_the_parent()
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    settings = settings_of(words, log.parent)
    set_up_logging("INFO", secrets=[settings.token()])
    vars(bot.app)["looking"] = partial(looking, every=LOOK)
    machine = Machine(
        clock=JumpingClock(ahead), random_bytes=random_bytes, watched=watched
    )
    asyncio.run(_until_told(settings, machine))


async def _until_told(settings: Settings, machine: Machine) -> None:
    """As bot.run does: it lives until a signal comes, and says that its loop turns."""
    live = bot.app.live(settings, timeouts=SHORT, timing=QUICK, machine=machine)
    async with asyncio.TaskGroup() as tasks:
        life = tasks.create_task(live, name="life")
        alive = tasks.create_task(keep_alive(), name="supervisor")
        life.add_done_callback(lambda _: alive.cancel())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, life.cancel)
