"""`python -m tests.simulation.teeth`: puts each seeded bug into the product, and plays the
day that finds it (``tests/teeth/found.py``): it must fail with the bug, and pass without.
``--jobs`` bugs are tried at a time; names choose among them.

A new bug is tried on the days made for it, then on ``--seeds`` days in turn. Bugs that no
day shows are named with the reason (``tests/teeth/unseen.py``) and not tried. ``--table``
prints the tables of docs/seeded-bugs.md, and plays nothing.
"""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Final

from tests.simulation.directed import days_aimed_at
from tests.simulation.with_bug import first_failure
from tests.teeth.bug import Bug
from tests.teeth.bugs import BUGS
from tests.teeth.found import FOUND
from tests.teeth.unseen import UNSEEN


_LONG: Final = 80


def main() -> int:
    """Print a line for each bug, or the tables; 1 if a bug was not found."""
    arguments = _arguments()
    if arguments.table:
        print(*table(), sep="\n")
        return 0
    chosen = [b for b in BUGS if not arguments.names or b.name in arguments.names]
    bugs = [bug for bug in chosen if bug.name not in UNSEEN]
    with ThreadPoolExecutor(arguments.jobs) as several:
        lines = several.map(partial(_tried, seeds=arguments.seeds), bugs)
        found = sum(map(_said, lines))
    for bug in chosen:
        if why := UNSEEN.get(bug.name):
            print(f"{bug.name:60} not tried: {why}")
    print(f"{found} of {len(bugs)} bugs are found")
    return int(found < len(bugs))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--seeds", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("names", nargs="*")
    return parser.parse_args()


def table() -> Iterator[str]:
    """The lines of the tables: each bug with its day and what it shows there, and each
    that no day shows with the reason."""
    yield from ("| seeded bug | found on day | as |", "|---|---|---|")
    for bug in BUGS:
        if found := FOUND.get(bug.name):
            yield f"| {bug.name} | {found.day} | {found.shown} |"
    yield from ("", "| not shown by any day | because |", "|---|---|")
    for bug in BUGS:
        if why := UNSEEN.get(bug.name):
            yield f"| {bug.name} | {why} |"


def days(bug: Bug, seeds: int) -> list[int]:
    """The day that finds it; where there is none yet, those made for it, then so many in
    turn."""
    if found := FOUND.get(bug.name):
        return [found.day]
    return list(dict.fromkeys((*days_aimed_at(bug.name), *range(1, seeds + 1))))


def _tried(bug: Bug, seeds: int) -> tuple[bool, str]:
    """Whether it was found, and the line about it."""
    tried = days(bug, seeds)
    day, what = first_failure(bug, tried)
    if day > 0 and _fails_anyway(day):
        return False, f"{bug.name:60} day {day} fails without it, too"
    if day == 0:
        return False, f"{bug.name:60} not found in {' '.join(map(str, tried))}"
    return day > 0, f"{bug.name:60} day {day}: {what[:_LONG]}"


@cache
def _fails_anyway(day: int) -> bool:
    """Whether it fails without any bug, too; some days find several."""
    return first_failure(None, [day])[0] != 0


def _said(answer: tuple[bool, str]) -> bool:
    is_found, line = answer
    print(line, flush=True)
    return is_found


if __name__ == "__main__":
    sys.exit(main())
