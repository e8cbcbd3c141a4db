"""The message ids of a chat: which are known, and which a lost message may have.

Telegram numbers the messages of a chat with a bot upwards, the owner's and ours
together, with gaps (other chats, deleted messages). A message of ours whose id was not
returned is therefore among the unknown ids after the newest that was known before it
was sent."""

from collections.abc import Iterable
from itertools import islice
from typing import Final


BEYOND: Final = 10
"""How far beyond the newest known id a message is looked for."""

MOST: Final = 60
"""How many ids are tried for one message."""

_KEPT: Final = 2_000


class Numbers:
    """The message ids that are known."""

    def __init__(self, known: Iterable[int | None] = ()) -> None:
        self._known: dict[int, None] = {}
        self.newest: int | None = None
        for number in known:
            if number is not None:
                self.know(number)

    def know(self, number: int) -> None:
        """The message with this id is known."""
        self._known[number] = None
        self.newest = max(number, self.newest or number)
        if len(self._known) > _KEPT:
            self._known.pop(next(iter(self._known)))

    def unknown_after(self, after: int | None) -> tuple[int, ...]:
        """The ids that a message may have that was sent when *after* was the newest
        known; empty if none was."""
        if after is None:
            return ()
        last = max(after, self.newest or 0) + BEYOND
        unknown = (n for n in range(after + 1, last + 1) if n not in self._known)
        return tuple(islice(unknown, MOST))
