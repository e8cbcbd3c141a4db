"""Commands that had waited for long before they were heard: named in one message, and
not run. What takes something back (/halt, /cancel, No) never comes here."""

import asyncio
from typing import Final

from bot.handlers.services import Heard, reply
from bot.outgoing.page import Page
from bot.views import trouble


TOGETHER: Final = 1.0
"""Seconds in which what comes late is gathered into one message."""


class LateCommands:
    """Gathers what came too late."""

    def __init__(self) -> None:
        self._names: list[str] = []

    async def note(self, heard: Heard, name: str) -> None:
        """Name the command *name* in the next message about late ones. The first one
        returns when that is sent; the others are in it."""
        self._names.append(name)
        if len(self._names) > 1:
            return
        await asyncio.sleep(TOGETHER)
        names, self._names = self._names, []
        await reply(heard, Page(text=trouble.waited_too_long(names)))
