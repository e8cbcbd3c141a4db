"""An order whose size somebody changes in TWS is followed in its new size."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from core.model.evidence import StatusMessage
from core.model.news import Settled
from core.model.order import Order, OrderState
from core.model.order_news import Enlarged
from core.model.proposal import Choice, Proposal
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness
from tests.harness.waiting import turns, until


async def a_resized_order(harness: Harness, shares: int) -> tuple[Proposal, Order]:
    """IB holds one order of ours, sent for 100, which is for *shares* now."""
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    card = await harness.scan()
    harness.tap(card, Choice.FIRST)
    await until(lambda: harness.states(card) == ["acked"])
    (order,) = harness.orders(card)
    harness.broker.resize(order, shares)
    await turns()
    return card, order


def the_order(harness: Harness, card: Proposal) -> Order:
    (order,) = harness.orders(card)
    return order


@pytest.mark.attack(10)
async def test_one_made_larger_works_and_can_be_cancelled_behind_its_first_hundred(
    harness: Harness,
) -> None:
    async with harness.trading():
        card, order = await a_resized_order(harness, 200)
        harness.broker.fill(order, 100)
        await turns()
        assert the_order(harness, card).state is OrderState.PARTIAL
        assert harness.news(Settled) == []

        harness.engine.cancel(order.ref, by=OWNER)
        await until(lambda: harness.states(card) == ["partial done"])

    ended = the_order(harness, card)
    assert (ended.filled, ended.shares) == (100, 200)
    assert [each.ref for each in harness.broker.cancelled] == [order.ref]


@pytest.mark.attack(10)
async def test_one_made_smaller_is_filled_with_what_is_left_of_it(
    harness: Harness,
) -> None:
    async with harness.trading():
        card, order = await a_resized_order(harness, 50)
        harness.broker.fill(order, 50)
        await until(lambda: harness.states(card) == ["filled"])

    assert the_order(harness, card).shares == 50
    assert len(harness.news(Settled)) == 1


@pytest.mark.attack(10)
@pytest.mark.parametrize("shares", [50, 200])
async def test_a_size_that_was_changed_while_the_bot_was_off_is_learned_from_its_end(
    harness: Harness, shares: int
) -> None:
    async with harness.trading():
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        card = await harness.scan()
        harness.tap(card, Choice.FIRST)
        await until(lambda: harness.states(card) == ["acked"])
    order = the_order(harness, card)
    harness.stop()
    harness.broker.resize(order, shares)
    harness.broker.fill(order, shares)
    harness.start()

    async with harness.trading():
        await until(lambda: harness.states(card) == ["filled"])

    ended = the_order(harness, card)
    assert (ended.filled, ended.shares) == (shares, shares)
    assert ended.reason == f"IB has it for {shares} shares, not 100"
    assert harness.journal.memory.halts() == ()


@pytest.mark.attack(26)
async def test_what_it_may_cost_counts_in_its_new_size(harness: Harness) -> None:
    async with harness.trading():
        before = harness.engine.queries.status().used_today
        card, order = await a_resized_order(harness, 200)

        used = harness.engine.queries.status().used_today - before
        assert used == 2 * order.estimate == the_order(harness, card).estimate


async def one_enlarged_unreported(harness: Harness) -> tuple[Proposal, Order]:
    """IB holds one order, sent for 100; that it is for 200 now was lost with the line,
    and the next that is heard is the execution of the first hundred."""
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    card = await harness.scan()
    harness.tap(card, Choice.FIRST)
    await until(lambda: harness.states(card) == ["acked"])
    order = the_order(harness, card)
    harness.drop_events()
    harness.broker.resize(order, 200)
    harness.broker.fill(order, 100)
    harness.broker.events_dropped = False
    harness.broker.say(harness.broker.book[order.ref].fills[-1])
    await until(lambda: harness.states(card) == ["filled"])
    return card, order


def its_echo(harness: Harness, order: Order) -> None:
    harness.broker.resize(order, 200)


def its_status(harness: Harness, order: Order) -> None:
    """An orderStatus names no terms: it counts what is filled and what remains."""
    names = replace(harness.broker.names(order), ref="")
    shares, filled = Decimal(200), Decimal(100)
    harness.broker.say(
        StatusMessage(names=names, status="Submitted", shares=shares, filled=filled)
    )


def the_next_pass(harness: Harness, order: Order) -> None:
    del order
    harness.broker.connect()


@pytest.mark.attack(10)
@pytest.mark.parametrize("received", [its_echo, its_status, the_next_pass])
async def test_one_enlarged_unheard_goes_on_and_that_is_told_without_a_halt(
    harness: Harness, received: Callable[[Harness, Order], None]
) -> None:
    async with harness.trading():
        card, order = await one_enlarged_unreported(harness)
        received(harness, order)
        await until(lambda: harness.states(card) == ["partial"])
        assert the_order(harness, card).rest == 100
        assert [each.ref for each in harness.news(Enlarged)] == [order.ref]

        harness.broker.fill(order, 100)
        await until(lambda: harness.states(card) == ["filled"])

    assert the_order(harness, card).filled == 200
    assert [each.filled for each in harness.news(Settled)] == [100, 200]
    assert len(harness.news(Enlarged)) == 1
    assert harness.journal.memory.halts() == ()


@pytest.mark.attack(10)
async def test_one_enlarged_and_cancelled_unheard_was_not_filled_whole(
    harness: Harness,
) -> None:
    async with harness.trading():
        card, order = await one_enlarged_unreported(harness)
        harness.drop_events()
        harness.broker.cancel(order)
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["partial done"])

    ended = the_order(harness, card)
    assert (ended.filled, ended.shares) == (100, 200)
    end = harness.news(Settled)[-1]
    assert (end.filled, end.whole) == (100, False)
    assert harness.journal.memory.halts() == ()
