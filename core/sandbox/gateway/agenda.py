"""What one client is still to be told, and what is still to be done for it, by time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

from core.sandbox.protocol.wire import Fields


Deed = Callable[[], None]


@dataclass(slots=True, eq=False)
class _Entry:
    what: Fields | bytes | Deed
    key: object


class Agenda:
    """Messages and deeds in the order they are due; at one moment, as they came."""

    def __init__(self) -> None:
        self._entries: list[tuple[datetime, int, _Entry]] = []
        self._turns = count()
        self._keyed: dict[object, _Entry] = {}

    def add(
        self, at: datetime, what: Fields | bytes | Deed, *, key: object = None
    ) -> None:
        """Note *what*; a later entry with the same key replaces an earlier one."""
        entry = _Entry(what, key)
        if key is not None:
            self._keyed[key] = entry
        heappush(self._entries, (at, next(self._turns), entry))

    def forget(self, key: object) -> None:
        """Strike out what was noted under *key*."""
        self._keyed.pop(key, None)

    def has(self, key: object) -> bool:
        """Whether something is noted under *key*."""
        return key in self._keyed

    def due(self, now: datetime) -> Iterator[Fields | bytes | Deed]:
        """Yield what is due by *now*, entries added meanwhile included."""
        while self._entries and self._entries[0][0] <= now:
            _, _, entry = heappop(self._entries)
            if entry.key is None:
                yield entry.what
            elif self._keyed.get(entry.key) is entry:
                del self._keyed[entry.key]
                yield entry.what

    def next_at(self) -> datetime | None:
        """Return when the next entry is due."""
        return self._entries[0][0] if self._entries else None

    def clear(self) -> None:
        """Strike out everything."""
        self._entries.clear()
        self._keyed.clear()
