"""Visit every state of the protocol, and find the shortest way to a broken promise."""

import gc
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from core.model.order import FINAL, WORKING, Order, OrderState as S
from tests.model.gateway import Book, Gateway, Session
from tests.model.protocol import MAY, MUST, steps
from tests.model.state import ALL, FaultBudget, Rules, State


@dataclass(slots=True)
class Findings:
    """``violations`` counts the states that break each promise, ``examples`` are the
    shortest ways to the first state that breaks each."""

    states: int = 0
    transitions: int = 0
    violations: dict[str, int] = field(default_factory=dict)
    examples: dict[str, tuple[str, ...]] = field(default_factory=dict)


_NEVER_AT_IB: Final = frozenset({S.ABSENT, S.LAPSED})
_SHOWN: Final = frozenset({*WORKING, S.FILLED, S.CANCELLED, S.PARTIAL_DONE})


def broken(state: State) -> str | None:
    """Which promise *state* breaks."""
    if state.wrong:
        return state.wrong  # I1, I3, I5
    if state.gateway.orders > 1:
        return "two orders of one Yes"  # I1
    if state.order is None:
        return None
    if state.wanted and state.order.state not in FINAL and not state.order.cancel_asked:
        return "an accepted cancel is forgotten"  # I2
    return _untrue(state.order, state.gateway, wire=state.wire)


def _untrue(order: Order, gateway: Gateway, *, wire: bool) -> str | None:
    if order.state in _NEVER_AT_IB and (gateway.orders or wire):
        return f"{order.state}, and it is at IB or on its way"  # I5
    if order.state in _SHOWN and not gateway.orders:
        return "another's order is taken for ours"  # I5
    if order.state is S.FILLED and gateway.book is not Book.FILLED:
        return "filled, and it is not"
    if order.state is S.CANCELLED and gateway.book is not Book.CANCELLED:
        return "cancelled, and it is not"
    return None


def unfinished(state: State) -> str | None:
    """Which promise *state* breaks if nothing goes on by itself any more."""
    order = state.order
    if order is None or order.state in FINAL:
        return None
    if order.state not in WORKING:
        is_told = order.state is S.UNKNOWN and state.told
        return None if is_told else f"at rest {order.state}, and nobody was told"  # I2
    is_open = state.gateway.book is Book.OPEN and state.session is Session.OWN
    if state.wanted and is_open:
        return "an accepted cancel is not asked again"  # I2
    return None  # it works, and the card says so


def explore(
    rules: Rules, *, until: str | None = None, budget: FaultBudget = ALL
) -> Findings:
    """Breadth first, so that the first way found to a broken promise is a shortest.
    *until* this promise is broken, or through all states that *budget* allows."""
    gc.disable()  # nothing here is garbage before the end
    try:
        return _explore(rules, until, State(budget=budget))
    finally:
        gc.enable()


def _explore(rules: Rules, until: str | None, start: State) -> Findings:
    found = Findings()
    came_from: dict[State, tuple[State, str] | None] = {start: None}
    to_visit = deque([start])
    while to_visit:
        state = to_visit.popleft()
        problem = broken(state)
        must = [] if problem else list(steps(state, rules, MUST))
        following = [] if problem else [*must, *steps(state, rules, MAY)]
        problem = problem or (None if must else unfinished(state))
        found.transitions += len(following)
        if problem:
            found.violations[problem] = found.violations.get(problem, 0) + 1
            if problem not in found.examples:
                found.examples[problem] = _way_to(state, came_from)
            if problem == until:
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
