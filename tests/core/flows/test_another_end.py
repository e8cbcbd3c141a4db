"""What became of an order is told again each time that it has become something else."""

import pytest

from core.model.exits.news import ExitDone
from core.model.news import Ghost, InDoubt, News, Settled
from core.model.order import OrderState
from tests.core.flows.test_doubt import an_order_in_doubt
from tests.fakes.book import Booked
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness
from tests.harness.exits import alive, bought, exits, protected, with_exits
from tests.harness.waiting import until


pytestmark = pytest.mark.attack(14)


def told(harness: Harness) -> list[News]:
    """The news since it was asked for before; the owner has it from now on."""
    outbox = harness.journal.outbox
    items = outbox.unsent()
    with harness.journal.transaction():
        for item in items:
            outbox.mark_sent(item.news, edition=item.edition, message=item.message)
    return [item.news for item in items]


async def test_what_an_exit_sold_by_an_execution_heard_late_is_told(
    harness: Harness,
) -> None:
    """40 were told as sold and 60 as bare; that the stop had sold these was not told."""
    with_exits(harness, "stop 5%")
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        (entry,) = harness.orders(await bought(harness))
        harness.broker.fill(entry, 100)
        (stop,) = await protected(harness)
        harness.broker.fill(stop, 40)
        harness.broker.cancel(stop)
        await until(lambda: not alive(harness))
        first = told(harness)
        harness.broker.fill(stop, 60)
        await until(lambda: exits(harness)[0].state is OrderState.FILLED)
        then = told(harness)

    assert ExitDone(ref=stop.ref, filled=40) in first
    assert ExitDone(ref=stop.ref, filled=100) in then


async def test_that_the_cancel_of_an_order_that_was_not_there_has_ended_it_is_told(
    harness: Harness,
) -> None:
    """The alarm said that it is being cancelled; nothing said that it was."""
    async with harness.trading():
        card = await an_order_in_doubt(harness)
        (order,) = harness.orders(card)
        harness.engine.settle(order.ref, there=False, by=OWNER)
        first = told(harness)
        harness.broker.book[order.ref] = Booked(order, next(harness.broker.perm_ids))
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["cancelled"])
        then = told(harness)

    ends = [
        [each for each in news if isinstance(each, Settled)] for news in (first, then)
    ]
    assert [len(each) for each in ends] == [1, 1]


async def test_a_second_doubt_about_an_order_is_a_question_of_its_own(
    harness: Harness,
) -> None:
    """It was written into the message of the first, which was closed days ago and does
    not ring."""
    async with harness.trading():
        card = await an_order_in_doubt(harness)
        (order,) = harness.orders(card)
        first = told(harness)
        harness.broker.book[order.ref] = Booked(order, next(harness.broker.perm_ids))
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["acked"])
        closed = told(harness)
        harness.broker.book.clear()
        harness.clock.forward(hours=24)
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["unknown"])
        second = told(harness)
        harness.engine.settle(order.ref, there=False, by=OWNER)
        answered = told(harness)

    keys = [
        {each.key for each in news if isinstance(each, InDoubt)}
        for news in (first, closed, second, answered)
    ]
    assert keys[0] == keys[1] != keys[2] == keys[3]
    assert [len(each) for each in keys] == [1, 1, 1, 1]


async def test_an_order_that_lives_again_after_its_second_end_is_told(
    harness: Harness,
) -> None:
    """The second time trading was halted without a word."""
    async with harness.trading():
        card, order = await harness.a_working_order()
        news: list[News] = []
        for _ in range(2):
            harness.broker.cancel(order)
            await until(lambda: harness.states(card) == ["cancelled"])
            told(harness)
            harness.clock.forward(seconds=10)
            harness.broker.book[order.ref].status = "Submitted"
            harness.broker.connect()
            await until(lambda: harness.states(card) == ["acked"])
            news = told(harness)
            harness.engine.resume(by=OWNER, named=harness.halts().all())

    assert [each.ref for each in news if isinstance(each, Ghost)] == [order.ref]
