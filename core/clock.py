"""The only reader of the time of day."""

import time
from datetime import UTC, datetime, timedelta
from typing import Final


_COUNTS_SLEEP: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Linux' CLOCK_MONOTONIC stands still while the machine sleeps, CLOCK_BOOTTIME does
not (clock_gettime(2)). macOS has only the first, and there it counts sleep."""


def boottime() -> float:
    """Seconds since some moment before the start, the machine's sleep included."""
    return time.clock_gettime(_COUNTS_SLEEP)


class SystemClock:
    """This machine's clock, or one that is *ahead* of it by so many seconds.

    Only the sandbox is ahead: all that takes part in it shares one distance, so its
    clocks agree, also after a restart.
    """

    def __init__(self, *, ahead: float = 0.0) -> None:
        self._ahead = timedelta(seconds=ahead)

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.now(UTC) + self._ahead  # noqa: TID251  this is the Clock

    def boottime(self) -> float:
        """As the function ``boottime``."""
        return boottime()
