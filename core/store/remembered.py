"""What must be remembered, by name. What has been read or written once is known: no
other process writes here, and whoever rolls a transaction back says so."""

from typing import Final

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from core.store.tables import meta


_RECALL: Final = select(meta.c.v).where(meta.c.k == bindparam("name"))
_META: Final = insert(meta)
_REMEMBER: Final = _META.on_conflict_do_update(
    index_elements=[meta.c.k], set_={"v": _META.excluded.v}
)


class Remembered:
    """The names and their values over one connection."""

    def __init__(self) -> None:
        self._known: dict[str, str | None] = {}

    def recall(self, on: Connection, name: str) -> str | None:
        if name not in self._known:
            self._known[name] = on.execute(_RECALL, {"name": name}).scalar()
        return self._known[name]

    def remember(self, on: Connection, name: str, value: str) -> None:
        on.execute(_REMEMBER, {"k": name, "v": value})
        self._known[name] = value

    def rolled_back(self) -> None:
        """What was written since the last commit never was."""
        self._known.clear()
