"""How often one message may be edited, and how long to leave Telegram alone.

Telegram allows about one message a second in a chat, and short bursts. Times are the
event loop's own seconds.
"""

import asyncio
import logging
from typing import Final

from bot.outgoing.delivery import Delivered, Outcome


_log = logging.getLogger(__name__)

GAP: Final = 1.0
"""Seconds between two edits of one message that only show progress."""

BURST: Final = 3
"""Edits of one message that may follow each other at once when they matter."""

ORDER_FIRST: Final = 0.025
"""Seconds that Telegram can wait when the owner has just tapped: writing to it takes a
few of this machine's milliseconds, and an order that was approved leaves in less, also
where the machine has other work or its disk is slow."""

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0


def _now() -> float:
    return asyncio.get_running_loop().time()


class EditPace:
    """When each message was edited; entries older than the burst are forgotten."""

    def __init__(self) -> None:
        self._edits: dict[int, list[float]] = {}

    def edited(self, message: int) -> None:
        """The message was edited now."""
        horizon = _now() - BURST * GAP
        self._edits = {
            each: recent
            for each, times in self._edits.items()
            if (recent := [at for at in times if at > horizon])
        }
        self._edits.setdefault(message, []).append(_now())

    def wait(self, message: int) -> float:
        """Seconds until an edit that matters may leave; 0 when it may now."""
        times = self._edits.get(message, [])
        free = times[-BURST] + BURST * GAP if len(times) >= BURST else 0.0
        return max(0.0, free - _now())

    def wait_for_progress(self, message: int) -> float:
        """Seconds until an edit that only shows progress may leave: it leaves one of
        a burst to what matters."""
        times = self._edits.get(message, [])
        free = times[-1] + GAP if times else 0.0
        if len(times) >= BURST - 1:
            free = max(free, times[1 - BURST] + BURST * GAP)
        return max(self.wait(message), free - _now())


class Hold:
    """How long the whole chat is left alone: as Telegram asks; and while it is away 1 s,
    doubled up to 30 s. Logs once a spell. ``closed`` is set while the chat takes nothing
    of the bot's: it is blocked there, or was never let in."""

    def __init__(self) -> None:
        self._pause = 0.0
        self._until = 0.0
        self.closed = asyncio.Event()

    def not_taken(self, delivered: Delivered) -> None:
        """Leave it alone as it asks, or longer each time."""
        if delivered.outcome is Outcome.WAIT:
            self.asked(delivered.wait)
            return
        if delivered.outcome is Outcome.CLOSED:
            self.closed.set()
        self.failed(delivered.why)

    def failed(self, why: str) -> None:
        """Telegram could not be reached, or did not answer."""
        if self._pause == 0.0:
            _log.warning("Telegram is away: %s", why)
        self._pause = min(LONGEST_PAUSE, max(FIRST_PAUSE, self._pause * 2))
        self._until = _now() + self._pause

    def asked(self, seconds: float) -> None:
        """Telegram asked for this pause (429)."""
        self._until = _now() + seconds

    def reached(self) -> None:
        """Telegram answered."""
        if self._pause:
            _log.warning("Telegram is back")
        self._pause = self._until = 0.0
        self.closed.clear()

    @property
    def left(self) -> float:
        """Seconds for which nothing may leave; 0 when all is well."""
        return max(0.0, self._until - _now())

    async def over(self) -> None:
        """Wait until something may leave."""
        await asyncio.sleep(self.left)


class Rests:
    """Matters that are left alone for a while; others go on."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def rest(self, key: str, seconds: float) -> None:
        self._until[key] = _now() + seconds

    def left(self, key: str) -> float:
        """Seconds that this matter must still rest."""
        left = self._until.get(key, 0.0) - _now()
        if left <= 0:
            self._until.pop(key, None)
        return max(0.0, left)

    def soonest(self) -> float | None:
        """Seconds until something that rests may be tried; None when nothing does."""
        waits = [max(0.0, until - _now()) for until in self._until.values()]
        return min(waits, default=None)
