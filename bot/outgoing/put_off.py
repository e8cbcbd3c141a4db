"""Places in a chat that is closed to the bot, whose news waits until it is open.

Such a place has a number below all of Telegram's ids, so that the journal has a place
for a card, and other chats can show the card and take its taps.

Tested by tests/bot/outgoing/test_everybody.py and tests/journeys/test_blocked_chats.py.
"""

import asyncio
from collections.abc import Coroutine
from hashlib import sha256
from typing import Any, Final, TypeVar

from core.model.errors import NotifierAway


T = TypeVar("T")

_BYTES: Final = 6
"""How many bytes of the digest form the number."""


def number_of(key: str) -> int:
    """The number of the place for *key*: always the same, and negative."""
    return -1 - int.from_bytes(sha256(key.encode()).digest()[:_BYTES])


def is_put_off(message: int) -> bool:
    """Whether *message* is such a place instead of a real message."""
    return message < 0


async def unless(closed: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """The result of *work*; None if the chat is *closed* or turns out to be, in which
    case *work* is abandoned or not begun. Raises NotifierAway if *work* does."""
    if closed.is_set():
        work.close()
        return None
    async with asyncio.TaskGroup() as tasks:
        doing = tasks.create_task(_outcome(work))
        found = tasks.create_task(closed.wait())
        await asyncio.wait({doing, found}, return_when=asyncio.FIRST_COMPLETED)
        doing.cancel()
        found.cancel()
    done = None if doing.cancelled() else doing.result()
    if isinstance(done, NotifierAway):
        raise done
    return done


async def _outcome(work: Coroutine[Any, Any, T]) -> T | NotifierAway:
    """The result or the NotifierAway of *work*, which a task group would wrap."""
    try:
        return await work
    except NotifierAway as away:
        return away
