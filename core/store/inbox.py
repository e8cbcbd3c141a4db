"""Raw updates, stored by id before they are confirmed to Telegram (W0)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from core.store.access import Role
from core.store.tables import from_moment


_RECEIVE: Final = """
INSERT INTO inbox (update_id, raw, received_at, state)
VALUES (?, ?, ?, 'new') ON CONFLICT DO NOTHING
"""
_UNREAD: Final = """
SELECT update_id, raw FROM inbox WHERE state = 'new' ORDER BY received_at, update_id
"""
_FINISH: Final = "UPDATE inbox SET state = 'done' WHERE update_id = ?"
_GIVE_UP: Final = "UPDATE inbox SET state = 'dead', reason = ? WHERE update_id = ?"


class SqlInbox(Role):
    """Implements InboxStore."""

    def receive(
        self, updates: Iterable[tuple[int, str]], *, at: datetime
    ) -> tuple[int, ...]:
        return tuple(
            number
            for number, raw in updates
            if self._access.change(_RECEIVE, (number, raw, from_moment(at)))
        )

    def unread(self) -> tuple[tuple[int, str], ...]:
        """In order of arrival: after a quiet week Telegram restarts the ids."""
        return tuple((number, raw) for number, raw in self._access.rows(_UNREAD))

    def finish(self, update_id: int) -> None:
        self._access.change(_FINISH, (update_id,))

    def give_up_on(self, update_id: int, *, reason: str) -> None:
        self._access.change(_GIVE_UP, (reason, update_id))
