"""An exit in doubt that the owner says is not there: its shares are bare, and that is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from core.model.exits.news import ExitClosed
from core.model.exits.plan import ExitKind
from core.model.news import NothingToSell
from core.model.order import Order, OrderState
from core.model.points import W3, W5, ignore
from core.model.proposal import Choice
from core.rules.exits.coverage import groups_of
from core.rules.selling.amount import Amount
from tests.core.flows.exits.test_cards import asked
from tests.core.game import KilledError, die
from tests.fakes.book import Booked
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness, when
from tests.harness.exits import (
    a_plan,
    alive,
    bought,
    exits,
    protected,
    with_exits,
)
from tests.harness.panics import panic
from tests.harness.waiting import turns, until


def impatient(harness: Harness) -> None:
    """An order without an answer is soon in doubt."""
    timeouts = replace(harness.instructions.timeouts, ack=0.05)
    harness.instructions = replace(harness.instructions, timeouts=timeouts)
    harness.restart()


@asynccontextmanager
async def in_doubt(harness: Harness, plan: str = "stop 5%") -> AsyncIterator[Order]:
    """100 QRVX are held, and nobody knows whether IB has the first of their exits."""
    with_exits(harness, plan)
    impatient(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
        harness.broker.behaviour = BrokerBehaviour.SWALLOWS
        harness.broker.fill(entry, 100)
        await until(lambda: any(o.state is OrderState.UNKNOWN for o in exits(harness)))
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        await harness.ready()
        yield next(o for o in exits(harness) if o.state is OrderState.UNKNOWN)


async def test_an_exit_that_is_not_there_is_told_at_once(harness: Harness) -> None:
    """Nothing protects the shares, and only the owner can have that changed."""
    async with in_doubt(harness) as stop:
        harness.engine.settle(stop.ref, there=False, by=OWNER)
        (news,) = harness.news(ExitClosed)
        (holding,) = await harness.engine.named.exits.holdings()

    assert (news.ref, news.plan) == (stop.ref, a_plan("stop 5%"))
    assert (holding.naked, holding.exits) == (100, ())
    assert [order.ref for order in holding.closed] == [stop.ref]


async def test_one_that_is_there_is_no_news(harness: Harness) -> None:
    async with in_doubt(harness) as stop:
        harness.engine.settle(stop.ref, there=True, by=OWNER)
        assert harness.news(ExitClosed) == []


async def _say_it_is_not_there_and_die(harness: Harness) -> None:
    async with in_doubt(harness) as stop:
        harness.reached = when(W5.inside, die)
        harness.engine.settle(stop.ref, there=False, by=OWNER)


async def test_the_word_and_the_news_of_it_are_one_write(harness: Harness) -> None:
    """Killed in the middle, neither is there: the doubt stands, and is asked again."""
    with pytest.raises(BaseExceptionGroup) as killed:
        await _say_it_is_not_there_and_die(harness)
    assert killed.group_contains(KilledError)
    harness.reached = ignore
    harness.restart()
    (after,) = exits(harness)
    assert (after.state, harness.news(ExitClosed)) == (OrderState.UNKNOWN, [])


async def test_other_exits_are_placed_in_its_stead_once_they_are_approved(
    harness: Harness,
) -> None:
    """He was asked whether it is there, and then whether to place others."""
    async with in_doubt(harness) as stop:
        harness.engine.settle(stop.ref, there=False, by=OWNER)
        await turns()
        assert alive(harness) == []
        await asked(harness, "stop 5%")
        (again,) = await protected(harness)

    assert (again.exit, again.shares) == (ExitKind.STOP, 100)
    assert again.ref != stop.ref


async def test_panic_says_why_it_does_not_sell_its_shares(harness: Harness) -> None:
    """Neither are they being sold for all that is known, nor were they sold."""
    async with in_doubt(harness) as stop:
        harness.engine.settle(stop.ref, there=False, by=OWNER)
        panic(harness)
        await until(lambda: harness.news(NothingToSell))

    (told,) = harness.news(NothingToSell)
    assert "100 QRVX" in told.stays
    assert "in an order that you closed by word today" in told.stays


async def test_other_exits_that_are_approved_free_the_shares_for_a_sale(
    harness: Harness,
) -> None:
    """Before that there is no card to sell them, and it is said why."""
    async with in_doubt(harness) as stop:
        harness.engine.settle(stop.ref, there=False, by=OWNER)
        refused = await harness.engine.named.sell("QRVX", Amount(), key="s:1")
        await asked(harness, "stop 5%")
        await protected(harness)
        harness.broker.behaviour = BrokerBehaviour.FILLS
        done = await sold(harness, "s:2")

    assert refused is not None
    assert "closed by word" in refused.problem
    assert done.state is OrderState.FILLED


async def sold(harness: Harness, key: str) -> Order:
    """Yes to a sale of all QRVX, and what became of it."""
    await harness.engine.named.sell("QRVX", Amount(), key=key)
    card = harness.card()
    harness.tap(card, Choice.YES)
    await harness.until_settled(card)
    (order,) = [o for o in harness.orders(card) if o.exit is None]
    return order


async def test_beside_one_that_is_there_none_is_placed(harness: Harness) -> None:
    """Both would sell."""
    async with in_doubt(harness) as stop:
        harness.engine.settle(stop.ref, there=True, by=OWNER)
        await asked(harness, "stop 5%")
        await turns()
        assert alive(harness) == []


async def test_a_target_that_waits_for_a_stop_closed_by_word_ends(
    harness: Harness,
) -> None:
    """The stop is followed no longer, so it would wait for ever, as "not at IB yet"."""
    async with in_doubt(harness, "stop 5% target 10%") as stop:
        harness.engine.settle(stop.ref, there=True, by=OWNER)
        for _ in range(3):
            harness.clock.forward(seconds=3)
            harness.engine.look()
            await turns()

    assert [(o.exit, o.state) for o in exits(harness)] == [
        (ExitKind.STOP, OrderState.CLOSED_BY_HUMAN),
        (ExitKind.TARGET, OrderState.LAPSED),
    ]


async def test_the_others_of_its_group_stay(harness: Harness) -> None:
    """Nothing better can be placed for these shares, so the stop is not ended."""
    with_exits(harness)
    impatient(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]

        def swallow() -> None:
            harness.broker.behaviour = BrokerBehaviour.SWALLOWS

        harness.reached = when(W3.after, swallow)  # the stop is there, its target not
        harness.broker.fill(entry, 100)
        await until(lambda: any(o.state is OrderState.UNKNOWN for o in exits(harness)))
        harness.reached = ignore
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        await harness.ready()
        stop, target = exits(harness)
        harness.engine.settle(target.ref, there=False, by=OWNER)
        for _ in range(3):
            harness.clock.forward(seconds=3)
            harness.engine.look()
            await turns()

    assert target.exit is ExitKind.TARGET
    assert [(o.exit, o.cancel_asked) for o in alive(harness)] == [
        (ExitKind.STOP, False)
    ]
    assert stop.ref in {o.ref for o in alive(harness)}


@asynccontextmanager
async def gone_overnight(
    harness: Harness, plan: str = "stop 5%"
) -> AsyncIterator[tuple[Order, Booked]]:
    """A stop that IB had confirmed the day before, and that it lists no more."""
    with_exits(harness, plan)
    async with harness.trading():
        await bought(harness)
        stop, *_ = await protected(harness)
    harness.stop()
    harness.clock.moment += timedelta(days=1)
    at_ib = harness.broker.book.pop(stop.ref)
    harness.start()
    async with harness.trading():
        await until(lambda: exits(harness)[0].state is OrderState.UNKNOWN)
        yield stop, at_ib


@pytest.mark.parametrize("there", [True, False])
async def test_one_of_an_earlier_day_keeps_its_room_for_the_day_of_the_word(
    harness: Harness, *, there: bool
) -> None:
    """It was to stand until cancelled: beside it another would sell the shares twice."""
    async with gone_overnight(harness) as (stop, _):
        harness.engine.settle(stop.ref, there=there, by=OWNER)
        for _ in range(5):
            harness.clock.forward(seconds=3)
            harness.engine.look()
            await turns()
        (holding,) = await harness.engine.named.exits.holdings()
        assert alive(harness) == []

    assert [order.ref for order in holding.closed] == [stop.ref]


@pytest.mark.parametrize("plan", ["stop 5%", "stop 5% target 10%"])
async def test_beside_one_that_ib_lists_the_day_after_none_is_placed(
    harness: Harness, plan: str
) -> None:
    """The owner's word that it is there counts for its day; from the next on IB's
    listing does."""
    async with gone_overnight(harness, plan) as (stop, at_ib):
        harness.engine.settle(stop.ref, there=True, by=OWNER)
    harness.stop()
    harness.clock.moment += timedelta(days=1)
    harness.broker.book[stop.ref] = at_ib
    before = len(harness.broker.sent)
    harness.start()
    async with harness.trading():
        for _ in range(5):
            harness.clock.forward(seconds=3)
            harness.engine.look()
            await turns()

    assert len(harness.broker.sent) == before
    assert harness.broker.cancelled == []
    assert sum(group.rest for group in groups_of(alive(harness))) == 100
