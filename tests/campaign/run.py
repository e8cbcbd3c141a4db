"""The kill campaign: `python -m tests.campaign.run --trials 360 --seed 1`.

Each trial starts the unchanged bot between a simulated gateway and a simulated
Telegram, kills it at a write-ahead point while the gateway misbehaves, starts it
again, and compares what the owner was told with the gateway's own book. `--random N`
kills at any moment instead, N times; `--label`, `--behaviour` play only some of the
seed's trials, `--twist` likewise; `--only K` plays one of them again.
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from signal import SIGTERM
from time import monotonic
from typing import Final

from tests.campaign.judge import Count
from tests.campaign.plan import LABELS, RANDOM, Behaviour, Plan, Twist, plan
from tests.campaign.trial import Outcome, try_out, warm_up


PROGRESS: Final = 20
"""Trials between two lines of progress."""


STOPPED: Final = 130
"""The exit code of who was told to stop."""


def main(words: list[str]) -> int:
    """Play the campaign. Returns 1 if a single thing went wrong."""
    asked, tally = _arguments(words), Tally()
    try:
        asyncio.run(_play(asked, tally))
    except (KeyboardInterrupt, asyncio.CancelledError):
        print(f"stopped: {tally.total}")
        return STOPPED
    print(*tally.lines(), sep="\n")
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
    parser.add_argument("--label", choices=LABELS, help="only deaths there")
    parser.add_argument("--behaviour", choices=list(Behaviour), help="only with it")
    parser.add_argument("--twist", choices=list(Twist), help="only with it")
    parser.add_argument("--at-once", type=int, default=12, help="trials side by side")
    parser.add_argument("--minutes", type=float, default=1e4, help="begin none later")
    return parser.parse_args(words)


def _plans(asked: argparse.Namespace) -> Iterator[Plan]:
    """What is to be played; no more when the time is over."""
    over = monotonic() + 60 * asked.minutes
    if asked.only is not None:
        yield plan(asked.only, seed=asked.seed, at_random=asked.random > 0)
        return
    for at_random, many in ((True, asked.random), (False, asked.trials)):
        numbers = count(asked.first)
        plans = (plan(n, seed=asked.seed, at_random=at_random) for n in numbers)
        for each in islice((one for one in plans if _is_wanted(one, asked)), many):
            if monotonic() < over:
                yield each


def _is_wanted(one: Plan, asked: argparse.Namespace) -> bool:
    wanted = (
        (asked.label, one.label),
        (asked.behaviour, one.behaviour),
        (asked.twist, one.twist),
    )
    return all(asked_for in {None, its} for asked_for, its in wanted)


async def _play(asked: argparse.Namespace, tally: "Tally") -> None:
    """Play what was asked for, several trials at once, all in this process."""
    me = asyncio.current_task()
    assert me
    asyncio.get_running_loop().add_signal_handler(SIGTERM, me.cancel)
    await warm_up()
    plans = _plans(asked)
    async with asyncio.TaskGroup() as owners:
        for number in range(asked.at_once):
            owners.create_task(_own(plans, asked, tally), name=f"owner {number}")


async def _own(
    plans: Iterator[Plan], asked: argparse.Namespace, tally: "Tally"
) -> None:
    """One trial after the other."""
    for each in plans:
        outcome = await try_out(each)
        tally.add(outcome)
        if not outcome.count.clean or asked.only is not None:
            print(f"{outcome.story}\n", flush=True)
        if tally.total.trials % PROGRESS == 0:
            print(f"{tally.seconds:.0f} s: {tally.total}", flush=True)


@dataclass(slots=True)
class Tally:
    """What a campaign comes to."""

    total: Count = field(default_factory=Count)
    meant: Counter[str] = field(default_factory=Counter)
    died: Counter[str] = field(default_factory=Counter)
    ends: dict[str, Counter[str]] = field(default_factory=dict)
    twists: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=monotonic)

    @property
    def seconds(self) -> float:
        """Since the campaign began."""
        return monotonic() - self.began

    def add(self, outcome: Outcome) -> None:
        """Count one trial."""
        plan = outcome.plan
        self.total += outcome.count
        self.meant[plan.label] += 1
        self.twists[plan.twist] += 1
        self.met[plan.twist] += outcome.met
        self.died[plan.label] += outcome.died == len(plan.deaths)
        ends = self.ends.setdefault(f"{plan.behaviour}", Counter())
        ends.update(_end(words) for words in outcome.words)

    def lines(self) -> Iterator[str]:
        """Where the bot died, what became of the orders, and the sum of it."""
        for label in (*LABELS, RANDOM):
            if self.meant[label]:
                yield f"{label}: died there in {self.died[label]} of {self.meant[label]}"
        for behaviour, ends in self.ends.items():
            words = ", ".join(f"{end} {ends[end]}" for end in sorted(ends))
            yield f"{behaviour}: {words}"
        for twist, trials in self.twists.items():
            yield f"besides, {twist}: came about in {self.met[twist]} of {trials}"
        each = self.seconds / max(1, self.total.trials)
        yield f"{self.seconds:.0f} s, {each:.2f} s for a trial"
        yield f"{self.total}"


def _end(words: str) -> str:
    """The words for an order's end, without its price and fee."""
    over = "rest cancelled" in words
    filled = words.split(" @ ", maxsplit=1)[0].split(" fee", maxsplit=1)[0]
    return f"{filled}, the rest cancelled" if over else filled


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
