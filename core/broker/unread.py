"""What the gateway is proven to have read of all that was sent to it.

tests/core/broker/test_late_reading plays it at a gateway, test_unread without one.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final


KEPT: Final = 1.5
"""Seconds for which it is kept when something was proven: longer than any window."""

CLOCK: Final = 0
"""The number of a question for the gateway's clock; requests have numbers of their own."""


@dataclass(slots=True)
class Unread:
    """Which messages the gateway may not have read before its last second.

    It reads in the order in which they left, so an answer proves that its question was
    read, and all that left before. Answers for its clock are counted: one that was lost
    makes a later one prove less, never more.
    """

    left: int = 0
    _long_read: int = 0
    _shown: deque[tuple[float, int]] = field(default_factory=deque)
    _asked: dict[int, deque[int]] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """How many, from the first on, are proven to have been read."""
        return self._shown[-1][1] if self._shown else self._long_read

    def leave(self, number: int | None) -> None:
        """One more message leaves; its answers come under *number*."""
        self.left += 1
        if number is not None:
            self._asked.setdefault(number, deque()).append(self.left)

    def awaits(self, number: int) -> bool:
        """Whether an answer under *number* could prove anything: most say no more than
        those before them."""
        return number in self._asked

    def answer(self, number: int, now: float) -> bool:
        """Something came under *number*; whether it proves more than was known."""
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
        """What was asked under *number* will not be answered."""
        self._asked.pop(number, None)

    def in_its_last(self, seconds: float, now: float) -> int:
        """How many it may read, or have read, within *seconds* of now."""
        return self.left - self._read_by(now - seconds, now)

    def room_at(self, share: int, *, window: float, now: float) -> float:
        """From when on fewer than *share* could be read within *window*, if nothing else
        leaves; infinite when that has to be proven first."""
        needed = self.left - share + 1
        if needed <= self._read_by(now - window, now):
            return float("-inf")
        proofs = (at for at, message in self._shown if message >= needed)
        return next(proofs, float("inf")) + window

    def _read_by(self, then: float, now: float) -> int:
        """How many were proven by *then*."""
        while self._shown and self._shown[0][0] + KEPT <= now:
            self._long_read = self._shown.popleft()[1]
        proven = (message for at, message in reversed(self._shown) if at <= then)
        return next(proven, self._long_read)
