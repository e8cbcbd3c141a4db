"""Raw updates: kept by their id before the chat is told that they arrived (W0)."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.sqlite import insert

from core.store.access import Role
from core.store.tables import inbox


class _State(StrEnum):
    NEW = "new"
    DONE = "done"
    DEAD = "dead"


UNFINISHED: Final = _State.NEW
"""The state of an update that waits for somebody."""

_RECEIVE: Final = insert(inbox).on_conflict_do_nothing()
_UNREAD: Final = (
    select(inbox.c.update_id, inbox.c.raw)
    .where(inbox.c.state == _State.NEW)
    .order_by(inbox.c.received_at, inbox.c.update_id)
)
_END: Final = update(inbox).where(inbox.c.update_id == bindparam("number"))


class SqlInbox(Role):
    """Implements InboxStore."""

    def receive(self, updates: Iterable[tuple[int, str]], *, at: datetime) -> None:
        rows = [
            {"update_id": number, "raw": raw, "received_at": at, "state": _State.NEW}
            for number, raw in updates
        ]
        if rows:
            self._writing.execute(_RECEIVE, rows)

    def unread(self) -> tuple[tuple[int, str], ...]:
        """By arrival: after a quiet week the chat counts from another number."""
        return tuple((row.update_id, row.raw) for row in self._reading.execute(_UNREAD))

    def finish(self, update_id: int) -> None:
        self._writing.execute(_END, {"number": update_id, "state": _State.DONE})

    def bury(self, update_id: int, *, reason: str) -> None:
        self._writing.execute(
            _END, {"number": update_id, "state": _State.DEAD, "reason": reason}
        )
