"""The bot's lives: each of its processes, from birth to death, one after the other."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from signal import SIGKILL
from typing import Final

from tests.campaign.dying_bot import KillPoint, born


_ENOUGH: Final = 3
"""Crashes of one bot: more of the same tells nothing."""


@dataclass(slots=True, kw_only=True)
class Lives:
    """``deaths`` are those of the lives, in order; where ``armed`` names a file, none
    before it is there. ``settings``, ``pause`` and ``expects`` say what a life is started
    with, where it is suspended, and whether it may end by itself with an exit code.
    ``died`` and ``reborn`` are called when a life is over and when the next has begun."""

    deaths: tuple[KillPoint, ...]
    log: Path
    settings: Callable[[int], Mapping[str, str]]
    pause: Callable[[int], KillPoint | None]
    expects: Callable[[int], bool]
    died: Callable[[], None]
    reborn: Callable[[], None]
    armed: Path | None = None
    count: int = 0
    kills: int = 0
    died_at_label: int = 0
    crashes: int = 0
    _bot: ForkServerProcess | None = None

    def bear(self) -> None:
        """Begin the next life."""
        death = self.deaths[self.count] if self.count < len(self.deaths) else None
        self._bot = born(
            self.settings(self.count),
            death=death,
            log=self.log,
            pause=self.pause(self.count),
            armed=self.armed,
        )
        asyncio.get_running_loop().add_reader(self._bot.sentinel, self._give_up_on)
        self.count += 1

    def _give_up_on(self) -> None:
        """The bot has ended, and is started again."""
        self._note_the_end()
        self.died()
        if self.crashes < _ENOUGH:
            self.bear()
        self.reborn()

    def _note_the_end(self) -> None:
        assert self._bot
        asyncio.get_running_loop().remove_reader(self._bot.sentinel)
        self._bot.join()
        code = self._bot.exitcode or 0
        is_expected = self.expects(code)
        if code == -SIGKILL:
            self.kills += 1
            self.died_at_label += self.count <= len(self.deaths)
        elif not is_expected:
            self.crashes += 1

    def kill(self) -> None:
        """End this life, if it goes on."""
        if self._bot is not None and self._bot.is_alive():
            self._bot.kill()

    @property
    def pid(self) -> int:
        """The process of this life."""
        assert self._bot
        assert self._bot.pid
        return self._bot.pid

    def end(self) -> None:
        """No life follows this one."""
        if self._bot is not None:
            asyncio.get_running_loop().remove_reader(self._bot.sentinel)
            self._bot.kill()
            self._bot.join()
