"""An event loop in simulated time over real sockets, so many times as fast as the clock
on the wall.

Time passes only while nothing is left to do: what the processor needs costs none, and so
the speed changes nothing of what happens when. While a thread or a child process works,
time stands still, as it does for everything else that this process does.
"""

import asyncio
import time
from selectors import DefaultSelector, SelectorKey
from typing import Any, Final


STEP: Final = 1e-6
"""Seconds that one turn takes at least: ib_async arms a timer for "now" again until the
clock has moved on."""

LATE: Final = 0.25
"""Seconds on the wall that simulated time makes up for; what is more is let go."""

HELD: Final = 0.02
MOST_HELD: Final = 10.0
"""Seconds on the wall between two looks at who works, and after which time goes on
whoever does: a child process that hangs must meet the time limit of who waits for it."""

_Ready = list[tuple[SelectorKey, int]]


class Work:
    """What threads and child processes do beside the loop."""

    def __init__(self) -> None:
        self.futures: set[asyncio.Future[Any]] = set()
        self._children: list[asyncio.SubprocessTransport] = []

    def add(self, child: asyncio.SubprocessTransport) -> None:
        self._children = [*filter(_works, self._children), child]

    def is_going_on(self) -> bool:
        return bool(self.futures) or any(map(_works, self._children))


def _works(child: asyncio.SubprocessTransport) -> bool:
    return child.get_returncode() is None


class PacedSelector(DefaultSelector):
    """Waits for sockets as long as the next timer is away, at *speed*; simulated time
    stands still while *work* goes on."""

    def __init__(self, speed: float, work: Work) -> None:
        super().__init__()
        self.seconds = 0.0
        self._work = work
        self.pace(speed)

    def pace(self, speed: float) -> None:
        """From now on *speed* simulated seconds pass in a second."""
        self._speed = speed
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._wall, self._then, self._held = time.monotonic(), self.seconds, 0.0

    def select(self, timeout: float | None = None) -> _Ready:
        """What is ready now; else what becomes so until *timeout* simulated seconds have
        passed."""
        ready = super().select(0)
        if ready or timeout == 0:
            self.seconds += STEP
            return ready
        if self._work.is_going_on() and self._held < MOST_HELD:
            return self._hold()
        return self._wait(timeout)

    def _hold(self) -> _Ready:
        held = self._held + HELD
        ready = super().select(HELD)
        self._begin_anew()
        self._held = held
        return ready

    def _wait(self, timeout: float | None) -> _Ready:
        if timeout is None:
            ready = super().select(None)
            self._begin_anew()
            return ready
        due = self.seconds + max(timeout, STEP)
        wait = self._wall + (due - self._then) / self._speed - time.monotonic()
        ready = super().select(wait) if wait > 0 else []
        self.seconds = max(self.seconds, min(due, self._now())) if ready else due
        if wait < -LATE:
            self._begin_anew()
        return ready

    def _now(self) -> float:
        return self._then + (time.monotonic() - self._wall) * self._speed


class PacedLoop(asyncio.SelectorEventLoop):
    """Real sockets, threads and child processes; simulated time. *speed* may be
    infinite."""

    def __init__(self, speed: float) -> None:
        self._work = Work()
        self._paced = PacedSelector(speed, self._work)
        super().__init__(self._paced)

    def time(self) -> float:
        """Simulated seconds since the loop was made."""
        return self._paced.seconds

    def pace(self, speed: float) -> None:
        """From now on *speed* simulated seconds pass in a second."""
        self._paced.pace(speed)

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]  # typeshed's is generic
        """Run *func* in a thread; simulated time waits for it."""
        future = super().run_in_executor(executor, func, *args)
        self._work.futures.add(future)
        future.add_done_callback(self._work.futures.discard)
        return future

    async def subprocess_exec(self, *args: Any, **options: Any) -> Any:
        """Start a child process; simulated time waits for it."""
        transport, protocol = await super().subprocess_exec(*args, **options)
        self._work.add(transport)
        return transport, protocol
