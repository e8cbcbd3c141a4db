"""The only readers of the time of day."""

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """This machine's clock."""

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.now(UTC)  # noqa: TID251  this is the Clock


class StartedClock:
    """A clock set to *start* when it is made, running at the pace of real time.

    It follows the monotonic clock: no step of the machine's clock moves it.
    """

    def __init__(self, start: datetime) -> None:
        self._start = start.astimezone(UTC)
        self._began = time.monotonic()

    def now(self) -> datetime:
        """This moment by its own reckoning, in UTC."""
        return self._start + timedelta(seconds=time.monotonic() - self._began)
