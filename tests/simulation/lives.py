"""The lives of a bot: each starts from the files of the last, and can be ended at any
moment.

asyncio cannot stop a life in the middle when it is killed. Instead its disk becomes a
copy that nobody reads, none of its bytes reach the network, its log is ignored, and it
is cancelled so that its descriptors are closed. The next life starts from the files as
they were at that moment.
"""

import asyncio
import logging
import shutil
from collections.abc import Callable, Mapping
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

from bot.app import live
from bot.keep_running import keep_running
from bot.machine import Machine
from bot.simulated.clock import SimulatedClock
from bot.simulated.pauses import Pauses
from core.settings.settings import Settings
from tests.simulation.loop import LIFE, NumberedTask, SimulatedLoop


SUPERVISED: Final = 5.0
"""Seconds after which a bot that ended by itself is started again."""

_KEPT: Final = ("openbell.sqlite3", "openbell.sqlite3-wal")
"""What of the journal is read again; the rest is copied as it is."""

_SHARED_MEMORY: Final = "-shm"


@dataclass(slots=True)
class Lives:
    """All lives of one bot, one after the other."""

    loop: SimulatedLoop
    clock: SimulatedClock
    chance: Random
    folder: Path
    settings_of: Callable[[Path], Settings]
    tell: Callable[[str], None]
    ended: Callable[[str], None]
    went_back: Callable[[], None] = lambda: None
    power_failed: Callable[[], None] = lambda: None
    """Called when a life has begun on files of before."""

    passed: Callable[[str], None] = lambda _: None
    """Told each write-ahead point of the living bot."""

    number: int = 0
    reached: dict[str, int] = field(default_factory=dict)
    unsynced: Callable[[int], Mapping[str, bytes]] = lambda _: {}
    """A life's files as a power failure leaves them, where it takes something."""

    deaths: dict[str, list[tuple[int, float, bool]]] = field(default_factory=dict)
    """By write-ahead point: which passing of it, the rest, and whether by a power loss."""

    pauses: Pauses = field(default_factory=Pauses)
    _main: asyncio.Task[None] | None = None
    _ghosts: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def alive(self) -> bool:
        """Whether a bot runs."""
        return self._main is not None and not self._main.done()

    @property
    def data(self) -> Path:
        """The folder of the present life's files, else of the last one's."""
        return self.folder / f"life{self.number}"

    def begin(self) -> None:
        """Start a new life on the files of the last."""
        if self.alive:
            return
        last = self.data
        self.number += 1
        if not self.data.exists():
            last.rename(self.data) if last.exists() else self.data.mkdir()
        context = copy_context()
        context.run(LIFE.set, self.number)
        self.tell(f"bot: life {self.number} begins")
        self._main = self.loop.create_task(self._live(self.number), context=context)

    async def _live(self, number: int) -> None:
        try:
            machine = Machine(
                clock=self.clock,
                random_bytes=self.chance.randbytes,
                watched=self.pauses.watched,
            )
            await keep_running(
                self.settings_of(self.data),
                partial(live, reached=self._reach, machine=machine),
                now=self.clock.now,
            )
        except Exception as error:  # noqa: BLE001  whatever it is, the bot has ended
            if number not in self.loop.network.dead:
                self._ended_by_itself(number, error)

    def _ended_by_itself(self, number: int, error: Exception) -> None:
        self.tell(f"bot: life {number} ended by itself: {_innermost(error)}")
        self.ended(_innermost(error))
        self.loop.network.give_up_on(number, lose=False)
        self.loop.call_later(SUPERVISED, self.begin)

    def _reach(self, point: str) -> None:
        if LIFE.get() in self.loop.network.dead:
            return  # a ghost's
        self.reached[point] = self.reached.get(point, 0) + 1
        self.tell(f"point {point}")
        self.passed(point)
        self.pass_point(point)

    def pass_point(self, point: str) -> None:
        """End the life here, if that was drawn."""
        waiting = self.deaths.get(point, [])
        for death in list(waiting):
            waiting.remove(death)
            left, rest, power = death
            if left > 1:
                waiting.append((left - 1, rest, power))
            else:
                self.kill(rest=rest, power=power)

    def kill(self, *, rest: float, power: bool = False) -> None:
        """End the life now, and start another after *rest* seconds."""
        if self._main is None or self._main.done():
            return
        self.tell(f"bot: life {self.number} is killed{' by a power loss' * power}")
        self._copy(power=power)
        self.loop.network.give_up_on(self.number, lose=power)
        self._main.cancel()
        self._ghosts.append(self._main)
        self._main = None
        self.loop.call_later(rest, self.begin)

    def keep(self) -> None:
        """Copy the files, as somebody does who copies the folder."""
        shutil.rmtree(self._kept, ignore_errors=True)
        self._kept.mkdir()
        self._copy_to(self._kept)

    def go_back(self, *, rest: float) -> None:
        """End the life, and start again with the kept files after *rest* seconds."""
        if not self.alive or not self._kept.exists():
            return
        self.kill(rest=rest)
        after = self.folder / f"life{self.number + 1}"
        shutil.rmtree(after)
        self._kept.rename(after)
        self.tell("bot: its files are of before")
        self.went_back()

    def lose_files(self, *, rest: float) -> None:
        """End the life, and start again without any file after *rest* seconds."""
        if self.alive:
            shutil.rmtree(self._kept, ignore_errors=True)
            self._kept.mkdir()
            self.go_back(rest=rest)

    @property
    def _kept(self) -> Path:
        return self.folder / "kept"

    def _copy(self, *, power: bool) -> None:
        """The next life's files: a copy of the present ones."""
        new = self.folder / f"life{self.number + 1}"
        new.mkdir()
        self._copy_to(new)
        if power:
            self._tear(new)
            self.power_failed()

    def _copy_to(self, folder: Path) -> None:
        for file in sorted(self.data.iterdir()):
            if file.is_file() and not file.name.endswith(_SHARED_MEMORY):
                shutil.copyfile(file, folder / file.name)

    def _tear(self, folder: Path) -> None:
        """What a power loss may do to what was not synced: commits that were not are
        gone, behind the last one that was there may be part of another one; a file that
        was not synced is empty."""
        for name, was in self.unsynced(self.number).items():
            (folder / name).write_bytes(was)
        log = folder / _KEPT[1]
        if log.exists():
            with log.open("ab") as file:
                file.write(self.chance.randbytes(self.chance.randrange(0, 9_000)))
        calendar = folder / "calendar.json"
        if calendar.exists() and self.chance.random() < 0.5:
            calendar.write_bytes(b"")

    async def end(self) -> int:
        """Close the bot in order, as a signal does. Returns the number of tasks it
        left.
        """
        for task in (self._main, *self._ghosts):
            if task is not None and not task.done():
                task.cancel()
        waiting = [t for t in (self._main, *self._ghosts) if t is not None]
        if waiting:
            await asyncio.wait(waiting, timeout=60.0)
        await asyncio.sleep(1.0)
        return sum(
            isinstance(task, NumberedTask) and task.life > 0
            for task in asyncio.all_tasks()
        )


def _innermost(error: BaseException) -> str:
    """The first error in a group of groups, as text."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"


class LogReader(logging.Handler):
    """Receives the log records of the living bot."""

    def __init__(
        self, lives: Lives, found: Callable[[logging.LogRecord], None]
    ) -> None:
        super().__init__()
        self._lives, self._found = lives, found

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record of a living bot, or of the world."""
        if LIFE.get() not in self._lives.loop.network.dead:
            self._found(record)


def words_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """Settings as environment variables."""
    return {f"OPENBELL_{name.upper()}": f"{value}" for name, value in settings.items()}
