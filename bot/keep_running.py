"""Keeps the process alive while the journal cannot be written (a full disk, a lock).

Tested by tests/bot/test_run.py with the whole process, and by tests/simulation.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, Protocol

from bot.exits import singly
from bot.health.supervisor import notify
from bot.outgoing.last_message import send_directly
from bot.views import announcements
from core.flows.boot import Wait
from core.model.errors import StoreDamaged, StoreUnavailable
from core.settings.settings import Settings


_log: Final = logging.getLogger(__name__)

FIRST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 30.0
"""Seconds between two tries to open a journal that cannot be written for now."""


class Application(Protocol):
    """The whole application: opens everything, and closes it at its end. *wait* is what
    this run follows, if the one before could not write the journal."""

    def __call__(self, settings: Settings, *, wait: Wait | None) -> Awaitable[None]: ...


async def keep_running(
    settings: Settings, live: Application, *, now: Callable[[], datetime]
) -> None:
    """Run the application. If the journal cannot be written for now, close everything,
    tell the owner, wait, and run it again; a start first compares all orders with
    IB. *now* gives the moment in UTC.

    Raises:
        SettingsWrong: as ``send_directly``.
        StoreDamaged: the owner was told; no other start can mend it.
    """
    pause, loop = 0.0, asyncio.get_running_loop()
    wait: Wait | None = None
    while True:
        began = loop.time()
        try:
            await live(settings, wait=wait)
        except (StoreDamaged, StoreUnavailable, ExceptionGroup) as error:
            if damage := _damage(error):
                await send_directly(settings, announcements.damaged_journal(damage))
                raise
            problem = _only_for_now(error)
            if problem is None:
                raise
            _log.error("waiting: %s", problem)
            notify({"STATUS": f"Waiting: {problem}"})
            if wait is None or loop.time() - began > LONGEST_WAIT:
                pause = 0.0
                told = await _tell(settings, problem, wait)
                wait = Wait(since=now(), why=problem, told=told)
            pause = min(LONGEST_WAIT, max(FIRST_WAIT, pause * 2))
            await asyncio.sleep(pause)


async def _tell(
    settings: Settings, problem: str, before: Wait | None
) -> tuple[int, ...]:
    """Tell the owner of *problem*: the ids of all messages sent in this way so far."""
    text = announcements.waiting_for_the_journal(problem)
    number = await send_directly(settings, text)
    return (*(before.told if before else ()), *(() if number is None else (number,)))


def _damage(error: Exception) -> str | None:
    """How the journal is damaged, if that is among what ended the application."""
    damage = (each for each in singly(error) if isinstance(each, StoreDamaged))
    return next(map(str, damage), None)


def _only_for_now(error: Exception) -> str | None:
    """Why the journal cannot be written, if that alone ended the application."""
    problems = list(singly(error))
    if all(isinstance(problem, StoreUnavailable) for problem in problems):
        return str(problems[0])
    return None
