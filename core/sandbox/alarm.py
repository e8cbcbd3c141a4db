"""What the pump of a server sleeps on: until a time, or until it is woken.

As an ``asyncio.Event`` within an ``asyncio.timeout``, at a third of their price: a
gateway sleeps some thousand times in a simulated day. Tested by
tests/core/sandbox/test_alarm.py.
"""

import asyncio


class Alarm:
    """For one sleeper. It rings until it is stopped."""

    def __init__(self) -> None:
        self._rings = False
        self._sleeper: asyncio.Future[None] | None = None

    def ring(self) -> None:
        """Wake whoever sleeps, or whoever wants to."""
        self._rings = True
        if self._sleeper is not None:
            _wake(self._sleeper)

    def stop(self) -> None:
        """From now on it does not ring."""
        self._rings = False

    async def wait(self, seconds: float | None) -> None:
        """Sleep until it rings, but no longer than that; None is for ever."""
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
