"""How often one message may be edited, and how long to pause after errors.

Telegram allows about one message a second in a chat, and short bursts. Times are
seconds of the event loop."""

import asyncio
import logging
from contextlib import suppress
from typing import Final

from bot.outgoing.delivery import Delivered, Delivery
from core.loop_time import loop_time


_log = logging.getLogger(__name__)

GAP: Final = 1.0
"""Seconds between two edits of one message that only show progress."""

BURST: Final = 3
"""How many important edits of one message may follow each other at once."""

ORDER_FIRST: Final = 0.025
"""Seconds that messages wait after the owner's tap: sending one takes a few
milliseconds of CPU, and an approved order should be sent first, even on a busy machine
or a slow disk."""

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0


class EditPace:
    """When each message was edited; entries older than the burst are forgotten."""

    def __init__(self) -> None:
        self._edits: dict[int, list[float]] = {}

    def edited(self, message: int) -> None:
        """The message was edited now."""
        horizon = loop_time() - BURST * GAP
        self._edits = {
            each: recent
            for each, times in self._edits.items()
            if (recent := [at for at in times if at > horizon])
        }
        self._edits.setdefault(message, []).append(loop_time())

    def wait(self, message: int) -> float:
        """Seconds until an important edit may be sent; 0 if it may be now."""
        times = self._edits.get(message, [])
        free = times[-BURST] + BURST * GAP if len(times) >= BURST else 0.0
        return max(0.0, free - loop_time())

    def wait_for_progress(self, message: int) -> float:
        """Seconds until an edit of progress may be sent; it leaves one edit of a burst
        for important ones."""
        times = self._edits.get(message, [])
        free = times[-1] + GAP if times else 0.0
        if len(times) >= BURST - 1:
            free = max(free, times[1 - BURST] + BURST * GAP)
        return max(self.wait(message), free - loop_time())


class Hold:
    """How long the whole chat pauses: as long as Telegram asks, and while it is down 1
    s, doubled up to 30 s. Logs each outage once. ``closed`` is set while the chat
    refuses everything, because the bot is blocked there or was never started."""

    def __init__(self) -> None:
        self._pause = 0.0
        self._until = self._asked_until = 0.0
        self._opened = asyncio.Event()
        self.closed = asyncio.Event()

    def not_taken(self, delivered: Delivered) -> None:
        """Pause as long as Telegram asks, or longer each time."""
        if delivered.outcome is Delivery.WAIT:
            self.asked(delivered.wait)
            return
        if delivered.outcome is Delivery.CLOSED:
            self.closed.set()
        self.failed(delivered.why)

    def failed(self, why: str) -> None:
        """Telegram could not be reached, or did not answer: pause, each time twice as
        long, up to LONGEST_PAUSE seconds."""
        if self._pause == 0.0:
            _log.warning("Telegram is away: %s", why)
        self._pause = min(LONGEST_PAUSE, max(FIRST_PAUSE, self._pause * 2))
        self._until = loop_time() + self._pause

    def asked(self, seconds: float) -> None:
        """Telegram asked for a pause of so many *seconds* from now (429)."""
        self._asked_until = loop_time() + seconds

    def reached(self) -> None:
        """Telegram answered: end every pause, and take the chat for open."""
        if self._pause:
            _log.warning("Telegram is back")
        self._pause = self._until = self._asked_until = 0.0
        self.closed.clear()

    def opened(self) -> None:
        """Whose chat it is has just written there, so that it may be open again: what
        waits is tried at once."""
        if self.closed.is_set():
            self._pause = self._until = 0.0
            self._opened.set()

    @property
    def left(self) -> float:
        """Seconds for which nothing may be sent; 0 if there is no pause."""
        return max(0.0, max(self._until, self._asked_until) - loop_time())

    async def over(self) -> None:
        """Wait until something may be sent."""
        await asyncio.sleep(0)
        while left := self.left:
            self._opened.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._opened.wait()


class BackOffs:
    """News that rests for a while after a refusal; other news goes on."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def rest(self, key: str, seconds: float) -> None:
        self._until[key] = loop_time() + seconds

    def left(self, key: str) -> float:
        """Seconds that *key* must still rest."""
        left = self._until.get(key, 0.0) - loop_time()
        if left <= 0:
            self._until.pop(key, None)
        return max(0.0, left)

    def soonest(self) -> float | None:
        """Seconds until the next one may be tried; None if none rests."""
        waits = [max(0.0, until - loop_time()) for until in self._until.values()]
        return min(waits, default=None)
