"""A record of played days: a line of figures for each, appended as it is played.

A run that is interrupted loses nothing, and the next one plays the days that the file
lacks. Days of several commits are added up; each line names its own.
"""

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.simulation.day import Outcome


_ROOT: Final = Path(__file__).parents[2]


class Figures(NamedTuple):
    """The figures kept of a day. ``seconds`` are those of the processor."""

    commit: str
    seconds: float
    failed: bool


class Record:
    """Played days by seed, and the sums of their figures; without a file, of one run."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self.days: dict[int, Figures] = {}
        self.counts = Counter[str]()
        for line in file.read_text().splitlines() if file and file.exists() else ():
            self._take(json.loads(line))

    def add(self, out: Outcome, commit: str) -> None:
        """Append a day played at *commit*, on disk before the next one."""
        day = {
            "seed": out.plan.seed,
            "commit": commit,
            "seconds": round(out.seconds, 3),
            "violations": out.violations,
            "counts": out.counts,
        }
        self._take(day)
        if self._file is not None:
            with self._file.open("a") as file:
                file.write(json.dumps(day) + "\n")

    def _take(self, day: dict[str, Any]) -> None:
        failed = bool(day["violations"])
        self.days[day["seed"]] = Figures(day["commit"], day["seconds"], failed)
        self.counts.update(day["counts"])

    def missing(self, number: int, *, first: int) -> list[int]:
        """The next *number* seeds from *first* on that are not in the record."""
        return list(islice((s for s in count(first) if s not in self.days), number))

    @property
    def failed(self) -> list[int]:
        """The seeds of the days that failed."""
        return [seed for seed, day in self.days.items() if day.failed]

    @property
    def seconds(self) -> float:
        """Processor seconds of all days."""
        return sum(day.seconds for day in self.days.values())

    def by_commit(self) -> Iterator[str]:
        """A line for each commit: its days, the failed ones, and the cost of one."""
        for commit in dict.fromkeys(day.commit for day in self.days.values()):
            days = [day for day in self.days.values() if day.commit == commit]
            failed = sum(day.failed for day in days)
            a_day = sum(day.seconds for day in days) / len(days)
            yield f"{commit}: {len(days):,} days, {failed} failed, {a_day:.2f} s of CPU a day"


def commit() -> str:
    """The checkout's commit; ``-dirty`` where files differ from it."""
    asked = ("git", "describe", "--always", "--dirty", "--exclude=*")
    said = subprocess.run(asked, cwd=_ROOT, capture_output=True, check=False)  # noqa: S603  our own words
    return said.stdout.decode().strip() or "no commit"
