"""Watches the event loop: logs where it was blocked, and ends a process whose loop
hangs, because a bot that cannot react must be restarted; the start compares its orders
with IB's.

A process that was paused (SIGSTOP, a machine that slept) is not stuck: the watching
thread was paused as well. That is logged, and the process goes on."""

import asyncio
import faulthandler
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import StackSummary, walk_stack
from types import FrameType
from typing import Final

from core.clock import boottime


_log: Final = logging.getLogger(__name__)

LATE: Final = 0.25
"""Seconds of blocking after which a warning is logged."""

FROZEN: Final = 60.0
"""Seconds of blocking after which the process ends itself with code 1."""

PAUSED: Final = 5.0
"""Seconds without any activity of the whole process that count as a pause."""

_TICK: Final = 0.125
"""Seconds between two checks; a pause is noticed this much later at most."""

_REARM: Final = 5.0
"""Seconds between two postponements of the last resort; it may come this much early."""

_LAST_RESORT: Final = signal.SIGPROF
"""Ends a process that is stuck inside C code and lets no thread run. The timer counts
the process's own CPU time, of which a paused process uses none."""

_STDERR: Final = 2
_DEEP: Final = 4
"""How many frames of the stack are logged."""


def _ignore(_seconds: float) -> None:
    """The default for on_pause: do nothing."""


@contextmanager
def watched(
    *,
    late: float = LATE,
    frozen: float = FROZEN,
    paused: float = PAUSED,
    on_pause: Callable[[float], None] = _ignore,
) -> Iterator[None]:
    """Watch the running loop until the block is left.

    If it was blocked for *late* seconds, one warning is logged when it runs again.
    After *frozen* seconds every thread's stack goes to standard error, and the process
    ends at once without closing anything, as after a loss of power. *on_pause* is
    called on the loop, with the seconds, after the whole process was paused for more
    than *paused*."""
    watch = _Watch(late=late, frozen=frozen, paused=paused, on_pause=on_pause)
    watch_loop = threading.Thread(target=watch.watch_loop, name="watchdog", daemon=True)
    faulthandler.register(_LAST_RESORT, file=_STDERR, chain=True)
    watch_loop.start()
    watch.tick()
    try:
        yield
    finally:
        watch.end()
        watch_loop.join()
        faulthandler.unregister(_LAST_RESORT)


class _Watch:
    def __init__(
        self,
        *,
        late: float,
        frozen: float,
        paused: float,
        on_pause: Callable[[float], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._late = _TICK + late
        self._frozen = frozen
        self._pause = _TICK + paused
        self._on_pause = on_pause
        self._thread = threading.get_ident()
        self._over = threading.Event()
        self._ticked = self._looked = boottime()
        self._worked = time.thread_time()
        self._all_worked = time.process_time()
        self._armed = float("-inf")
        self._stuck = 0.0
        self._where = ""

    def tick(self) -> None:
        """Called on the loop at every tick, to show that it runs. Time during which the
        whole process slept is a pause, which the thread reports."""
        now, worked = boottime(), time.thread_time()
        stood, work = now - self._ticked, worked - self._worked
        if stood > self._late and stood < max(self._stuck, 2 * work) + self._pause:
            _log.warning(
                "the loop stood still for %.2f s, %.2f s of them at work: %s",
                stood,
                work,
                self._where or "nobody saw where",
            )
        self._ticked, self._worked, self._where = now, worked, ""
        self._stuck = 0.0
        if now - self._armed >= min(_REARM, self._frozen / 10):
            signal.setitimer(signal.ITIMER_PROF, 2 * self._frozen)
            self._armed = now
        self._timer = self._loop.call_later(_TICK, self.tick)

    def watch_loop(self) -> None:
        """Runs in a thread: notes where the loop is blocked and for how long, and
        whether this thread itself slept too long (a pause)."""
        while not self._over.wait(_TICK):
            slept = self._slept()
            if slept is not None:
                self._tell_pause(slept)
            elif self._stuck > self._frozen:
                self._give_up()
            elif not self._where and self._stuck > self._late:
                frames = sys._current_frames()  # noqa: SLF001  there is no other way
                self._where = _place(frames[self._thread])

    def _slept(self) -> float | None:
        """The length in seconds of a pause of the whole process since the last check;
        None if there was none, so that only the loop was blocked."""
        now, worked = boottime(), time.process_time()
        since, work = now - self._looked, worked - self._all_worked
        self._looked, self._all_worked = now, worked
        if since > self._pause and work < since / 2:
            return since
        self._stuck += since
        return None

    def _tell_pause(self, seconds: float) -> None:
        _log.warning("the process was paused for %.1f s", seconds)
        self._loop.call_soon_threadsafe(self._on_pause, seconds)

    def _give_up(self) -> None:
        os.write(_STDERR, f"The loop stood still for {self._frozen:g} s\n".encode())
        faulthandler.dump_traceback(_STDERR)
        os._exit(1)

    def end(self) -> None:
        self._over.set()
        self._timer.cancel()
        signal.setitimer(signal.ITIMER_PROF, 0)


def _place(frame: FrameType) -> str:
    """The innermost calls of a stack, the innermost first."""
    calls = StackSummary.extract(walk_stack(frame), limit=_DEEP, lookup_lines=False)
    return " < ".join(
        f"{Path(call.filename).name}:{call.lineno} {call.name}" for call in calls
    )
