"""Limits a client's messages a second: disconnects after the third excess, or paces."""

from collections import deque
from datetime import datetime, timedelta
from enum import Enum
from typing import Final


STRIKES: Final = 3
SECOND: Final = timedelta(seconds=1)
LONG_AGO: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class RateVerdict(Enum):
    """What is done with a message."""

    FINE = "fine"
    STRIKE = "strike"  # the first one too many within a second; told with code 100
    OVER = "over"  # one of those that follow it: lost
    OUT = "out"  # the third strike: the line is closed


class MessageRate:
    """Counts one client's messages within the present second."""

    def __init__(self) -> None:
        self.strikes = 0
        self.in_second = 0
        self._second = LONG_AGO
        self._taken: deque[datetime] = deque()

    def count(self, now: datetime, *, limit: int) -> RateVerdict:
        """Count one more message; *limit* is the most a second."""
        if now - self._second >= SECOND:
            self._second, self.in_second = now, 0
        self.in_second += 1
        if self.in_second <= limit:
            return RateVerdict.FINE
        if self.in_second > limit + 1:
            return RateVerdict.OVER
        self.strikes += 1
        return RateVerdict.OUT if self.strikes >= STRIKES else RateVerdict.STRIKE

    def pace(self, now: datetime, *, limit: int) -> datetime:
        """When the next message is handled, if those above *limit* a second wait and
        none is lost.
        """
        at = now
        if len(self._taken) >= limit:
            at = max(now, self._taken.popleft() + SECOND)
        self._taken.append(at)
        return at
