"""A copy that somebody makes in TWS of an order of ours keeps its ref."""

from collections.abc import Callable
from typing import Final

import pytest

from core.model.evidence import FillMessage, StatusMessage
from core.model.fills import Fill
from core.model.order import Order
from tests.builders import a_fill, an_open_order, some_names
from tests.core.flows.test_recovery import one_yes
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness
from tests.harness.waiting import turns, until


COPY: Final = 777_001
"""The permId of a copy that somebody makes in TWS, which keeps the ref."""


def a_copy_that_is_listed(harness: Harness, order: Order) -> None:
    copy = an_open_order(ref=order.ref, order_id=0, client_id=0, perm_id=COPY)
    harness.broker.unknown_orders.append(copy)
    harness.broker.connect()


def a_copy_reported(harness: Harness, order: Order) -> None:
    names = some_names(ref=order.ref, order_id=0, client_id=0, perm_id=COPY)
    harness.broker.say(
        StatusMessage(names=names, status="Submitted", terms=order.terms)
    )


def executed(order: Order, fill: Fill, *, perm_id: int) -> FillMessage:
    names = some_names(ref=order.ref, order_id=0, client_id=0, perm_id=perm_id)
    con_id = order.instrument.con_id
    return FillMessage(names=names, con_id=con_id, side=order.side, fill=fill)


def a_copy_that_is_cancelled(harness: Harness, order: Order) -> None:
    names = some_names(ref=order.ref, order_id=0, client_id=0, perm_id=COPY)
    harness.broker.say(
        StatusMessage(names=names, status="Cancelled", terms=order.terms)
    )


@pytest.mark.attack(7)
@pytest.mark.parametrize("behaviour", [BrokerBehaviour.HOLDS, BrokerBehaviour.FILLS])
@pytest.mark.parametrize(
    "happens", [a_copy_that_is_listed, a_copy_reported, a_copy_that_is_cancelled]
)
async def test_a_copy_of_an_order_made_in_tws_halts_once_and_is_left_alone(
    harness: Harness,
    behaviour: BrokerBehaviour,
    happens: Callable[[Harness, Order], None],
) -> None:
    harness.broker.behaviour = behaviour
    async with harness.trading():
        card = await one_yes(harness)
        await until(lambda: harness.states(card)[0] in {"acked", "filled"})
        (before,) = harness.orders(card)
        happens(harness, before)
        await until(lambda: harness.engine.queries.status().halted is not None)
        await harness.ready()
        harness.broker.connect()
        await turns()
        await harness.ready()

    (after,) = harness.orders(card)
    (halt,) = harness.journal.memory.halts()
    assert f"permId {COPY} besides {before.perm_id}" in halt.reason
    assert (after.state, after.perm_id) == (before.state, before.perm_id)
    assert harness.broker.cancelled == []


@pytest.mark.attack(7)
@pytest.mark.parametrize("behaviour", [BrokerBehaviour.HOLDS, BrokerBehaviour.FILLS])
async def test_what_a_copy_fills_counts_as_the_orders_and_has_a_count_of_its_own(
    harness: Harness, behaviour: BrokerBehaviour
) -> None:
    harness.broker.behaviour = behaviour
    async with harness.trading():
        card = await one_yes(harness)
        await until(lambda: harness.states(card)[0] in {"acked", "filled"})
        (before,) = harness.orders(card)
        whole = a_fill(
            exec_id="c0.01.01", shares=before.shares, cumulative=before.shares
        )
        harness.broker.say(executed(before, whole, perm_id=COPY))
        await until(lambda: harness.orders(card)[0].filled > before.filled)
        (after,) = harness.orders(card)

    assert after.filled == before.filled + before.shares
    assert after.perm_id == before.perm_id
    (halt,) = harness.journal.memory.halts()
    assert f"permId {COPY} besides {before.perm_id}" in halt.reason
