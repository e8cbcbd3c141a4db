"""Wakes everybody who waits for something to happen."""

import asyncio


class Changes:
    """Look first, then wait: within one event loop no change in between is missed."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def announce(self) -> None:
        """Wake all who wait now."""
        past, self._next = self._next, asyncio.Event()
        past.set()

    async def wait(self) -> None:
        """Return at the next change."""
        await self._next.wait()
