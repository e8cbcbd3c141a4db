"""Sees that the event loop keeps turning: says where it stood still, and ends a process
whose loop does not turn any more. A bot that hears nothing must be started again; the
start compares its orders with IB's.
"""

import asyncio
import faulthandler
import logging
import sys
import threading
import time
from collections.abc import Iterator
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

_TICK: Final = 0.125
"""Seconds between two looks: a pause may be longer by as much before it is seen."""

_REARM: Final = 5.0
"""Seconds after which the end is put off again; by so much it may come too early."""

_STDERR: Final = 2
_DEEP: Final = 4
"""So many frames of the stack tell where it was."""


@contextmanager
def watched(*, late: float = LATE, frozen: float = FROZEN) -> Iterator[None]:
    """Watch over the running loop until the block is left.

    After *late* seconds of standing still there is one warning, when it turns again.
    After *frozen* seconds every thread's stack goes to standard error, and the process
    ends at once: nothing is closed in order, as after a loss of power.
    """
    watch = _Watch(asyncio.get_running_loop(), late=late, frozen=frozen)
    witness = threading.Thread(target=watch.witness, name="watchdog", daemon=True)
    witness.start()
    watch.tick()
    try:
        yield
    finally:
        watch.end()
        witness.join()


class _Watch:
    def __init__(
        self, loop: asyncio.AbstractEventLoop, *, late: float, frozen: float
    ) -> None:
        self._loop = loop
        self._late = _TICK + late
        self._frozen = frozen
        self._thread = threading.get_ident()
        self._over = threading.Event()
        self._ticked = time.monotonic()
        self._worked = time.thread_time()
        self._armed = float("-inf")
        self._where = ""

    def tick(self) -> None:
        """On the loop, again and again: it turns."""
        now, worked = time.monotonic(), time.thread_time()
        if now - self._ticked > self._late:
            _log.warning(
                "the loop stood still for %.2f s, %.2f s of them at work: %s",
                now - self._ticked,
                worked - self._worked,
                self._where or "nobody saw where",
            )
        self._ticked, self._worked, self._where = now, worked, ""
        if now - self._armed >= min(_REARM, self._frozen / 10):
            faulthandler.dump_traceback_later(self._frozen, exit=True, file=_STDERR)
            self._armed = now
        self._timer = self._loop.call_later(_TICK, self.tick)

    def witness(self) -> None:
        """In a thread beside it: note where the loop is while it stands still."""
        while not self._over.wait(_TICK):
            if not self._where and time.monotonic() - self._ticked > self._late:
                frames = sys._current_frames()  # noqa: SLF001  there is no other way
                self._where = _place(frames[self._thread])

    def end(self) -> None:
        self._over.set()
        self._timer.cancel()
        faulthandler.cancel_dump_traceback_later()


def _place(frame: FrameType) -> str:
    """The innermost calls of a stack, the innermost first."""
    calls = StackSummary.extract(walk_stack(frame), limit=_DEEP, lookup_lines=False)
    return " < ".join(
        f"{Path(call.filename).name}:{call.lineno} {call.name}" for call in calls
    )
