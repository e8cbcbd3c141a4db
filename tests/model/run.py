"""`python -m tests.model.run`: the whole protocol, then each of its rules left out."""

import sys
from dataclasses import dataclass
from time import monotonic
from typing import Final

from tests.model.exits import run as exits
from tests.model.explore import Findings, explore
from tests.model.state import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """*rules* lack one, and so break *promise*."""

    rules: Rules
    promise: str


FALSELY_ABSENT: Final = "absent, and it is at IB or on its way"

REMOVALS: Final = {
    "the one winner of W1": Removal(
        rules=Rules(one_winner=False), promise="two orders of one Yes"
    ),
    "the reading again in W2": Removal(
        rules=Rules(reads_again=False), promise="sent after an accepted cancel"
    ),
    "the look at the clock before the bytes": Removal(
        rules=Rules(looks_at_the_clock=False), promise="sent on an old judgement"
    ),
    "never resend": Removal(
        rules=Rules(never_resend=False), promise="two orders of one Yes"
    ),
    "the same-client fence": Removal(rules=Rules(fence=False), promise=FALSELY_ABSENT),
    "the midnight rule": Removal(rules=Rules(zones=()), promise=FALSELY_ABSENT),
    "the identity of a session": Removal(
        rules=Rules(identity=False), promise=FALSELY_ABSENT
    ),
    "whose an id is, when listings are read": Removal(
        rules=Rules(by_id_alone=True), promise="another's order is taken for ours"
    ),
    "whose an id is, when it is cancelled": Removal(
        rules=Rules(cancels_what_works=False),
        promise="another tool's order was cancelled",
    ),
    "the cancel on disk": Removal(
        rules=Rules(keeps_cancels=False), promise="an accepted cancel is forgotten"
    ),
    "the asking again for a cancel": Removal(
        rules=Rules(asks_again=False), promise="an accepted cancel is not asked again"
    ),
}
ENOUGH: Final = 400_000


def main() -> int:
    """Print the figures. Non-zero when a promise breaks, or a removal is not caught."""
    began = monotonic()
    whole = explore(Rules())
    print(f"{whole.states:,} states, {whole.transitions:,} transitions")
    print(f"{sum(whole.violations.values())} violations {whole.violations or ''}")
    _print_ways(whole)
    missed = bool(whole.violations) or whole.states < ENOUGH
    for name, removal in REMOVALS.items():
        found = explore(removal.rules, until=removal.promise)
        missed |= removal.promise not in found.violations
        print(f"\nwithout {name}: after {found.states:,} states")
        _print_ways(found)
    print(f"\n{len(REMOVALS)} rules left out, {monotonic() - began:.0f} s")
    missed |= not exits.check()
    return int(missed)


def _print_ways(found: Findings) -> None:
    for promise, way in found.examples.items():
        print(f"  {promise}: {' > '.join(way)}")


if __name__ == "__main__":
    sys.exit(main())
