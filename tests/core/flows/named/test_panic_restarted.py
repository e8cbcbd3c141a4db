"""/panic over a kill or a stop at any of its steps: once, and to its end."""

import pytest

from core.model.proposal import (
    Choice,
)
from core.model.status import Panic
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness, when
from tests.harness.panics import asked, held, hold, panic, the_question
from tests.harness.waiting import turns, until


async def test_killed_before_the_card_the_next_run_asks(harness: Harness) -> None:
    """The halt, the cancels and the panic are one write."""
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        orders = await harness.yes()
        hold(harness)
    panic(harness)  # nobody runs: it is only on disk
    harness.restart()
    async with harness.trading():
        harness.engine.look()
        card = await the_question(harness)

    assert {o.ref for o in harness.broker.cancelled} == {o.ref for o in orders}
    assert len(card.legs) == 2


async def test_killed_after_the_card_it_is_not_asked_twice(harness: Harness) -> None:
    async with harness.trading():
        hold(harness)
        panic(harness)
        card = await the_question(harness)
        with harness.journal.transaction():  # as if killed before this was written
            panicked = Panic(at=harness.clock.now(), by=OWNER, key="panic:1")
            harness.journal.memory.set_panic(panicked)
    harness.restart()
    async with harness.trading():
        harness.engine.look()
        await until(lambda: harness.journal.memory.panic() is None)

    assert asked(harness) == card


async def test_heard_again_after_a_stop_its_card_stays(harness: Harness) -> None:
    """The process ended between the card and the answer to /panic: the same update is
    handled once more."""
    async with harness.trading():
        hold(harness)
        panic(harness)
        card = await the_question(harness)
    harness.restart()
    async with harness.trading():
        panic(harness)
        harness.engine.look()
        await turns()

    assert asked(harness) == card


@pytest.mark.parametrize("point", ["W1", "W2", "sent", "W3"])
async def test_killed_while_it_sells_every_holding_is_sold_once(
    harness: Harness, point: str
) -> None:
    async with harness.trading():
        hold(harness)
        panic(harness)
        card = await the_question(harness)
        harness.reached = when(point, harness.drop_events)
        harness.tap(card, Choice.YES)
        await turns()
    harness.reached = lambda _: None
    harness.restart()
    async with harness.trading():
        await harness.until_settled(card)

    assert held(harness) == [0, 0]
    assert len(harness.broker.sent) == 2
