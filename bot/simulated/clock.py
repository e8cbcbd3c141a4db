"""Simulated time of day: the true time, and that of the bot's machine, which may be
off."""

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
        """The true time, in UTC."""
        return self._start + timedelta(seconds=self._loop.time() + self.asleep)

    def now(self) -> datetime:
        """The time on the bot's machine, in UTC."""
        return self.true() + timedelta(seconds=self.error)

    def boottime(self) -> float:
        """Seconds since the machine was switched on, its sleep included."""
        return self._loop.time() + self.asleep
