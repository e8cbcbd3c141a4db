"""The machine's time and randomness, as given to ``bot.app.live``.

Nothing else in ``bot`` or ``core`` reads a clock or draws a random number; seconds of
the event loop come from the loop."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.loop_watchdog import watched
from core.chance import RandomBytes, system_random_bytes
from core.clock import SystemClock
from core.ports.market import SteadyClock


class WatchedLoop(Protocol):
    """Watches the running loop while a block is open; *on_pause* is called with the
    seconds for which the whole process was paused."""

    def __call__(
        self, *, on_pause: Callable[[float], None]
    ) -> AbstractContextManager[None]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A clock, a source of randomness, and a watchdog for the running loop."""

    clock: SteadyClock
    random_bytes: RandomBytes
    watched: WatchedLoop


def this_machine(*, ahead: float = 0.0) -> Machine:
    """The machine this runs on, with its clock *ahead* by that many seconds."""
    return Machine(
        clock=SystemClock(ahead=ahead),
        random_bytes=system_random_bytes,
        watched=watched,
    )
