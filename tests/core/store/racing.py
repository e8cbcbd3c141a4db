"""Races for one journal: `python -m tests.core.store.racing` runs the whole of them.

64 connections, in threads of four processes, go for each of 1,000 open cards at the
same moment. The last line says how many cards had one winner. Only one process opens
a journal: these connections go round its lock, to show that the keys and the
compare-and-set hold by themselves.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from sqlite3 import Connection
from tempfile import TemporaryDirectory
from threading import Barrier
from typing import Final, Protocol

from core.model.proposal import ProposalId, ProposalState
from core.store.access import Access
from core.store.disk import connected
from core.store.proposals import SqlProposals
from tests.builders import NOW, a_shown
from tests.core.store.journals import open_in, path_in, proposals as some_proposals


RACERS: Final = 64
PROCESSES: Final = 4
CARDS: Final = 1_000
TIMEOUT: Final = 60.0
"""Seconds that a racer waits for the others."""

Step = Callable[[Access], bool]


class Start(Protocol):
    """Where racers wait for each other: a Barrier of threads, or of processes."""

    def wait(self, timeout: float | None = None) -> int: ...


def race(directory: Path, *steps: Step) -> list[int]:
    """For each of *steps*, all threads at once: how many of them it was true for."""
    return _winners(_threads(Barrier(RACERS), directory, steps, racers=RACERS))


def race_of_processes(directory: Path, *steps: Step) -> list[int]:
    """The same with threads of several processes."""
    context = get_context("spawn")
    start: Start = context.Barrier(RACERS)
    with ProcessPoolExecutor(
        PROCESSES, context, initializer=_come_to, initargs=(start,)
    ) as processes:
        share = RACERS // PROCESSES
        runs = [
            processes.submit(_share, directory, steps, racers=share)
            for _ in range(PROCESSES)
        ]
        return _winners([each for run in runs for each in run.result()])


_start: list[Start] = []
"""A barrier can only be inherited: each process keeps it here."""


def _come_to(start: Start) -> None:
    _start.append(start)


def _share(directory: Path, steps: Sequence[Step], *, racers: int) -> list[list[bool]]:
    return _threads(_start[0], directory, steps, racers=racers)


def _threads(
    start: Start, directory: Path, steps: Sequence[Step], *, racers: int
) -> list[list[bool]]:
    """What each of *racers* threads, with a connection of its own, came to hear."""

    def run(_: int) -> list[bool]:
        with connected(path_in(directory)) as connection:
            return [_at_once(start, connection, step) for step in steps]

    with ThreadPoolExecutor(racers) as threads:
        return list(threads.map(run, range(racers)))


def _at_once(start: Start, connection: Connection, step: Step) -> bool:
    start.wait(TIMEOUT)
    access = Access(connection)
    with access.transaction():
        return step(access)


def _winners(received: Sequence[Sequence[bool]]) -> list[int]:
    return [sum(won) for won in zip(*received, strict=True)]


def cards_in(directory: Path, count: int) -> list[Step]:
    """A Yes to each of *count* open cards of a new journal."""
    cards = tuple(some_proposals(count))
    with open_in(directory) as journal, journal.transaction():
        for card in cards:
            journal.proposals.add(card)
    return [partial(approve, proposal_id=card.id) for card in cards]


def approve(access: Access, *, proposal_id: ProposalId) -> bool:
    """Whether this Yes was the one that counted."""
    return SqlProposals(access).move(
        proposal_id, to=ProposalState.APPROVED, by="x", at=NOW, shown=a_shown()
    )


def main() -> int:
    """Run it, and say what came of it. 1 unless every card had one winner."""
    began = time.monotonic()
    with TemporaryDirectory() as directory:
        winners = race_of_processes(Path(directory), *cards_in(Path(directory), CARDS))
    counted = Counter(winners)
    seconds = time.monotonic() - began
    print(
        f"racers={RACERS} processes={PROCESSES} cards={CARDS}"
        f" one_winner={counted[1]} none={counted[0]}"
        f" several={CARDS - counted[0] - counted[1]} seconds={seconds:.0f}"
    )
    return int(counted != Counter({1: CARDS}))


if __name__ == "__main__":
    sys.exit(main())
