"""The protocol keeps its promises in every state, and needs each of its rules.

With less luck than `make model` plays with, which visits every state.
"""

from typing import Final

import pytest

from tests.model.explore import explore
from tests.model.run import REMOVALS
from tests.model.state import FaultBudget, Rules


LITTLE: Final = FaultBudget(crashes=1, trades=0, sleeps=1, halts=1)
ENOUGH: Final = 45_000


@pytest.mark.attack(1, 2, 6, 7, 10)
def test_no_state_breaks_a_promise() -> None:
    found = explore(Rules(), budget=LITTLE)

    assert found.violations == {}, found.examples
    assert found.states >= ENOUGH


@pytest.mark.parametrize("name", REMOVALS)
def test_a_rule_that_is_left_out_is_missed(name: str) -> None:
    removal = REMOVALS[name]

    found = explore(removal.rules, until=removal.promise, budget=LITTLE)

    assert removal.promise in found.violations


@pytest.mark.parametrize(
    "promise", ["sent while halted", "sent on another line's judgement"]
)
def test_w2_reads_more_than_the_cancel_again(promise: str) -> None:
    found = explore(Rules(reads_again=False), until=promise, budget=LITTLE)

    assert promise in found.violations
