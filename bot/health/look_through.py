"""A large journal is read from end to end while the bot lives, and not before its start.

Tested by tests/bot/test_app.py and tests/journeys/test_old_journal.py.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from bot.views import alarms


STARTING: Final = 5.0
"""Seconds in which a start has processor and disk to itself, before all of a large
journal is read."""


async def look_through(
    look: Callable[[], str | None],
    alarm: Callable[[str], None],
    *,
    is_needed: bool = True,
    after: float = STARTING,
) -> None:
    """Have *look* say what is damaged, *after* so many seconds in a thread beside the
    bot, where that *is_needed*; damage halts."""
    if not is_needed:
        return
    await asyncio.sleep(after)
    if problem := await asyncio.to_thread(look):
        alarm(alarms.damaged(problem))
