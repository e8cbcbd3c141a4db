"""The kill campaign: `python -m tests.campaign.run --trials 360 --seed 1`.

Each trial starts the unchanged bot between a simulated gateway and a simulated
Telegram, kills it at a write-ahead point while the gateway misbehaves, starts it
again, and compares what the owner was told with the gateway's own book. Every third
trial is of a holding (exits, sales, panic), the others are of a card's orders; `--kind`
plays one kind alone. `--random N` kills at any moment instead, N times; `--label`,
`--behaviour`, `--twist` and `--scene` play only some of the seed's trials; `--only K`
plays one of a kind again.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator
from itertools import count, islice
from signal import SIGTERM
from time import monotonic
from typing import Final

from tests.campaign.holding.plan import HoldingPlan, Scene, holding_plan
from tests.campaign.holding.trial import try_out as try_holding
from tests.campaign.outcome import Outcome
from tests.campaign.plan import Behaviour, Plan, Twist, plan
from tests.campaign.tally import EVERY_LABEL, Tally
from tests.campaign.trial import try_out as try_card, warm_up


CARDS: Final = "cards"
HOLDINGS: Final = "holdings"
KINDS: Final = (CARDS, HOLDINGS)

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
    parser.add_argument("--kind", choices=KINDS, help="of cards or holdings only")
    parser.add_argument("--label", choices=EVERY_LABEL, help="only deaths there")
    parser.add_argument("--behaviour", choices=list(Behaviour), help="only with it")
    parser.add_argument("--twist", choices=list(Twist), help="only with it")
    parser.add_argument("--scene", choices=list(Scene), help="only with it")
    parser.add_argument("--at-once", type=int, default=12, help="trials side by side")
    parser.add_argument("--minutes", type=float, default=1e4, help="begin none later")
    return parser.parse_args(words)


def _plans(asked: argparse.Namespace) -> Iterator[Plan | HoldingPlan]:
    """What is to be played; no more when the time is over."""
    over = monotonic() + 60 * asked.minutes
    for each in _all_plans(asked):
        if monotonic() >= over:
            return
        yield each


def _all_plans(asked: argparse.Namespace) -> Iterator[Plan | HoldingPlan]:
    if asked.only is not None:
        yield from _only(asked)
        return
    at_random = _cards(asked, at_random=True)
    yield from islice(at_random, asked.random)
    yield from islice(_in_turn(asked), asked.trials)


def _only(asked: argparse.Namespace) -> Iterator[Plan | HoldingPlan]:
    if asked.kind == HOLDINGS:
        yield holding_plan(asked.only, seed=asked.seed)
    else:
        yield plan(asked.only, seed=asked.seed, at_random=asked.random > 0)


def _in_turn(asked: argparse.Namespace) -> Iterator[Plan | HoldingPlan]:
    """Two of a card's orders, one of a holding; where a choice leaves one kind, that."""
    cards, holdings = _cards(asked, at_random=False), _holdings(asked)
    if asked.kind == HOLDINGS or asked.scene:
        yield from holdings
    elif asked.kind == CARDS or asked.twist:
        yield from cards
    else:
        for each in holdings:
            yield from islice(cards, 2)
            yield each


def _cards(asked: argparse.Namespace, *, at_random: bool) -> Iterator[Plan]:
    plans = (plan(n, seed=asked.seed, at_random=at_random) for n in count(asked.first))
    wanted = ("label", "behaviour", "twist")
    return (each for each in plans if _is_wanted(each, asked, wanted))


def _holdings(asked: argparse.Namespace) -> Iterator[HoldingPlan]:
    plans = (holding_plan(n, seed=asked.seed) for n in count(asked.first))
    wanted = ("label", "behaviour", "scene")
    return (each for each in plans if _is_wanted(each, asked, wanted))


def _is_wanted(
    one: Plan | HoldingPlan, asked: argparse.Namespace, names: tuple[str, ...]
) -> bool:
    return all(getattr(asked, n) in {None, getattr(one, n)} for n in names)


async def _play(asked: argparse.Namespace, tally: Tally) -> None:
    """Play what was asked for, several trials at once, all in this process."""
    me = asyncio.current_task()
    assert me
    asyncio.get_running_loop().add_signal_handler(SIGTERM, me.cancel)
    await warm_up()
    plans = _plans(asked)
    async with asyncio.TaskGroup() as owners:
        for number in range(asked.at_once):
            owners.create_task(_own(plans, asked, tally), name=f"owner {number}")


async def _try_out(each: Plan | HoldingPlan) -> Outcome:
    if isinstance(each, HoldingPlan):
        return await try_holding(each)
    return await try_card(each)


async def _own(
    plans: Iterator[Plan | HoldingPlan], asked: argparse.Namespace, tally: Tally
) -> None:
    """One trial after the other."""
    for each in plans:
        outcome = await _try_out(each)
        tally.add(outcome)
        if not outcome.count.clean or asked.only is not None:
            print(f"{outcome.story}\n", flush=True)
        if tally.total.trials % PROGRESS == 0:
            print(f"{tally.seconds:.0f} s: {tally.total}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
