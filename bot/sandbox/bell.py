"""Wakes everybody who waits for something to happen."""

import asyncio


class Bell:
    """Look first, then wait: a ring in between is not lost within one event loop."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def ring(self) -> None:
        """Wake all who wait now."""
        rung, self._next = self._next, asyncio.Event()
        rung.set()

    async def wait(self) -> None:
        """Return at the next ring."""
        await self._next.wait()
