"""What the gateway itself has still to do: deeds by time, and long work in slices."""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from heapq import heappop, heappush
from itertools import count


Deed = Callable[[], None]


class Plans:
    """Deeds are done when they are due; of long work, one slice at each turn."""

    def __init__(self) -> None:
        self._deeds: list[tuple[datetime, int, Deed]] = []
        self._turns = count()
        self._works: deque[Iterator[None]] = deque()

    def add(self, at: datetime, deed: Deed) -> None:
        """Do *deed* at that time."""
        heappush(self._deeds, (at, next(self._turns), deed))

    def work(self, slices: Iterator[None]) -> None:
        """Do long work in the turns to come; several works take turns."""
        self._works.append(slices)

    def turn(self, now: datetime) -> None:
        """Do what is due by *now*, and one slice of work."""
        while self._deeds and self._deeds[0][0] <= now:
            heappop(self._deeds)[2]()
        if self._works:
            slices = self._works.popleft()
            for _ in slices:
                self._works.append(slices)
                return

    @property
    def at_work(self) -> bool:
        """Whether some long work is under way."""
        return bool(self._works)

    def next_at(self, now: datetime) -> datetime | None:
        """Return when ``turn`` is next worth calling; *now* while there is work."""
        if self._works:
            return now
        return self._deeds[0][0] if self._deeds else None
