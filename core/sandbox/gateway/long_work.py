"""Work too long for one turn of the event loop, done in slices."""

from collections import deque
from collections.abc import Iterator


class LongWork:
    """Several works take turns; each turn does one slice of one of them."""

    def __init__(self) -> None:
        self._works: deque[Iterator[None]] = deque()

    def add(self, slices: Iterator[None]) -> None:
        """Do this work in the turns to come."""
        self._works.append(slices)

    def turn(self) -> None:
        """Do one slice."""
        if self._works:
            slices = self._works.popleft()
            for _ in slices:
                self._works.append(slices)
                return

    @property
    def under_way(self) -> bool:
        """Whether some work is not finished."""
        return bool(self._works)
