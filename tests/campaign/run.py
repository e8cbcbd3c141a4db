"""The kill campaign: `python -m tests.campaign.run --trials 360 --seed 1`.

Each trial starts the unchanged bot between a simulated gateway and a simulated
Telegram, kills it at a write-ahead point while the gateway misbehaves, starts it
again, and compares what the owner was told with the gateway's own book. `--random N`
kills at any moment instead, N times; `--only K` plays one trial of the seed again.
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final

from tests.campaign.judge import Count
from tests.campaign.plan import LABELS, RANDOM, Plan, plan
from tests.campaign.trial import Outcome, try_out, work_out_calendar


PROGRESS: Final = 20
"""Trials between two lines of progress."""


def main(words: list[str]) -> int:
    """Play the campaign. Returns 1 if a single thing went wrong."""
    asked, began, tally = _arguments(words), monotonic(), Tally()
    for number, outcome in enumerate(_outcomes(asked), start=1):
        tally.add(outcome)
        if not outcome.count.clean or asked.only is not None:
            print(f"{outcome.story}\n", flush=True)
        if number % PROGRESS == 0:
            print(f"{monotonic() - began:.0f} s: {tally.total}", flush=True)
    print(*tally.lines(), sep="\n")
    seconds = monotonic() - began
    print(f"{seconds:.0f} s, {seconds / max(1, tally.total.trials):.2f} s for a trial")
    print(tally.total)
    return 0 if tally.total.clean else 1


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.campaign.run", description=__doc__
    )
    parser.add_argument("--trials", type=int, default=0, help="kills at the labels")
    parser.add_argument("--random", type=int, default=0, help="kills at any moment")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the first trial's number")
    parser.add_argument("--only", type=int, help="one trial's number")
    parser.add_argument("--at-once", type=int, default=4, help="trials side by side")
    parser.add_argument("--minutes", type=float, default=1e4, help="begin none later")
    return parser.parse_args(words)


def _plans(asked: argparse.Namespace) -> Iterator[Plan]:
    if asked.only is not None:
        yield plan(asked.only, seed=asked.seed, at_random=asked.random > 0)
        return
    for at_random, many in ((True, asked.random), (False, asked.trials)):
        for number in range(asked.first, asked.first + many):
            yield plan(number, seed=asked.seed, at_random=at_random)


@dataclass(slots=True)
class Tally:
    """What a campaign comes to."""

    total: Count = field(default_factory=Count)
    meant: Counter[str] = field(default_factory=Counter)
    died: Counter[str] = field(default_factory=Counter)
    ends: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        """Count one trial."""
        plan = outcome.plan
        self.total += outcome.count
        self.meant[plan.label] += 1
        self.died[plan.label] += outcome.died == len(plan.deaths)
        ends = self.ends.setdefault(f"{plan.behaviour}", Counter())
        ends.update(_end(words) for words in outcome.words)

    def lines(self) -> Iterator[str]:
        """Where the bot died, and what became of the orders."""
        for label in (*LABELS, RANDOM):
            if self.meant[label]:
                yield f"{label}: died there in {self.died[label]} of {self.meant[label]}"
        for behaviour, ends in self.ends.items():
            words = ", ".join(f"{end} {ends[end]}" for end in sorted(ends))
            yield f"{behaviour}: {words}"


def _outcomes(asked: argparse.Namespace) -> Iterator[Outcome]:
    """Play what was asked for, several at once, until the time is over."""
    over = monotonic() + 60 * asked.minutes
    pool = ProcessPoolExecutor(asked.at_once, mp_context=get_context("spawn"))
    with TemporaryDirectory(prefix="campaign-") as folder, pool:
        calendar = asyncio.run(work_out_calendar(Path(folder)))
        waiting = [pool.submit(_play, each, calendar) for each in _plans(asked)]
        for done in as_completed(waiting):
            if not done.cancelled():
                yield done.result()
            if monotonic() > over:
                for each in waiting:
                    each.cancel()


def _play(each: Plan, calendar: Path) -> Outcome:
    return asyncio.run(try_out(each, calendar=calendar))


def _end(words: str) -> str:
    """The words for an order's end, without its price and fee."""
    over = "rest cancelled" in words
    filled = words.split(" @ ", maxsplit=1)[0].split(" fee", maxsplit=1)[0]
    return f"{filled}, the rest cancelled" if over else filled


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
