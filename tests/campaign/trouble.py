"""What the gateway does to the orders of one trial."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Protocol

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.market.shapes import Shape
from core.sandbox.trouble.faults import Action, Happening, LineEvent, Trouble
from tests.campaign.judge import PART
from tests.campaign.plan import Behaviour, Fills, Plan
from tests.harness.product import (
    A_GOOD_MORNING,
    MOST_DOLLARS,
    MOST_PERCENT,
    ProductHarness,
)


AN_HOUR: Final = 3600.0
DOWN: Final = 0.4
"""Seconds for which a gateway that restarts, or has lost its line, is away."""

_ORDER: Final = "placeOrder"
COUNTER: Final = Trouble(message=_ORDER, action=Action.DROP, nth=10**9)
"""Never strikes; the gateway counts for it how many orders it was sent."""


def seen(harness: ProductHarness) -> int:
    """How many orders were sent to the gateway, whatever became of them."""
    return harness.gateway.gateway._troubles._seen.get(COUNTER, 0)


def config(plan: Plan) -> GatewayConfig:
    """A gateway at which orders are filled as the plan says."""
    return GatewayConfig(fill_seconds=AN_HOUR if plan.fills is Fills.NONE else None)


def shapes(plan: Plan) -> Mapping[str, Shape]:
    """The morning's five best, with books as deep as the plan says."""
    bent = dict(A_GOOD_MORNING)
    if plan.fills is Fills.PART:
        bent = {
            symbol: replace(shape, ask_size=PART, refill_seconds=1e9)
            for symbol, shape in bent.items()
        }
    if plan.refused:
        symbol = (MOST_PERCENT, MOST_DOLLARS)[plan.order - 1]
        no = 201, "Order rejected - reason: no"
        bent[symbol] = replace(bent[symbol], refuse=no)
    return bent


class Struck(Protocol):
    """A trial in which one order meets something: ``order`` is which."""

    @property
    def behaviour(self) -> Behaviour: ...
    @property
    def order(self) -> int: ...
    @property
    def late(self) -> bool: ...
    @property
    def rollback(self) -> int: ...


def troubles(plan: Struck) -> tuple[Trouble, ...]:
    """What strikes the order that meets the plan's behaviour."""
    match plan.behaviour:
        case Behaviour.RESTART:
            return (_restart(plan),)
        case Behaviour.CUT_OFF:
            return _cut_off(plan)
        case Behaviour.UNLISTED:
            return (_at_order(plan, Action.CUT, _restarts(plan, blind=1)),)
        case Behaviour.MUTE if plan.late:
            return _at_order(plan, Action.SWALLOW), _at_order(plan, Action.CUT)
        case behaviour:
            return tuple(_at_order(plan, action) for action in _ACTIONS[behaviour])


_ACTIONS: Final[Mapping[Behaviour, tuple[Action, ...]]] = {
    Behaviour.OK: (),
    Behaviour.LOST: (Action.CUT_BEFORE,),
    Behaviour.ACK_LOST: (Action.CUT,),
    Behaviour.MUTE: (Action.SWALLOW,),
}


def _at_order(
    plan: Struck, action: Action, happening: Happening | None = None
) -> Trouble:
    return Trouble(message=_ORDER, action=action, nth=plan.order, happening=happening)


def _restart(plan: Struck) -> Trouble:
    """Before the order is read, or right behind the first word about it."""
    before = _at_order(plan, Action.HAPPEN, _restarts(plan, blind=0))
    return replace(before, message="openOrder") if plan.late else before


def _restarts(plan: Struck, *, blind: int) -> Happening:
    return Happening(
        after=0,
        event=LineEvent.RESTART,
        rollback=plan.rollback,
        down=DOWN,
        blind=blind,
    )


def _cut_off(plan: Struck) -> tuple[Trouble, ...]:
    back = LineEvent.BACK_DATA_LOST if plan.late else LineEvent.BACK
    events = Happening(after=0, event=LineEvent.LOST), Happening(after=DOWN, event=back)
    return tuple(_at_order(plan, Action.HAPPEN, each) for each in events)
