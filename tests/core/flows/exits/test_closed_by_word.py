"""The owner closes the doubt about one exit of a group; the other goes on."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.model.exits.plan import ExitKind
from core.model.order import WORKING, Order, OrderState
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness, when
from tests.harness.exits import alive, bought, exits, held, with_exits
from tests.harness.waiting import until


def _conduct(harness: Harness, behaviour: BrokerBehaviour) -> None:
    harness.broker.behaviour = behaviour


async def _swallowed(harness: Harness, behind: str) -> Order:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    entry = harness.orders(await bought(harness))[0]
    harness.reached = when(behind, lambda: _conduct(harness, BrokerBehaviour.SWALLOWS))
    harness.broker.fill(entry, 100)
    await until(lambda: any(o.state is OrderState.UNKNOWN for o in exits(harness)))
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    return next(o for o in exits(harness) if o.state is OrderState.UNKNOWN)


async def _looked_at(harness: Harness, seconds: int) -> None:
    for _ in range(seconds // 3):
        harness.clock.forward(seconds=3)
        harness.engine.look()
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("there", [True, False])
async def test_a_stop_stands_when_its_target_is_closed_by_word(
    harness: Harness, *, there: bool
) -> None:
    """Should the target be at IB after all, it is of the stop's group: the two sell the
    shares once. To end the stop would leave them without any."""
    with_exits(harness)
    async with harness.trading():
        target = await _in_doubt_behind_the_stop(harness)
        harness.engine.settle(target.ref, there=there, by="Ada")
        await _looked_at(harness, 60)
        (stop,) = alive(harness)

    assert target.exit is ExitKind.TARGET
    assert stop.exit is ExitKind.STOP
    assert stop.state in WORKING
    assert not stop.cancel_asked
    assert len(exits(harness)) == 2


async def _in_doubt_behind_the_stop(harness: Harness) -> Order:
    timeouts = replace(harness.instructions.timeouts, ack=0.05)
    harness.instructions = replace(harness.instructions, timeouts=timeouts)
    return await _swallowed(harness, "W3")


async def test_what_the_stop_leaves_is_not_sold_beside_a_closed_target(
    harness: Harness,
) -> None:
    """Together they may sell what is held, once."""
    with_exits(harness)
    async with harness.trading():
        target = await _in_doubt_behind_the_stop(harness)
        harness.engine.settle(target.ref, there=False, by="Ada")
        (stop,) = alive(harness)
        harness.broker.fill(stop, 60)
        await _looked_at(harness, 60)

    assert held(harness) == 40
    assert sum(order.rest for order in alive(harness)) <= 40


async def test_on_the_next_day_the_group_is_whole_again(harness: Harness) -> None:
    with_exits(harness)
    async with harness.trading():
        target = await _in_doubt_behind_the_stop(harness)
        harness.engine.settle(target.ref, there=False, by="Ada")
        await _looked_at(harness, 9)
    harness.stop()
    harness.clock.moment += timedelta(days=1)
    harness.start()
    async with harness.trading():
        await until(lambda: len(alive(harness)) == 2)

    assert {o.exit for o in alive(harness)} == {ExitKind.STOP, ExitKind.TARGET}
