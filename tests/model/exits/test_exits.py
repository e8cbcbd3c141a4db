"""Never short, never unprotected for longer than a step that goes on by itself, and no
exit alive on a flat position: in every state; and each rule is needed for it.

The whole of it is `make model`.
"""

import pytest

from tests.model.exits.explore import explore
from tests.model.exits.run import REMOVALS, WAYS
from tests.model.exits.state import Rules


ENOUGH = 20_000


def test_no_state_breaks_a_promise_of_the_exits() -> None:
    found = explore(Rules(), budget=WAYS["a kill"])

    assert found.violations == {}, found.examples
    assert found.states >= ENOUGH


def test_no_state_breaks_a_promise_of_a_panic() -> None:
    """With a kill beside it in `make model`, in three times as many states."""
    found = explore(Rules(), budget=WAYS["a panic and a kill"]._replace(crashes=0))

    assert found.violations == {}, found.examples
    assert found.states >= ENOUGH


@pytest.mark.parametrize("name", REMOVALS)
def test_a_rule_of_exits_that_is_left_out_is_missed(name: str) -> None:
    removal = REMOVALS[name]

    found = explore(removal.rules, until=removal.promise, budget=WAYS[removal.way])

    assert removal.promise in found.violations
