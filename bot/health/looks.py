"""When the bot last looked at what is due, and how long news has been waiting.

Tested by tests/bot/health/test_looks.py.
"""

from collections.abc import Callable
from datetime import datetime

from core.ports.market import Clock
from core.ports.outbox import UnsentNews


class Looks:
    """Wraps the timer's look, which comes every few seconds; ``at`` is the last one
    (UTC), None before the first."""

    def __init__(self, outbox: UnsentNews, clock: Clock) -> None:
        self._outbox, self._clock = outbox, clock
        self._seen: dict[str, datetime] = {}
        self.at: datetime | None = None

    def watching(self, look: Callable[[], None]) -> Callable[[], None]:
        """*look*, with its end recorded."""

        def noted() -> None:
            look()
            self._note()

        return noted

    def _note(self) -> None:
        self.at = now = self._clock.now()
        keys = [item.news.key for item in self._outbox.unsent()]
        self._seen = {key: self._seen.get(key, now) for key in keys}

    def waited(self, now: datetime) -> float:
        """For how many seconds the oldest news has been waiting; 0 if none waits."""
        return max(
            ((now - at).total_seconds() for at in self._seen.values()), default=0
        )

    def ago(self, now: datetime) -> float | None:
        """Seconds since the last look; None before the first."""
        return None if self.at is None else (now - self.at).total_seconds()
