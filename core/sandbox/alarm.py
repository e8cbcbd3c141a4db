"""What a server's loop sleeps on: until a time, or until it is woken.

It does what an ``asyncio.Event`` within an ``asyncio.timeout`` does, at a third of the
cost: a gateway sleeps some thousand times in a simulated day.

Tested by tests/core/sandbox/test_alarm.py.
"""

import asyncio


class Alarm:
    """Wakes one sleeper. Once rung it stays on until ``stop``."""

    def __init__(self) -> None:
        self._rings = False
        self._sleeper: asyncio.Future[None] | None = None

    def ring(self) -> None:
        """Wake the sleeper; if nobody sleeps, the next ``wait`` returns at once."""
        self._rings = True
        if self._sleeper is not None:
            _wake(self._sleeper)

    def stop(self) -> None:
        """Turn it off: the next ``wait`` sleeps."""
        self._rings = False

    async def wait(self, seconds: float | None) -> None:
        """Sleep until it rings, at most *seconds* (real ones); None is without limit."""
        if self._rings:
            return
        loop = asyncio.get_running_loop()
        sleeper = self._sleeper = loop.create_future()
        timer = None if seconds is None else loop.call_later(seconds, _wake, sleeper)
        try:
            await sleeper
        finally:
            self._sleeper = None
            if timer is not None:
                timer.cancel()


def _wake(sleeper: asyncio.Future[None]) -> None:
    if not sleeper.done():
        sleeper.set_result(None)
