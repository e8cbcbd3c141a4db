"""Visit every state of the exits, and find the shortest way to a broken promise."""

from collections import deque
from typing import Final

from tests.model.exits.protocol import MAY, MUST, StepRule, broken, unfinished
from tests.model.exits.state import FaultBudget, Rules, State, Step
from tests.model.explore import Findings


MOST: Final = 300_000
"""States, some three times what there are: beyond, a step can be taken without end."""
ENDLESS: Final = "the exits are never done"


def explore(
    rules: Rules,
    *,
    until: str | None = None,
    budget: FaultBudget = FaultBudget(),  # noqa: B008  it never changes
) -> Findings:
    """Breadth first, *until* this promise is broken, or through all that *budget* allows."""
    found = Findings()
    start = State(budget=budget)
    came_from: dict[State, tuple[State, str] | None] = {start: None}
    to_visit = deque([start])
    while to_visit:
        state = to_visit.popleft()
        problem = ENDLESS if len(came_from) > MOST else broken(state)
        must = [] if problem else _steps(state, rules, MUST)
        following = [] if problem else [*must, *_steps(state, rules, MAY)]
        problem = problem or (None if must else unfinished(state))
        found.transitions += len(following)
        if problem:
            found.violations[problem] = found.violations.get(problem, 0) + 1
            found.examples.setdefault(problem, _way_to(state, came_from))
            if problem in {until, ENDLESS}:
                break
        for name, after in following:
            if after not in came_from:
                came_from[after] = (state, name)
                to_visit.append(after)
    found.states = len(came_from)
    return found


def _steps(
    state: State, rules: Rules, rules_of_steps: tuple[StepRule, ...]
) -> list[Step]:
    return [
        (name, after)
        for story in rules_of_steps
        for name, after in story(state, rules)
        if after != state
    ]


def _way_to(
    state: State, came_from: dict[State, tuple[State, str] | None]
) -> tuple[str, ...]:
    way: list[str] = []
    while (step := came_from[state]) is not None:
        state, name = step
        way.append(name)
    return tuple(reversed(way))
