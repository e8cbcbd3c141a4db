"""Requests that may still arrive after they were given up, and when to look for
them."""

from dataclasses import dataclass
from typing import Final

from bot.outgoing.page import Page
from core.loop_time import loop_time


AFTER: Final = (6.0, 90.0)
"""Seconds after which to look whether a request without an answer has arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook:
    """A look due at a loop time: at the message *number*, which an older edit may have
    changed; or for a message sent as *page* after the message *after*."""

    due: float
    number: int | None = None
    after: int | None = None
    page: Page | None = None


class SecondLooks:
    """The looks that are due later; each is made twice."""

    def __init__(self) -> None:
        self._looks: list[SecondLook] = []

    def expect_change(self, number: int) -> None:
        """An older edit of message *number* may still arrive and override the
        newest."""
        now = loop_time()
        self._looks += [SecondLook(due=now + later, number=number) for later in AFTER]

    def expect_double(self, after: int | None, page: Page) -> None:
        """*page* may arrive a second time."""
        now = loop_time()
        self._looks += [
            SecondLook(due=now + later, after=after, page=page) for later in AFTER
        ]

    def due(self) -> list[SecondLook]:
        """The looks whose time has come; each is returned once."""
        now = loop_time()
        due = [look for look in self._looks if look.due <= now]
        self._looks = [look for look in self._looks if look.due > now]
        return due

    def soonest(self) -> float | None:
        """Seconds until the next; None when nothing is expected."""
        return min(
            (max(0.0, look.due - loop_time()) for look in self._looks), default=None
        )
