"""The protocol keeps its promises in every state, and needs each of its rules.

With less luck than `make model` plays with, which visits every state.
"""

from typing import Final

import pytest

from tests.model.explore import explore
from tests.model.run import REMOVALS
from tests.model.state import FaultBudget, Rules


LITTLE: Final = FaultBudget(crashes=1, trades=0, sleeps=1, halts=1)
NOTHING: Final = FaultBudget(*[0 for _ in LITTLE])
KINDS: Final = [kind for kind, often in LITTLE._asdict().items() if often]
LESS: Final = (NOTHING, *(NOTHING._replace(**{kind: 1}) for kind in KINDS))
"""No fault, and one of each kind alone: thousands of states instead of tens of thousands."""

ENOUGH: Final = 45_000


def is_missed(rules: Rules, promise: str) -> bool:
    """Whether *promise* breaks by *rules*, which lack one: with as few faults as it takes."""
    tried = (explore(rules, until=promise, budget=each) for each in (*LESS, LITTLE))
    return any(promise in found.violations for found in tried)


@pytest.mark.attack(1, 2, 6, 7, 10)
def test_no_state_breaks_a_promise() -> None:
    found = explore(Rules(), budget=LITTLE)

    assert found.violations == {}, found.examples
    assert found.states >= ENOUGH


@pytest.mark.parametrize("name", REMOVALS)
def test_a_rule_that_is_left_out_is_missed(name: str) -> None:
    removal = REMOVALS[name]

    assert is_missed(removal.rules, removal.promise)


@pytest.mark.parametrize(
    "promise", ["sent while halted", "sent on another line's judgement"]
)
def test_w2_reads_more_than_the_cancel_again(promise: str) -> None:
    assert is_missed(Rules(reads_again=False), promise)
