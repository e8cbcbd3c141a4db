"""Notifies tasks that wait for a change."""

import asyncio


class Changes:
    """A condition to wait on. Check, then wait: within one event loop no change in
    between is missed.
    """

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def announce(self) -> None:
        """Wake every task that waits now."""
        past, self._next = self._next, asyncio.Event()
        past.set()

    async def wait(self) -> None:
        """Return at the next change."""
        await self._next.wait()
