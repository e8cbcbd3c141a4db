"""How many of the sent messages the gateway has provably read.

tests/core/broker/test_late_reading.py tests it with a gateway, test_unread.py without.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final


KEPT: Final = 1.5
"""Seconds for which proofs are kept: longer than any window."""

CLOCK: Final = 0
"""The number of requests for the gateway's clock; other requests have their own."""


@dataclass(slots=True)
class Unread:
    """Which messages the gateway may have read within its last second.

    It reads in the order of sending, so an answer proves that its request and all
    earlier messages were read. Answers for its clock are counted: if one is lost, later
    ones prove less, never more. ``left`` counts the messages sent. Times are in seconds
    of the loop's clock."""

    left: int = 0
    _long_read: int = 0
    _shown: deque[tuple[float, int]] = field(default_factory=deque)
    _asked: dict[int, deque[int]] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """How many messages, from the first on, have provably been read."""
        return self._shown[-1][1] if self._shown else self._long_read

    def leave(self, number: int | None) -> None:
        """Count a message that is sent; its answers have *number*."""
        self.left += 1
        if number is not None:
            self._asked.setdefault(number, deque()).append(self.left)

    def awaits(self, number: int) -> bool:
        """Whether an answer with *number* could prove anything new; most do not."""
        return number in self._asked

    def answer(self, number: int, now: float) -> bool:
        """Process an answer with *number*. Returns whether it proves anything new."""
        asked = self._asked.get(number)
        if not asked:
            return False
        message = asked.popleft()
        if not asked:
            del self._asked[number]
        is_news = message > self.read
        if is_news:
            self._shown.append((now, message))
        return is_news

    def lose(self, number: int) -> None:
        """The request *number* will not be answered."""
        self._asked.pop(number, None)

    def in_its_last(self, seconds: float, now: float) -> int:
        """How many messages it may read, or have read, within *seconds* of now."""
        return self.left - self._read_by(now - seconds, now)

    def room_at(self, share: int, *, window: float, now: float) -> float:
        """When fewer than *share* could be read within *window*, if nothing else is
        sent; infinite if a proof has to come first."""
        needed = self.left - share + 1
        if needed <= self._read_by(now - window, now):
            return float("-inf")
        proofs = (at for at, message in self._shown if message >= needed)
        return next(proofs, float("inf")) + window

    def _read_by(self, then: float, now: float) -> int:
        """How many were proven to be read by *then*."""
        while self._shown and self._shown[0][0] + KEPT <= now:
            self._long_read = self._shown.popleft()[1]
        proven = (message for at, message in reversed(self._shown) if at <= then)
        return next(proven, self._long_read)
