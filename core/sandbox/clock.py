"""The gateway's own time of day: real, or set to a moment and running from there.

It runs with the event loop's seconds, so it keeps time in a simulated loop as well.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final


class GatewayClock:
    """Starts at a moment and runs *speed* times as fast as the loop's clock. Raises
    ValueError: *speed* is not positive."""

    def __init__(self, start: datetime | None = None, *, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError(f"a clock cannot run at speed {speed}")
        self._start = (start or _wall_clock()).astimezone(UTC)
        self._since = _elapsed()
        self._speed = speed

    def now(self) -> datetime:
        """Return the simulated moment, in UTC."""
        passed = (_elapsed() - self._since) * self._speed
        return self._start + timedelta(seconds=passed)

    def set(self, moment: datetime) -> None:
        """Jump to *moment* (UTC); the clock runs on from there."""
        self._start, self._since = moment.astimezone(UTC), _elapsed()

    def seconds_until(self, moment: datetime) -> float:
        """Real seconds until the simulated *moment*, never below 0."""
        return max(0.0, (moment - self.now()).total_seconds() / self._speed)


def _elapsed() -> float:
    return asyncio.get_running_loop().time()


def _wall_clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the sandbox runs apart from the product's Clock


WRITE: Final = "write real, or 2026-07-30T09:45:00-04:00"


def parse_clock(text: str) -> datetime | None:
    """Read ``real``, or an ISO date and time with its zone.

    Raises:
        ValueError: it is neither, or the zone is missing.
    """
    if text == "real":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no time: {WRITE}") from None
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no zone: {WRITE}")
    return moment
