"""Raw updates: kept by their id before the chat is told that they arrived (W0)."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert

from core.store.tables import inbox


class _State(StrEnum):
    NEW = "new"
    DONE = "done"
    DEAD = "dead"


def receive(
    on: Connection, updates: Iterable[tuple[int, str]], *, at: datetime
) -> None:
    rows = [
        {"update_id": number, "raw": raw, "received_at": at, "state": _State.NEW}
        for number, raw in updates
    ]
    if rows:
        on.execute(insert(inbox).on_conflict_do_nothing(), rows)


def unread(on: Connection) -> tuple[tuple[int, str], ...]:
    """By arrival: after a quiet week the chat counts from another number."""
    rows = on.execute(
        select(inbox.c.update_id, inbox.c.raw)
        .where(inbox.c.state == _State.NEW)
        .order_by(inbox.c.received_at, inbox.c.update_id)
    )
    return tuple((row.update_id, row.raw) for row in rows)


def finish(on: Connection, update_id: int) -> None:
    _end(on, update_id, _State.DONE, reason=None)


def bury(on: Connection, update_id: int, *, reason: str) -> None:
    _end(on, update_id, _State.DEAD, reason=reason)


def _end(on: Connection, update_id: int, to: _State, *, reason: str | None) -> None:
    on.execute(
        update(inbox)
        .where(inbox.c.update_id == update_id, inbox.c.state == _State.NEW)
        .values(state=to, reason=reason)
    )
