"""A stop that lives stays whatever becomes of the target of its group."""

import asyncio
from collections.abc import Callable

import pytest

from core.model.exits.plan import ExitKind
from core.model.order import WORKING, Order, OrderState
from core.model.points import EXITS, W3, W5, ignore
from tests.core.flows.exits.test_closed import impatient
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness, when
from tests.harness.exits import (
    alive,
    bought,
    exits,
    held,
    protected,
    with_exits,
)
from tests.harness.waiting import until


_MOVING = {OrderState.PLANNED, OrderState.SENDING, OrderState.UNKNOWN}


def _losing(harness: Harness) -> None:
    harness.broker.behaviour = BrokerBehaviour.LOSES


def _silent(harness: Harness) -> None:
    harness.broker.silent = True


async def _without_target(harness: Harness, trouble: Callable[[Harness], None]) -> None:
    """The stop stands at IB, and its target has ended before it came there."""
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    entry = harness.orders(await bought(harness))[0]
    harness.reached = when(W3.after, lambda: trouble(harness))
    harness.broker.fill(entry, 100)
    await until(lambda: any(o.state not in _MOVING for o in exits(harness)[1:]))
    harness.reached, harness.broker.silent = ignore, False
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    await harness.ready()


async def _looked_at(harness: Harness) -> None:
    for _ in range(5):
        harness.clock.forward(seconds=3)
        harness.engine.look()
        await asyncio.sleep(0.02)


async def _looked_until(harness: Harness, is_so: Callable[[], bool]) -> None:
    while not is_so():
        await _looked_at(harness)


def _standing(harness: Harness) -> list[tuple[ExitKind | None, bool, bool]]:
    return [(o.exit, o.state in WORKING, o.cancel_asked) for o in alive(harness)]


_BOTH = [(ExitKind.STOP, True, False), (ExitKind.TARGET, True, False)]


@pytest.mark.parametrize("trouble", [_losing, _silent])
async def test_a_target_that_never_reached_ib_joins_the_stop_that_stands(
    harness: Harness, trouble: Callable[[Harness], None]
) -> None:
    """To end the stop for it would leave the shares bare meanwhile."""
    impatient(with_exits(harness))
    async with harness.trading():
        await _without_target(harness, trouble)
        await _looked_until(harness, lambda: _standing(harness) == _BOTH)
        await _looked_at(harness)
        stop, *_, target = exits(harness)

    assert _standing(harness) == _BOTH
    assert harness.broker.cancelled == []
    assert (target.oca_group, target.shares) == (stop.oca_group, 100)


async def test_no_target_leaves_before_its_stop_works(harness: Harness) -> None:
    """The gateway freezes behind the writing of both, so the stop lapses, and answers
    again when the target is judged."""
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    with_exits(harness)

    def freeze(passed: str) -> None:
        if passed in {EXITS.after, W5.after}:
            harness.broker.silent = passed == EXITS.after

    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.reached = freeze
        harness.broker.fill(entry, 100)
        await until(lambda: any(o.state is OrderState.LAPSED for o in exits(harness)))
        harness.reached = ignore
        await _looked_until(harness, lambda: _standing(harness) == _BOTH)

    sent = [order.exit for order in harness.broker.sent if order.exit is not None]
    assert sent == [ExitKind.STOP, ExitKind.TARGET]
    assert len({order.oca_group for order in alive(harness)}) == 1


async def test_what_the_stop_then_sells_is_taken_off_the_target_that_joined(
    harness: Harness,
) -> None:
    impatient(with_exits(harness))
    async with harness.trading():
        await _without_target(harness, _losing)
        await _looked_until(harness, lambda: _standing(harness) == _BOTH)
        stop, target = alive(harness)
        harness.broker.fill(stop, 60)
        await _looked_at(harness)
        harness.broker.fill(target, 40)
        await until(lambda: not alive(harness))

    assert held(harness) == 0


async def test_no_target_joins_a_stop_that_has_sold(harness: Harness) -> None:
    """IB would not take that off it: the two would sell more than is held."""
    impatient(with_exits(harness))
    async with harness.trading():
        await _without_target(harness, _silent)
        harness.broker.fill(exits(harness)[0], 60)
        await _looked_at(harness)

    assert _standing(harness) == _BOTH[:1]
    assert [order.rest for order in alive(harness)] == [40]


def _ends_at_ib(harness: Harness, order: Order) -> None:
    """IB ends it by itself, and none of its group."""
    harness.broker.book[order.ref].status = "Cancelled"


async def test_a_stop_stays_when_ib_ends_its_target_alone(harness: Harness) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        _, target = await protected(harness)
    harness.stop()
    _ends_at_ib(harness, target)
    harness.start()
    async with harness.trading():
        await _looked_at(harness)

    assert _standing(harness) == _BOTH[:1]
    assert harness.broker.cancelled == []
