"""The whole bot on the test's own simulated event loop, instead of in a process.

It is started, asked to end, and killed as a process is; ``Lives`` describes a death.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import copy_context
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Final

from bot.app import live
from bot.keep_running import keep_running
from bot.machine import Machine
from bot.simulated.environment import settings_of
from bot.simulated.pauses import Pauses
from core.clock import SystemClock
from tests.simulation.loop import LIFE, SimulatedLoop


_SHARED_MEMORY: Final = "-shm"
_ENDS_WITHIN: Final = 60.0


class Clock:
    """The machine's clock when the world began, moving on with the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._began = SystemClock().now() - timedelta(seconds=loop.time())
        self.ahead = 0.0

    def now(self) -> datetime:
        """The bot's time, UTC."""
        return self._began + timedelta(seconds=self._loop.time() + self.ahead)

    def boottime(self) -> float:
        """Seconds; this machine never sleeps."""
        return self._loop.time()


class BotInLoop:
    """One life of the bot, with the part of ``asyncio.subprocess.Process`` that tests
    use.
    """

    def __init__(self, loop: SimulatedLoop, clock: Clock, number: int) -> None:
        self._loop, self._clock, self._number = loop, clock, number
        self._main: asyncio.Task[None]
        self._folder: Path

    def begin(self, settings: Mapping[str, str]) -> None:
        read = settings_of(settings)
        self._folder = Path(read.data_dir)
        self._clock.ahead = read.clock_ahead_seconds
        machine = Machine(
            clock=self._clock,
            random_bytes=Random(self._number).randbytes,
            watched=Pauses().watched,
        )
        context = copy_context()
        context.run(LIFE.set, self._number)
        self._main = self._loop.create_task(
            keep_running(read, partial(live, machine=machine), now=self._clock.now),
            context=context,
        )

    @property
    def returncode(self) -> int | None:
        """None while it lives."""
        return 0 if self._main.done() else None

    def kill(self) -> None:
        """End it here; the next life starts from what is on disk."""
        ghosts = self._folder.with_name(f"{self._folder.name}-of-{self._number}")
        self._folder.rename(ghosts)
        shutil.copytree(
            ghosts, self._folder, ignore=shutil.ignore_patterns(f"*{_SHARED_MEMORY}")
        )
        self._loop.network.give_up_on(self._number, lose=False)
        self._main.cancel()

    async def wait(self) -> int:
        """Return when it has ended."""
        await asyncio.wait([self._main])
        return 0

    async def end(self) -> None:
        """Ask it to end, as a signal does, and check that it does."""
        self._main.cancel()
        await asyncio.wait([self._main], timeout=_ENDS_WITHIN)
        if not self._main.cancelled():
            self._main.result()


class BotsInLoop:
    """Starts one bot after the other in the same world."""

    def __init__(self, loop: SimulatedLoop) -> None:
        self._loop, self._clock, self._numbers = loop, Clock(loop), count(1)

    @asynccontextmanager
    async def __call__(self, settings: Mapping[str, str]) -> AsyncIterator[BotInLoop]:
        """As ``bot.demo.bot_process``."""
        bot = BotInLoop(self._loop, self._clock, next(self._numbers))
        bot.begin(settings)
        try:
            yield bot
        finally:
            await bot.end()
