"""Keeps the process alive while the journal cannot be written (a full disk, a lock).

Tested by tests/bot/test_run.py with the whole process, and by tests/simulation.
"""

import asyncio
import logging
from collections.abc import Awaitable, Iterable
from typing import Final, Protocol

from bot.exits import singly
from bot.health.supervisor import notify
from bot.outgoing.last_message import send_directly
from core.model.errors import StoreUnavailable
from core.settings.settings import Settings


_log: Final = logging.getLogger(__name__)

FIRST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 30.0
"""Seconds between two tries to open a journal that cannot be written for now."""


class Application(Protocol):
    """The whole application: opens everything, and closes it at its end. *sent_directly* are the
    ids of messages that bypassed it."""

    def __call__(
        self, settings: Settings, *, sent_directly: Iterable[int]
    ) -> Awaitable[None]: ...


async def keep_running(settings: Settings, live: Application) -> None:
    """Run the application. If the journal cannot be written for now, close everything,
    tell the owner, wait, and run it again; a start first compares all orders with
    IB.

    Raises:
        SettingsWrong: as ``send_directly``.
    """
    pause, loop = 0.0, asyncio.get_running_loop()
    sent_directly: list[int] = []
    while True:
        began = loop.time()
        try:
            await live(settings, sent_directly=sent_directly)
        except (StoreUnavailable, ExceptionGroup) as error:
            problem = _only_for_now(error)
            if problem is None:
                raise
            _log.error("waiting: %s", problem)
            notify({"STATUS": f"Waiting: {problem}"})
            if pause == 0.0 or loop.time() - began > LONGEST_WAIT:
                pause = 0.0
                number = await send_directly(settings, problem)
                sent_directly += [] if number is None else [number]
            pause = min(LONGEST_WAIT, max(FIRST_WAIT, pause * 2))
            await asyncio.sleep(pause)


def _only_for_now(error: Exception) -> str | None:
    """Why the journal cannot be written, if that alone ended the application."""
    problems = list(singly(error))
    if all(isinstance(problem, StoreUnavailable) for problem in problems):
        return str(problems[0])
    return None
