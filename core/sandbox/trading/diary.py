"""What is still to happen to the orders, and when."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.sandbox.orders import Commission, OrderKey


class Step(StrEnum):
    """The things that happen to an order by themselves."""

    ACKNOWLEDGE = "acknowledge"
    RELEASE = "release"
    MATCH = "match"
    EXPIRE = "expire"
    CANCEL = "cancel"
    REPORT = "report"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Entry:
    """One thing to happen. ``report`` belongs to REPORT, ``turn`` tells which entry
    of its kind is the order's current one.
    """

    due: datetime
    turn: int
    step: Step = field(compare=False)
    key: OrderKey = field(compare=False)
    report: Commission | None = field(default=None, compare=False)


class Diary:
    """Entries by time, then by when they were made. Two diaries alike stay alike."""

    def __init__(self) -> None:
        self._heap: list[Entry] = []
        self._turn = 0
        self._current: dict[tuple[OrderKey, Step], int] = {}

    def add(
        self,
        step: Step,
        key: OrderKey,
        due: datetime,
        report: Commission | None = None,
    ) -> None:
        """Note a thing to happen; of RELEASE and MATCH only the latest note counts."""
        self._turn += 1
        entry = Entry(due=due, turn=self._turn, step=step, key=key, report=report)
        self._current[key, _lane(step)] = self._turn
        heapq.heappush(self._heap, entry)

    def due(self, now: datetime) -> Entry | None:
        """Take the next entry that is due by then, None if there is none."""
        while self._heap and self._heap[0].due <= now:
            entry = heapq.heappop(self._heap)
            if self._holds(entry):
                return entry
        return None

    def next_at(self) -> datetime | None:
        """When the next thing is due."""
        while self._heap and not self._holds(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0].due if self._heap else None

    def forget(self, key: OrderKey) -> None:
        """Nothing more happens to that order, except its reports."""
        for step in (Step.MATCH, Step.EXPIRE, Step.CANCEL, Step.ACKNOWLEDGE):
            self._current.pop((key, step), None)

    def pending(self) -> Iterator[Entry]:
        """Everything that still counts, in order."""
        return (entry for entry in sorted(self._heap) if self._holds(entry))

    def _holds(self, entry: Entry) -> bool:
        if entry.step is Step.REPORT:
            return True
        return self._current.get((entry.key, _lane(entry.step))) == entry.turn


def _lane(step: Step) -> Step:
    """Being released and being matched exclude each other."""
    return Step.MATCH if step is Step.RELEASE else step
