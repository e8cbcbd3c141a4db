"""An event loop that waits for nothing: when all is idle, its clock jumps ahead."""

import asyncio
import selectors
from collections.abc import Callable


class StuckError(AssertionError):
    """Nothing will ever happen any more, and somebody waits."""


class _Jumping(selectors.SelectSelector):
    """Where a loop would sleep, *jump* is told the seconds instead."""

    def __init__(self, jump: Callable[[float], None]) -> None:
        super().__init__()
        self._jump = jump

    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise StuckError
        self._jump(timeout)
        return super().select(0)


class JumpingLoop(asyncio.SelectorEventLoop):
    """Every wait takes no time; *passed* is told the seconds that it would have."""

    def __init__(self, passed: Callable[[float], None]) -> None:
        self._moment = 0.0
        self._passed = passed
        super().__init__(_Jumping(self._jump))

    def _jump(self, seconds: float) -> None:
        if seconds > 0:
            self._moment += seconds
            self._passed(seconds)

    def time(self) -> float:
        return self._moment
