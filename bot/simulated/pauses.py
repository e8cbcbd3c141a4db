"""Sleeps of the computer, and who is told of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Pauses:
    """Tells the bot that its computer has slept, as its watchdog does elsewhere."""

    def __init__(self) -> None:
        self._told: list[Callable[[float], None]] = []

    @contextmanager
    def watched(self, *, on_pause: Callable[[float], None]) -> Iterator[None]:
        """Call *on_pause* with the seconds of every pause while the block is open."""
        self._told.append(on_pause)
        try:
            yield
        finally:
            self._told.remove(on_pause)

    def tell(self, seconds: float) -> None:
        """There was a pause of so many seconds."""
        for on_pause in tuple(self._told):
            on_pause(seconds)
