"""The unchanged bot in a process of its own, which dies where it is told to."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Thread
from typing import Final

from bot.app import live
from bot.redact import set_up_logging
from core.broker.connection import Timing
from core.model.errors import SettingsWrong
from core.model.instructions import Timeouts
from core.model.points import SENT
from core.settings.loading import load_settings
from core.settings.settings import PREFIX, Settings


REFUSED: Final = 2
"""The exit code of a bot that does not start with its settings."""

ONE_TICK_LATER: Final = f"{SENT}+1 tick"
"""The event loop has turned once since the order left."""

SHORT: Final = Timeouts(ack=1.0, settle=0.2, settle_after_outage=0.4, retry=0.3)
QUICK: Final = Timing(
    handshake=5.0, beat=2.0, answer=3.0, first_retry=0.2, last_retry=0.5, listing=5.0
)
"""Everything happens on one machine, so little patience is enough."""

_FORKSERVER: Final = get_context("forkserver")
_FORKSERVER.set_forkserver_preload(["tests.campaign.rehearsal"])
"""Where bots come from: what each would import is there before it is born."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KillPoint:
    """By SIGKILL, at the *nth* passing of *label*."""

    label: str
    nth: int = 1


class _Killer:
    """Hears the write-ahead points, and strikes with *blow*; where *armed* names a file,
    not before it is there."""

    def __init__(
        self,
        death: KillPoint,
        blow: signal.Signals = signal.SIGKILL,
        *,
        armed: Path | None = None,
    ) -> None:
        self._death = death
        self._armed = armed
        self._left = death.nth
        self._blow = blow

    def __call__(self, point: str) -> None:
        if point == self._death.label:
            self._count_down()
        elif point == SENT and self._death.label == ONE_TICK_LATER:
            asyncio.get_running_loop().call_soon(self._count_down)

    def _count_down(self) -> None:
        if self._armed is not None and not self._armed.exists():
            return
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), self._blow)


def born(
    settings: Mapping[str, str],
    *,
    death: KillPoint | None,
    log: Path,
    pause: KillPoint | None = None,
    armed: Path | None = None,
) -> ForkServerProcess:
    """A bot with *settings*, as its environment would say them; it writes to *log*. At
    *pause* it is suspended, until somebody continues it. Where *armed* names a file, its
    *death* waits for that."""
    blows = [
        *([_Killer(pause, signal.SIGSTOP)] if pause else []),
        *([_Killer(death, armed=armed)] if death else []),
    ]
    process = _FORKSERVER.Process(
        target=_live, args=(dict(settings), blows, log), daemon=True
    )
    process.start()
    return process


def settings_of(words: Mapping[str, str], folder: Path) -> Settings:
    """What a bot reads from an environment that says *words* and nothing else."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update(words)
    return load_settings(folder / ".env")


def _live(words: dict[str, str], blows: list[_Killer], log: Path) -> None:
    gc.freeze()  # what the nursery made is nobody's garbage: do not copy it to look
    end_with_the_parent()
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    settings = settings_of(words, log.parent)
    set_up_logging("INFO", secrets=[settings.token()])

    def reached(point: str) -> None:
        for blow in blows:
            blow(point)

    try:
        asyncio.run(live(settings, timeouts=SHORT, timing=QUICK, reached=reached))
    except SettingsWrong:
        sys.exit(REFUSED)


def end_with_the_parent() -> None:
    """No bot outlives the process that it was born for, however that one ends."""
    parent = parent_process()
    assert parent

    def wait() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGKILL)

    Thread(target=wait, name="the parent lives", daemon=True).start()
