"""The chats besides the owner's that are told all news. Mostly there is none, and then an
order does not wait for copies of its news.

Tested by tests/contracts/store/test_outbox.py."""

from typing import Final

from core.store.access import Access, Role


_ALL: Final = "SELECT chat_id FROM chat"
_BEGIN: Final = "INSERT INTO chat (chat_id) VALUES (?) ON CONFLICT DO NOTHING"
_END: Final = "DELETE FROM chat WHERE chat_id = ?"


class ChatsToTell(Role):
    """Cached, since no other process writes here."""

    def __init__(self, access: Access) -> None:
        super().__init__(access)
        self._known: frozenset[int] | None = None
        access.followed_by(self)

    def committed(self) -> None:
        """What is known is on disk."""

    def rolled_back(self) -> None:
        self._known = None

    def all(self) -> frozenset[int]:
        """Their numbers."""
        if self._known is None:
            self._known = frozenset(chat for (chat,) in self._access.rows(_ALL))
        return self._known

    def begin(self, chat: int) -> None:
        """News from now on is told there, too."""
        self._known = None
        self._access.change(_BEGIN, (chat,))

    def end(self, chat: int) -> None:
        """Nothing is told there any more."""
        self._known = None
        self._access.change(_END, (chat,))
