"""Things to happen at their time: the one queue for orders, clients and the gateway."""

from collections.abc import Callable, Hashable, Iterator
from datetime import datetime
from heapq import heappop, heappush
from typing import Generic, NamedTuple, TypeVar


WhatT = TypeVar("WhatT")
Callback = Callable[[], None]


class Timer(NamedTuple, Generic[WhatT]):
    """One thing to happen. ``turn`` counts up: equal times keep their order."""

    due: datetime
    turn: int
    what: WhatT
    key: Hashable


class Timers(Generic[WhatT]):
    """By time, then in the order they were added. Of one key only the latest counts."""

    def __init__(self) -> None:
        self._heap: list[Timer[WhatT]] = []
        self._turn = 0
        self._latest: dict[Hashable, int] = {}

    def add(self, due: datetime, what: WhatT, *, key: Hashable = None) -> None:
        """Let *what* happen at that time, instead of an earlier one with that key."""
        self._turn += 1
        if key is not None:
            self._latest[key] = self._turn
        heappush(self._heap, Timer(due, self._turn, what, key))

    def forget(self, key: Hashable) -> None:
        """Call off what was added under *key*."""
        self._latest.pop(key, None)

    def has(self, key: Hashable) -> bool:
        """Whether something is still to happen under *key*."""
        return key in self._latest

    def due(self, now: datetime) -> Iterator[Timer[WhatT]]:
        """Take what is due by *now*, one by one; what is added meanwhile, too."""
        while self._heap and self._heap[0].due <= now:
            timer = heappop(self._heap)
            if self._counts(timer):
                self._latest.pop(timer.key, None)
                yield timer

    def next_at(self) -> datetime | None:
        """When the next thing is due; None when nothing is."""
        while self._heap and not self._counts(self._heap[0]):
            heappop(self._heap)
        return self._heap[0].due if self._heap else None

    def pending(self) -> Iterator[Timer[WhatT]]:
        """Everything that still counts, in order; nothing is taken."""
        return (timer for timer in sorted(self._heap) if self._counts(timer))

    def clear(self) -> None:
        """Call off everything."""
        self._heap.clear()
        self._latest.clear()

    def _counts(self, timer: Timer[WhatT]) -> bool:
        return timer.key is None or self._latest.get(timer.key) == timer.turn
