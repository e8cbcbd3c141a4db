"""Commands received too late are not run and are named in one message. What stops or
cancels (/halt, /cancel, No) is never treated as late.
"""

import asyncio
from typing import Final

from bot.handlers.services import Received, reply
from bot.outgoing.page import Page
from bot.views import trouble


TOGETHER: Final = 1.0
"""Seconds in which what comes late is gathered into one message."""


class LateCommands:
    """Gathers the names of late commands for one message."""

    def __init__(self) -> None:
        self._names: list[str] = []

    async def note(self, received: Received, name: str) -> None:
        """Name the command *name* in the next message about late commands. The first
        call returns once that is sent; calls meanwhile return at once.
        """
        self._names.append(name)
        if len(self._names) > 1:
            return
        await asyncio.sleep(TOGETHER)
        names, self._names = self._names, []
        await reply(received, Page(text=trouble.waited_too_long(names)))
