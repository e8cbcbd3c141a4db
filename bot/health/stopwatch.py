"""Measures the time from a decision on disk to the sending of its order."""

from typing import Final

from core.loop_time import loop_time
from core.model.points import SENT, W1, Reached


_WAITED: Final = 60.0
"""Longer times in seconds are ignored: the order waited for the market or the line."""


class Stopwatch:
    """Implements Reached, and passes every point on to *then*. ``seconds`` is the last
    measurement, None before the first."""

    def __init__(self, then: Reached) -> None:
        self._then = then
        self._decided: float | None = None
        self.seconds: float | None = None

    def __call__(self, point: str) -> None:
        if point == W1.after:
            self._decided = loop_time()
        elif point == SENT and self._decided is not None:
            took = loop_time() - self._decided
            self.seconds = took if took < _WAITED else self.seconds
            self._decided = None
        self._then(point)
