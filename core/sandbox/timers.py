"""Timed events: the queue that orders, clients and the gateway all use."""

from collections.abc import Callable, Hashable, Iterator
from datetime import datetime
from heapq import heappop, heappush
from typing import Generic, NamedTuple, TypeVar


WhatT = TypeVar("WhatT")
Callback = Callable[[], None]


class Timer(NamedTuple, Generic[WhatT]):
    """One timed event, due in UTC. ``turn`` counts up, so equal times keep their order."""

    due: datetime
    turn: int
    what: WhatT
    key: Hashable


class Timers(Generic[WhatT]):
    """A queue by time, then by the order of adding. Of one key only the latest entry
    counts.
    """

    def __init__(self) -> None:
        self._heap: list[Timer[WhatT]] = []
        self._turn = 0
        self._latest: dict[Hashable, int] = {}

    def add(self, due: datetime, what: WhatT, *, key: Hashable = None) -> None:
        """Add *what* at that time, instead of an earlier entry with that key."""
        self._turn += 1
        if key is not None:
            self._latest[key] = self._turn
        heappush(self._heap, Timer(due, self._turn, what, key))

    def forget(self, key: Hashable) -> None:
        """Remove the entry with *key*."""
        self._latest.pop(key, None)

    def has(self, key: Hashable) -> bool:
        """Whether an entry with *key* is pending."""
        return key in self._latest

    def due(self, now: datetime) -> Iterator[Timer[WhatT]]:
        """Remove and yield what is due by *now*, one by one; also what is added
        meanwhile.
        """
        while self._heap and self._heap[0].due <= now:
            timer = heappop(self._heap)
            if self._counts(timer):
                self._latest.pop(timer.key, None)
                yield timer

    def next_at(self) -> datetime | None:
        """When the next entry is due; None when there is none."""
        while self._heap and not self._counts(self._heap[0]):
            heappop(self._heap)
        return self._heap[0].due if self._heap else None

    def pending(self) -> Iterator[Timer[WhatT]]:
        """Every pending entry in order; none is removed."""
        return (timer for timer in sorted(self._heap) if self._counts(timer))

    def clear(self) -> None:
        """Remove every entry."""
        self._heap.clear()
        self._latest.clear()

    def _counts(self, timer: Timer[WhatT]) -> bool:
        return timer.key is None or self._latest.get(timer.key) == timer.turn
