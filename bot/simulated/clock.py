"""Simulated time of day: the world's, and the bot's machine's, which may be wrong."""

import asyncio
from datetime import datetime, timedelta


class SimulatedClock:
    """The product's Clock. It runs with the loop, goes on while the machine sleeps,
    and is wrong by ``error`` seconds."""

    def __init__(self, start: datetime, loop: asyncio.AbstractEventLoop) -> None:
        self._start, self._loop = start, loop
        self.asleep = 0.0
        self.error = 0.0

    def true(self) -> datetime:
        """The moment as the world has it, UTC."""
        return self._start + timedelta(seconds=self._loop.time() + self.asleep)

    def now(self) -> datetime:
        """The moment as the bot's machine has it, UTC."""
        return self.true() + timedelta(seconds=self.error)

    def boottime(self) -> float:
        """Seconds since the machine was switched on, its sleep included."""
        return self._loop.time() + self.asleep
