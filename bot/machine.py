"""What the product takes of the machine besides disk and network: time and chance.

It is given to ``bot.app.live``; nothing else in ``bot`` or ``core`` reads a clock or
draws a random number. The event loop's own seconds come from the loop.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.loop_watchdog import watched
from core.chance import RandomBytes, random_bytes
from core.clock import SystemClock
from core.ports.market import SteadyClock


class Watched(Protocol):
    """Watches that the running loop keeps turning while a block is open; *on_pause* is
    called with the seconds for which the whole process was paused."""

    def __call__(
        self, *, on_pause: Callable[[float], None]
    ) -> AbstractContextManager[None]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Its clock, its randomness, and who watches that the running loop keeps turning
    while a block is open."""

    clock: SteadyClock
    random_bytes: RandomBytes
    watched: Watched


def this_machine(*, ahead: float = 0.0) -> Machine:
    """The one that this runs on; its clock set *ahead* by so many seconds."""
    return Machine(
        clock=SystemClock(ahead=ahead), random_bytes=random_bytes, watched=watched
    )
