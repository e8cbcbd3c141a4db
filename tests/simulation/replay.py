"""`make replay TOKEN=...`: plays one day of the universe again, exactly, and writes its
story: what was sent, heard, written and shown, with simulated times.

A token is a seed, and after a minus sign the numbers of the faults that are left out:
``17`` is the whole day, ``17-0.2.3`` the same day without its faults 0, 2 and 3.
"""

import argparse
import sys
from pathlib import Path
from typing import Final

from tests.simulation.day import Outcome, played
from tests.simulation.directed import plan
from tests.simulation.plan import Plan


STORY: Final = "story-{token}.txt"


def plan_of(token: str) -> Plan:
    """The day that *token* stands for.

    Raises:
        ValueError: it is no token.
    """
    seed, _, left_out = token.partition("-")
    numbers = frozenset(int(each) for each in left_out.split(".") if each)
    return plan(int(seed)).without(numbers)


def token_of(seed: int, left_out: frozenset[int]) -> str:
    """The token of that day without these faults."""
    numbers = ".".join(str(number) for number in sorted(left_out))
    return f"{seed}-{numbers}" if numbers else f"{seed}"


def shrunk(seed: int) -> tuple[frozenset[int], Outcome]:
    """The fewest faults of the day of *seed* that still fail, found by leaving out one
    after the other; which were left out, and what came of the rest."""
    whole = plan(seed)
    left_out, last = frozenset[int](), played(whole)
    for number in range(len(whole.faults)):
        fewer = left_out | {number}
        out = played(whole.without(fewer))
        if out.violations:
            left_out, last = fewer, out
    return left_out, last


def main() -> int:
    """Play it, write the story, and say what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("token")
    parser.add_argument("--shrink", action="store_true", help="to the fewest faults")
    parser.add_argument("--to", type=Path, default=None, help="where the story goes")
    arguments = parser.parse_args()
    token: str = arguments.token
    if arguments.shrink:
        left_out, out = shrunk(int(token.partition("-")[0]))
        token = token_of(out.plan.seed, left_out)
    else:
        out = played(plan_of(token))
    path = arguments.to or Path(STORY.format(token=token))
    path.write_text("\n".join((*_head(token, out), *out.story, "")), encoding="utf-8")
    print(*_head(token, out), f"the story is in {path}", sep="\n")
    return 1 if out.violations else 0


def _head(token: str, out: Outcome) -> list[str]:
    day = out.plan
    return [
        f"day {token}: {day.day:%a %d %b %Y} from {day.begins:%H:%M}, {day.lasts:.0f} s",
        f"book {day.book}, fills {day.fills}, {day.habits}",
        *(
            f"fault {number}: at {f.at:.1f} s {f}"
            for number, f in enumerate(day.faults)
        ),
        *(f"VIOLATION {each}" for each in out.violations),
        f"digest {out.digest[:16]}",
    ]


if __name__ == "__main__":
    sys.exit(main())
