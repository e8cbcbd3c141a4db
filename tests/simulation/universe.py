"""`make universe SEEDS=200`: plays that many days in simulated time, and counts what
was met.

A day that fails prints a token; `make replay TOKEN=...` plays it again.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from math import inf
from pathlib import Path
from typing import Final

from tests.simulation.day import Outcome, played
from tests.simulation.directed import days_made_for_steps, days_that_press, plan
from tests.simulation.plan import NO_BUTTON, POINTS, Kind
from tests.simulation.record import Record, commit
from tests.simulation.rules import ALL_STEPS, NOT_HERE, RULES


A_PROCESS: Final = 40
"""Days that one process plays; then it gives its memory back."""


def outcome(seed: int) -> Outcome:
    """The result of the day of *seed*; its story is kept only if it failed."""
    out = played(plan(seed))
    return out if out.violations else replace(out, story=())


def main() -> int:
    """Play the days, print what was met, and return 1 if one failed."""
    arguments = _arguments()
    began = time.monotonic()
    record, now = Record(arguments.record), commit()
    missed: list[str] = []
    failed, seeds = 0, _seeds(arguments, record)
    warm = [outcome(seed) for seed in seeds[:1]]  # what it has made all others share
    with multiprocessing.Pool(arguments.jobs, maxtasksperchild=A_PROCESS) as pool:
        for out in chain(warm, pool.imap(outcome, seeds[1:], chunksize=1)):
            record.add(out, now)
            missed += _not_met(out)
            if out.violations:
                failed += 1
                print(f"{out.plan.seed}: {'; '.join(out.violations)}", flush=True)
                print(f"    make replay TOKEN={out.plan.seed}", flush=True)
                if arguments.until_wrong:
                    break
            if time.monotonic() - began > 60 * arguments.minutes:
                break
    _summarise(record, time.monotonic() - began)
    print(f"made for it, and not met: {', '.join(missed) or 'nothing'}")
    return 1 if failed or missed else 0


def _not_met(out: Outcome) -> Iterable[str]:
    """The step that the day was made to meet and did not, and what its owner was to
    press and no message had."""
    seed = out.plan.seed
    step = days_made_for_steps().get(seed, "")
    if step and not out.counts[f"step {step}"]:
        yield f"{step} (day {seed})"
    if seed in days_that_press():
        yield from (f"{n} (day {seed})" for n in out.counts if n.startswith(NO_BUTTON))


def _seeds(arguments: argparse.Namespace, record: Record) -> list[int]:
    """The days to play: those asked for, without those in the record."""
    made = dict.fromkeys((*days_made_for_steps(), *days_that_press()))
    chosen = [*made] if arguments.steps else arguments.days
    left = record.missing(arguments.seeds, first=arguments.first)
    played = {*arguments.but, *record.days}
    return [seed for seed in chosen or left if seed not in played]


def _summarise(record: Record, wall: float) -> None:
    """Print the sums of all days in the record."""
    print(_table(record.counts, record.seconds, wall))
    print(*record.by_commit(), sep="\n")
    print(f"never met: {', '.join(_never_met(record.counts)) or 'nothing'}")
    for step, why in NOT_HERE.items():
        print(f"left to the table's own tests: {step}: {why}")
    wrong = record.failed
    print(f"failed: {', '.join(map(str, wrong)) or 'none'}")
    print(f"{len(record.days) - len(wrong)} passed, {len(wrong)} failed")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--days", type=int, nargs="*", help="these, and no others")
    parser.add_argument(
        "--steps",
        action="store_true",
        help="the days made to meet one step each, or to have the owner press certain buttons",
    )
    parser.add_argument("--until-wrong", action="store_true", help="stop at the first")
    parser.add_argument("--minutes", type=float, default=inf, help="at most")
    parser.add_argument("--but", type=int, nargs="*", default=(), help="left out")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--record",
        type=Path,
        help="keep each day's figures in this file, play the next days that it lacks,"
        " and print the sum of all; with --seeds 0 nothing is played",
    )
    return parser.parse_args()


def _table(counts: Counter[str], seconds: float, wall: float) -> str:
    """Every figure, in alphabetical order."""
    days = max(1, counts["days"])
    simulated = counts["simulated seconds"]
    rows = [f"{number:>10,}  {name}" for name, number in sorted(counts.items())]
    rows.append(
        f"{seconds / days:.2f} s of CPU a day, {simulated / max(seconds, 1e-9):.0f} x "
        f"real time on one core; {wall:.0f} s in all"
    )
    return "\n".join(rows)


def _never_met(counts: Counter[str]) -> Iterable[str]:
    """The steps and rules that the days could have met and did not."""
    wanted = [
        *(f"fault {kind}" for kind in Kind),
        *("seen halt", "seen report", "orders sent", "sales sent", "exits sent"),
        *(f"point {point}" for point in POINTS),
        *(f"rule {rule}" for rule in RULES),
        *(f"step {step}" for step in ALL_STEPS if step not in NOT_HERE),
    ]
    return [each for each in wanted if not counts[each]]


if __name__ == "__main__":
    sys.exit(main())
