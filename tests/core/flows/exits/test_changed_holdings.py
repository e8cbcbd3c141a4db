"""The exits follow the holding when it changes beside them: a short position before the
purchase, an exit that fires under a sale's card, a transfer out."""

import asyncio

import pytest

from core.model.exits.news import HoldingGone
from core.model.order import OrderState
from core.model.proposal import Choice
from core.rules.exits.coverage import groups_of
from core.rules.selling.amount import Amount
from tests.builders import QRVX, price
from tests.core.flows.exits.test_cards import asked
from tests.harness.core import Harness
from tests.harness.exits import (
    alive,
    bought,
    held,
    protected,
    with_exits,
)
from tests.harness.waiting import turns, until


async def _looked_at(harness: Harness) -> None:
    for _ in range(5):
        harness.clock.forward(seconds=3)
        harness.engine.look()
        await asyncio.sleep(0.02)


async def test_a_purchase_that_covers_a_short_position_protects_what_is_long(
    harness: Harness,
) -> None:
    """50 were short from before: exits of all 100 that were bought would be short again."""
    with_exits(harness)
    harness.broker.trade_by_hand(QRVX, -50)
    async with harness.trading():
        await bought(harness)
        await protected(harness, 50)
        await _looked_at(harness)

    assert held(harness) == 50
    assert {order.shares for order in alive(harness)} == {50}


async def test_an_exit_that_fires_between_a_sales_card_and_its_yes_sells_once(
    harness: Harness,
) -> None:
    """The card's 100 are 60 by then: none of them is sold by it, and they are protected."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, _ = await protected(harness)
        await harness.engine.named.sell("QRVX", Amount(), key="s")
        card = harness.card()
        harness.broker.fill(stop, 40)
        await turns()
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        await _looked_at(harness)
        await protected(harness, 60)

    (sale,) = (order for order in harness.orders(card) if order.exit is None)
    assert sale.state is OrderState.LAPSED
    assert "no more than 60 can be sold now" in (sale.reason or "")
    assert held(harness) == 60


async def test_shares_that_are_transferred_out_take_their_exits_with_them(
    harness: Harness,
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        harness.clock.forward(minutes=5)
        del harness.broker.held[QRVX.con_id]
        await _looked_at(harness)
        await until(lambda: not alive(harness))
        await _looked_at(harness)

    assert sum(group.rest for group in groups_of(alive(harness))) == 0
    assert harness.journal.memory.protections() == ()
    assert [news.shares for news in harness.news(HoldingGone)] == [100]


@pytest.mark.parametrize("plan", [None, "stop 8%"])
async def test_what_is_left_of_a_part_sale_and_moved_out_is_told_of(
    harness: Harness, plan: str | None
) -> None:
    """40 were sold by the bot; of the other 60, by the purchase's exits or by those of
    /exits, no trade was seen."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, *_ = await protected(harness)
        if plan:
            harness.clock.forward(minutes=5)
            harness.quote(
                QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84")
            )
            await asked(harness, plan)
            await until(lambda: stop not in alive(harness))
            (stop,) = await protected(harness)
        harness.broker.fill(stop, 40)
        await turns()
        harness.clock.forward(minutes=5)
        del harness.broker.held[QRVX.con_id]
        await _looked_at(harness)
        await until(lambda: not alive(harness))
        await _looked_at(harness)

    assert [news.shares for news in harness.news(HoldingGone)] == [60]


async def test_a_holding_that_the_bot_has_sold_is_not_told_as_gone(
    harness: Harness,
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, _ = await protected(harness)
        harness.broker.fill(stop, 100)
        await turns()
        harness.clock.forward(minutes=5)
        await _looked_at(harness)
        await until(lambda: harness.journal.memory.protections() == ())

    assert harness.news(HoldingGone) == []


@pytest.mark.parametrize("later", [12, 300], ids=["window-lags", "window-is-new"])
async def test_what_is_bought_after_all_was_sold_has_no_exits_of_the_plan_before(
    harness: Harness, later: int
) -> None:
    """Its card said "no exits". A moment after the sale the plan was not over yet, and
    gave the new shares a stop at its own price."""
    harness.broker.fill_price = price("4.83")
    async with harness.trading():
        await bought(harness)
        harness.clock.forward(minutes=5)
        harness.quote(QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84"))
        await asked(harness, "stop 5%")
        (stop,) = await protected(harness)
        harness.broker.fill(stop, 100)
        await turns()
        harness.clock.forward(seconds=later)
        await bought(harness, "b")
        await _looked_at(harness)
        harness.clock.forward(minutes=5)
        await _looked_at(harness)

    assert held(harness) == 100
    assert alive(harness) == []
    assert harness.journal.memory.protections() == ()


async def test_exits_of_what_is_bought_after_all_was_sold_count_from_what_was_paid(
    harness: Harness,
) -> None:
    """The plan of the holding is not over a moment after its sale: the new one took its
    place, for everything held, from the card's price."""
    with_exits(harness, "stop 10%")
    async with harness.trading():
        await bought(harness)
        harness.clock.forward(minutes=5)
        harness.quote(QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84"))
        first, *_ = await protected(harness)
        await asked(harness, "stop 5%")
        await until(lambda: first not in alive(harness))
        (stop,) = await protected(harness)
        harness.broker.fill(stop, 100)
        await turns()
        harness.clock.forward(seconds=12)
        harness.broker.fill_price = price("5.10")
        card = await bought(harness, "b")
        (stop,) = await protected(harness)
        (plan,) = harness.journal.memory.protections()

    (entry,) = (order for order in harness.orders(card) if order.exit is None)
    assert (plan.entries, plan.basis) == ((entry.ref,), None)
    assert stop.stop == price("4.59")
