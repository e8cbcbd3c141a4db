"""Sees that the event loop keeps turning: says where it stood still, and ends a process
whose loop does not turn any more. A bot that hears nothing must be started again; the
start compares its orders with IB's.

A process that was paused (SIGSTOP, a machine that slept) stood still as a whole, and is
not stuck: the thread that looks slept as well. That is told, and nobody dies of it.
"""

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


_log: Final = logging.getLogger(__name__)

LATE: Final = 0.25
"""Seconds of standing still that are worth a warning."""

FROZEN: Final = 60.0
"""Seconds of standing still after which the process ends itself, with code 1."""

PAUSED: Final = 5.0
"""Seconds without any sign of life of the whole process that count as a pause."""

_TICK: Final = 0.125
"""Seconds between two looks: a pause may be longer by as much before it is seen."""

_REARM: Final = 5.0
"""Seconds after which the last resort is put off again; by so much it may come early."""

_LAST_RESORT: Final = signal.SIGPROF
"""Ends a process that is stuck inside C code and lets no thread run. It comes after so
many seconds of this process's own work, and a paused process does none."""

_STDERR: Final = 2
_DEEP: Final = 4
"""So many frames of the stack tell where it was."""


def _ignore(_seconds: float) -> None:
    """A pause that nobody asked about."""


@contextmanager
def watched(
    *,
    late: float = LATE,
    frozen: float = FROZEN,
    paused: float = PAUSED,
    on_pause: Callable[[float], None] = _ignore,
) -> Iterator[None]:
    """Watch over the running loop until the block is left.

    After *late* seconds of standing still there is one warning, when it turns again.
    After *frozen* seconds every thread's stack goes to standard error, and the process
    ends at once: nothing is closed in order, as after a loss of power. *on_pause* is
    called on the loop, with the seconds, after the process was paused for more than
    *paused*.
    """
    watch = _Watch(late=late, frozen=frozen, paused=paused, on_pause=on_pause)
    witness = threading.Thread(target=watch.witness, name="watchdog", daemon=True)
    faulthandler.register(_LAST_RESORT, file=_STDERR, chain=True)
    witness.start()
    watch.tick()
    try:
        yield
    finally:
        watch.end()
        witness.join()
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
        self._ticked = self._looked = _now()
        self._worked = time.thread_time()
        self._all_worked = time.process_time()
        self._armed = float("-inf")
        self._stuck = 0.0
        self._where = ""

    def tick(self) -> None:
        """On the loop, again and again: it turns. What nobody was awake for is no
        standing still but a pause, and the witness tells of that."""
        now, worked = _now(), time.thread_time()
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

    def witness(self) -> None:
        """In a thread beside it: note where the loop is while it stands still, how long
        it does, and when this thread slept too long itself."""
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
        """Seconds of a pause since the last look, in which the whole process did
        nothing; None when there was none: then the loop alone has stood still."""
        now, worked = _now(), time.process_time()
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


def _now() -> float:
    """Seconds of a clock that goes on while the machine sleeps, where there is one."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _place(frame: FrameType) -> str:
    """The innermost calls of a stack, the innermost first."""
    calls = StackSummary.extract(walk_stack(frame), limit=_DEEP, lookup_lines=False)
    return " < ".join(
        f"{Path(call.filename).name}:{call.lineno} {call.name}" for call in calls
    )
