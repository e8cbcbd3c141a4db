"""The protocol keeps its promises in every state, and needs each of its rules."""

import pytest

from tests.model.explore import explore
from tests.model.protocol import Rules
from tests.model.run import ENOUGH, REMOVALS


def test_no_state_breaks_a_promise() -> None:
    found = explore(Rules(), to_the_first=False)

    assert found.violations == {}, found.example
    assert found.states >= ENOUGH


@pytest.mark.parametrize("removal", REMOVALS)
def test_a_rule_that_is_left_out_is_missed(removal: str) -> None:
    found = explore(REMOVALS[removal], to_the_first=True)

    assert found.violations
    assert found.example
