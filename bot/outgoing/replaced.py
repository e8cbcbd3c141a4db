"""Deletes placeholders whose news has come as a message of its own.

That a placeholder is to be deleted is on disk together with the place of its news, so a
stop in between leaves none behind.
"""

from typing import Final

from bot.outgoing.chat import OwnersChat, always
from bot.outgoing.delivery import Delivery
from bot.outgoing.page import Page
from bot.outgoing.put_off import is_put_off
from bot.views import placeholders
from core.model.proposal import Shown
from core.ports.outbox import OpenPlaces


_GONE: Final = "gone"
_BELOW: Final = Page(text=placeholders.BELOW)


class Replaced:
    """The ids of placeholders that are still to be deleted."""

    def __init__(self, *, chat: OwnersChat, store: OpenPlaces) -> None:
        self._chat, self._store = chat, store
        places = store.open_places()
        self._left = {
            shown.message for key, shown in places if key == _key(shown.message)
        }

    def __contains__(self, message: int) -> bool:
        return message in self._left

    def add(self, key: str, message: int, *, by: Shown) -> None:
        """*write* The result for *key*, whose placeholder is *message*, is now at
        *by*."""
        self._store.place(key, by)
        if is_put_off(message):
            return
        there = Shown(owner=by.owner, chat=by.chat, message=message)
        self._store.place(_key(message), there)
        self._left.add(message)

    def give_up(self, key: str, shown: Shown) -> None:
        """*write* No result is expected for *key* at *shown* any more."""
        self._store.unplace(key)
        self._store.place(_key(shown.message), shown)
        self._left.add(shown.message)

    async def take_away(self) -> None:
        """Delete them, trying each until Telegram accepts or refuses."""
        for message in tuple(self._left):
            delivered = await self._chat.take_away(message)
            if delivered.outcome is Delivery.REFUSED:
                await self._chat.edit(message, always(_BELOW))
            with self._store.transaction():
                self._store.unplace(_key(message))
            self._left.discard(message)


def _key(message: int) -> str:
    return f"{_GONE}:{message}"
