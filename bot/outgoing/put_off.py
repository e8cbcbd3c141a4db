"""Places in a chat that is closed to the bot: what comes there waits until it is open.

Such a place has a number of its own, below every number of Telegram's, so that a card
has where it stands in the journal, and the other chats show it and take its taps.

Tested by tests/bot/outgoing/test_everybody.py and tests/journeys/test_blocked_chats.py.
"""

import asyncio
from collections.abc import Coroutine
from hashlib import sha256
from typing import Any, Final, TypeVar

from core.model.errors import NotifierAway


T = TypeVar("T")

_BYTES: Final = 6
"""Of the digest that the number is made of."""


def number_of(key: str) -> int:
    """The number of the place for *key*: always the same, and below zero."""
    return -1 - int.from_bytes(sha256(key.encode()).digest()[:_BYTES])


def is_put_off(message: int) -> bool:
    """Whether no message has this number."""
    return message < 0


async def unless(closed: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """What *work* comes to; None where the chat is *closed*, or is found to be: then
    *work* is given up. It is not begun in a chat that is known to be. Raises NotifierAway
    as *work* does."""
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
    """A group of tasks would wrap what is raised in it."""
    try:
        return await work
    except NotifierAway as away:
        return away
