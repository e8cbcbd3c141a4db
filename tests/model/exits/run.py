"""The exits of one purchase through every state, then each of their rules left out."""

from dataclasses import dataclass
from time import monotonic
from typing import Final

from tests.model.exits.explore import explore
from tests.model.exits.state import FaultBudget, Rules
from tests.model.explore import Findings


NONE: Final = FaultBudget(crashes=0, losses=0, by_hand=0, sales=0)
WAYS: Final = {
    "a kill": NONE._replace(crashes=1),
    "a lost frame": NONE._replace(losses=1),
    "a hand in TWS": NONE._replace(by_hand=1),
    "a sale of the owner's": NONE._replace(sales=1),
    "a panic and a kill": NONE._replace(crashes=1, panics=1),
}
"""Each beside fills of the purchase and of its exits, one share at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """*rules* lack one, and so break *promise* where *way* is open."""

    rules: Rules
    promise: str
    way: str


TOO_MUCH: Final = "exits could sell more than is held"
NAKED: Final = "what was bought has no protection"

REMOVALS: Final = {
    "the wait for evidence that an exit has ended": Removal(
        rules=Rules(waits_for_evidence=False),
        promise=TOO_MUCH,
        way="a sale of the owner's",
    ),
    "the question to IB what is held": Removal(
        rules=Rules(asks_what_is_held=False),
        promise="the account is short",
        way="a sale of the owner's",
    ),
    "the end of what is too much": Removal(
        rules=Rules(ends_what_is_too_much=False),
        promise="an exit is alive on a flat position",
        way="a hand in TWS",
    ),
    "the look after a start": Removal(
        rules=Rules(looks_at_the_start=False), promise=NAKED, way="a kill"
    ),
    "the wait of a target for its stop": Removal(
        rules=Rules(target_waits=False),
        promise="a target stands whose stop never came",
        way="a lost frame",
    ),
    "the groups that are whole": Removal(
        rules=Rules(whole_groups=False), promise=NAKED, way="a lost frame"
    ),
    "the look whether another of the group has sold": Removal(
        rules=Rules(group_is_whole=False), promise=TOO_MUCH, way="a kill"
    ),
    "the one write of a panic": Removal(
        rules=Rules(panic_is_one_write=False),
        promise="an exit lives behind a panic",
        way="a panic and a kill",
    ),
    "the panic on disk": Removal(
        rules=Rules(panic_is_on_disk=False),
        promise="a panic was forgotten",
        way="a panic and a kill",
    ),
    "the halt of exits in a panic": Removal(
        rules=Rules(panic_places_none=False),
        promise="an exit lives behind a panic",
        way="a panic and a kill",
    ),
    "the wait of a sale": Removal(
        rules=Rules(sale_waits=False), promise=TOO_MUCH, way="a sale of the owner's"
    ),
}


def check() -> bool:
    """Print the figures; whether every promise holds and every removal is missed."""
    began, holds = monotonic(), True
    for way, budget in WAYS.items():
        whole = explore(Rules(), budget=budget)
        print(
            f"\nexits and {way}: {whole.states:,} states, "
            f"{whole.transitions:,} transitions, "
            f"{sum(whole.violations.values())} violations"
        )
        _print_ways(whole)
        holds &= not whole.violations
    for name, removal in REMOVALS.items():
        budget = WAYS[removal.way]
        found = explore(removal.rules, until=removal.promise, budget=budget)
        print(f"\nwithout {name}: after {found.states:,} states")
        _print_ways(found)
        holds &= removal.promise in found.violations
    print(f"\n{len(REMOVALS)} rules of exits left out, {monotonic() - began:.0f} s")
    return holds


def _print_ways(found: Findings) -> None:
    for promise, way in found.examples.items():
        print(f"  {promise}: {' > '.join(way)}")
