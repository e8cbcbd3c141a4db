"""Work that is too long for one step of the event loop, done in slices."""

from collections import deque
from collections.abc import Iterator


class LongWork:
    """Long works in turn, one slice of one of them at a time."""

    def __init__(self) -> None:
        self._works: deque[Iterator[None]] = deque()

    def add(self, slices: Iterator[None]) -> None:
        """Add a work; each item of *slices* is one slice."""
        self._works.append(slices)

    def turn(self) -> None:
        """Do the next slice."""
        if self._works:
            slices = self._works.popleft()
            for _ in slices:
                self._works.append(slices)
                return

    @property
    def under_way(self) -> bool:
        """Whether a work is not finished."""
        return bool(self._works)
