"""The numbers of the owner's chat: which are known, and where one may stand that is not.

Telegram numbers the messages of a chat with a bot upwards, his and ours together, and
leaves gaps (other chats, what was deleted). A message of ours whose number nobody told
is therefore among the unknown ones after the newest that was known before it was sent.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Final


BEYOND: Final = 10
"""How far behind the newest known number one is looked for."""

MOST: Final = 60
"""So many numbers are looked at for one message."""

_KEPT: Final = 2_000


class Numbers:
    """Which message numbers are known to be somebody's."""

    def __init__(self, known: Iterable[int | None] = ()) -> None:
        self._known: dict[int, None] = {}
        self.newest: int | None = None
        for number in known:
            if number is not None:
                self.know(number)

    def know(self, number: int) -> None:
        """There is a message of this number; whose is known."""
        self._known[number] = None
        self.newest = max(number, self.newest or number)
        if len(self._known) > _KEPT:
            self._known.pop(next(iter(self._known)))

    def unknown_after(self, after: int | None) -> tuple[int, ...]:
        """Where a message may stand that was sent when *after* was the newest known;
        nowhere when none was."""
        if after is None:
            return ()
        last = max(after, self.newest or 0) + BEYOND
        unknown = (n for n in range(after + 1, last + 1) if n not in self._known)
        return tuple(islice(unknown, MOST))
