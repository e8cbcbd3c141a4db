"""The unchanged bot in a process of its own, which dies where it is told to."""

import asyncio
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

from bot.app import live
from bot.redact import set_up_logging
from core.broker.connection import Timing
from core.model.patience import Patience
from core.model.points import SENT
from core.settings import PREFIX, load_settings


ONE_TICK_LATER: Final = f"{SENT}+1 tick"
"""The event loop has turned once since the order left."""

SHORT: Final = Patience(ack=1.0, settle=0.2, settle_after_outage=0.4, retry=0.3)
QUICK: Final = Timing(
    handshake=5.0, beat=2.0, answer=3.0, first_retry=0.2, last_retry=0.5, listing=5.0
)
"""Everything happens on one machine, so little patience is enough."""

LIFETIME: Final = 600
"""Seconds after which a bot ends that nobody cares for any more."""

_NURSERY: Final = get_context("forkserver")
_NURSERY.set_forkserver_preload(
    [
        "tests.campaign.trial",
        "alembic.context",
        "alembic.migration",
        "anyio._backends._asyncio",
        "httpcore",
    ]
)
"""Where bots come from: what each would import is there before it is born."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """By SIGKILL, at the *nth* passing of *label*."""

    label: str
    nth: int = 1


class _Executioner:
    """Hears the write-ahead points, and strikes."""

    def __init__(self, death: Death) -> None:
        self._death = death
        self._left = death.nth

    def __call__(self, point: str) -> None:
        if point == self._death.label:
            self._count_down()
        elif point == SENT and self._death.label == ONE_TICK_LATER:
            asyncio.get_running_loop().call_soon(self._count_down)

    def _count_down(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def born(
    settings: Mapping[str, str], *, death: Death | None, log: Path
) -> ForkServerProcess:
    """A bot with *settings*, as its environment would say them; it writes to *log*."""
    process = _NURSERY.Process(
        target=_live, args=(dict(settings), death, log), daemon=True
    )
    process.start()
    return process


def _live(settings: dict[str, str], death: Death | None, log: Path) -> None:
    signal.alarm(LIFETIME)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update(settings)
    loaded = load_settings(log.with_suffix(".env"))
    set_up_logging("INFO", secrets=[loaded.token()])
    reached = (lambda _: None) if death is None else _Executioner(death)
    asyncio.run(live(loaded, patience=SHORT, timing=QUICK, reached=reached))
