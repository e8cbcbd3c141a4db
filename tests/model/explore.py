"""Visit every state of the protocol, and find the shortest way to a broken promise."""

from collections import deque
from dataclasses import dataclass, field

from core.model.order import FINAL, OrderState
from tests.model.gateway import Book
from tests.model.protocol import Rules, State, steps


@dataclass(slots=True)
class Findings:
    """``violations`` counts the states that break each promise, ``example`` is the
    shortest way to the first of them."""

    states: int = 0
    transitions: int = 0
    violations: dict[str, int] = field(default_factory=dict)
    example: tuple[str, ...] = ()


def broken(state: State) -> str | None:
    """Which promise *state* breaks."""
    if state.gateway.orders > 1:
        return "two orders of one Yes"  # I1
    order = state.order
    if order is None:
        return None
    if order.state is OrderState.ABSENT and state.gateway.orders:
        return "absent, and IB has it"  # I5
    if order.state is OrderState.FILLED and state.gateway.book is not Book.FILLED:
        return "filled, and it is not"
    return None


def untold(state: State) -> str | None:
    """Which promise *state* breaks if nothing can happen any more."""
    order = state.order
    if order is None or order.state in FINAL or state.told:
        return None
    if order.state in {OrderState.ACKED, OrderState.PARTIAL}:
        return None  # it works, and the card says so
    return f"it ends {order.state}, and nobody was told"  # I2


def explore(rules: Rules, *, to_the_first: bool) -> Findings:
    """Breadth first, so that the first way found to a broken promise is a shortest.
    *to_the_first* broken promise, or through all states."""
    start, found = State(), Findings()
    came_from: dict[State, tuple[State, str] | None] = {start: None}
    to_visit = deque([start])
    while to_visit:
        state = to_visit.popleft()
        following = [] if broken(state) else list(steps(state, rules))
        found.transitions += len(following)
        problem = broken(state) or (None if following else untold(state))
        if problem:
            found.violations[problem] = found.violations.get(problem, 0) + 1
            found.example = found.example or _way_to(state, came_from)
            if to_the_first:
                break
        for name, after in following:
            if after not in came_from:
                came_from[after] = (state, name)
                to_visit.append(after)
    found.states = len(came_from)
    return found


def _way_to(
    state: State, came_from: dict[State, tuple[State, str] | None]
) -> tuple[str, ...]:
    way: list[str] = []
    while (step := came_from[state]) is not None:
        state, name = step
        way.append(name)
    return tuple(reversed(way))
