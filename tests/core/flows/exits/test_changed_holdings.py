"""The exits follow the holding when it changes beside them: a short position before the
purchase, an exit that fires under a sale's card, a transfer out."""

import asyncio

import pytest

from core.model.exits.news import HoldingGone, Unprotected
from core.model.exits.plan import NO_EXITS
from core.model.order import Order, OrderState
from core.model.proposal import Choice, ChooseExits, Verdict
from core.rules.exits.coverage import groups_of
from core.rules.selling.amount import Amount
from tests.builders import QRVX, price
from tests.core.flows.exits.test_cards import asked
from tests.harness.core import Harness
from tests.harness.exits import (
    a_plan,
    alive,
    bought,
    exits,
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


async def test_a_card_tells_of_a_holding_whose_exits_cover_what_it_buys(
    harness: Harness,
) -> None:
    harness.broker.fill_price = price("4.83")
    async with harness.trading():
        await bought(harness)
        harness.clock.forward(minutes=5)
        harness.quote(QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84"))
        before = harness.cards_to_look_at().card((await harness.scan("b")).id)
        harness.clock.forward(seconds=1)
        await asked(harness, "stop 5%")
        await protected(harness)
        card = harness.cards_to_look_at().card((await harness.scan("c")).id)
        await bought(harness, "d")
        await protected(harness, 200)

    assert before is not None
    assert card is not None
    assert before.covered == frozenset()
    assert card.covered == {QRVX.con_id}


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


@pytest.mark.parametrize("by_hand", [40, 100])
async def test_what_is_bought_once_a_holding_was_sold_by_hand_has_none_of_its_exits(
    harness: Harness, by_hand: int
) -> None:
    """The plan is not over before the account window has been empty for minutes, nor as
    long as the purchase works; and no order of ours says that the shares are gone."""
    harness.broker.fill_price = price("4.83")
    async with harness.trading():
        await bought(harness)
        harness.clock.forward(minutes=5)
        harness.quote(QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84"))
        await asked(harness, "stop 5%")
        (stop,) = await protected(harness)
        harness.broker.trade_by_hand(QRVX, -by_hand)
        if by_hand < 100:
            harness.broker.fill(stop, 100 - by_hand)
        await _looked_at(harness)
        await until(lambda: not alive(harness))
        await bought(harness, "b")
        await _looked_at(harness)
        harness.clock.forward(minutes=5)
        await _looked_at(harness)

    assert held(harness) == 100
    assert alive(harness) == []


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


async def _with_a_card_about_100(harness: Harness) -> Order:
    """Exits of 100 that stand, and a card that asks for others; returns the stop."""
    harness.broker.fill_price = price("4.83")
    await bought(harness)
    harness.clock.forward(minutes=5)
    harness.quote(QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84"))
    await asked(harness, "stop 5%")
    (stop,) = await protected(harness)
    offer = harness.engine.named.exits.offer
    assert await offer("QRVX", a_plan("stop 8%"), key="exits:2") is None
    return stop


async def test_what_is_bought_once_a_holding_that_purchases_joined_was_sold_is_bare(
    harness: Harness,
) -> None:
    """The plan of /exits, and a purchase with the exits of its card: 200 in all."""
    with_exits(harness, "stop 5%")
    harness.market.meanwhile = lambda: harness.clock.forward(milliseconds=1)
    async with harness.trading():
        await bought(harness)
        await asked(harness, "stop 8%")
        await _looked_at(harness)
        await bought(harness, "b")
        await _looked_at(harness)
        await protected(harness, 200)
        for stop in alive(harness):
            harness.broker.fill(stop, stop.shares)
        await _looked_at(harness)
        card = await harness.scan("c")
        bare = ChooseExits(token=card.token, plan=NO_EXITS, shown=card.shown)
        chosen = harness.engine.choose_exits(bare).proposal
        assert chosen is not None
        harness.tap(chosen, Choice.SECOND)
        await harness.until_settled(chosen)
        await _looked_at(harness)

    assert held(harness) == 100
    assert alive(harness) == []


@pytest.mark.parametrize(("sold", "asks"), [(100, None), (60, 40)])
async def test_what_an_exit_has_just_sold_is_not_asked_about(
    harness: Harness, sold: int, asks: int | None
) -> None:
    """The account window lists it for minutes: a Yes would set exits of shares that are
    gone, and what is bought next would have them."""
    async with harness.trading():
        stop = await _with_a_card_about_100(harness)
        harness.broker.listed = harness.broker.positions()
        harness.broker.fill(stop, sold)
        await turns()
        cards = harness.engine.named.exits
        problem = await cards.offer("QRVX", a_plan("stop 9%"), key="exits:3")
        shown = [each.shares for each in await cards.holdings()]

    if asks is None:
        assert problem == "You hold no whole share of QRVX."
        assert shown == []
    else:
        assert [leg.shares for leg in harness.card().legs] == [asks]
        assert shown == [asks]


@pytest.mark.parametrize("again", [False, True], ids=["none-held", "bought-anew"])
async def test_a_yes_to_exits_of_what_was_sold_since_sets_none(
    harness: Harness, *, again: bool
) -> None:
    """Otherwise what is bought next has the stop of a holding that is gone, and its card
    said "no exits"."""
    async with harness.trading():
        stop = await _with_a_card_about_100(harness)
        card = harness.card()
        harness.broker.fill(stop, 100)
        await turns()
        harness.clock.forward(seconds=12)
        if again:
            await bought(harness, "b")
        decision = harness.tap(card, Choice.YES)
        if not again:
            await bought(harness, "b")
        await _looked_at(harness)
        harness.clock.forward(minutes=5)
        await _looked_at(harness)

    assert held(harness) == 100
    assert alive(harness) == []
    assert decision.verdict is Verdict.NOT_NOW
    assert decision.reasons == ("The 100 QRVX of this card have been sold since.",)
    asked_of = harness.journal.proposals.by_id(card.id)
    assert asked_of is not None
    assert asked_of.note == (
        "The 100 QRVX of this card have been sold since. Nothing was changed."
    )


async def test_what_is_sold_while_the_card_asks_for_a_price_was_sold_since(
    harness: Harness,
) -> None:
    """IB stamps the sale with the whole second, before the card."""
    async with harness.trading():
        stop = await _with_a_card_about_100(harness)
        harness.market.silent = True
        offer = harness.engine.named.exits.offer
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(offer("QRVX", a_plan("stop 9%"), key="exits:3"))
            await turns()
            harness.broker.fill(stop, 100)
            await turns()
            harness.clock.forward(seconds=12)
        decision = harness.tap(harness.card(), Choice.YES)

    assert decision.reasons == ("The 100 QRVX of this card have been sold since.",)


async def test_exits_that_are_taken_off_what_was_sold_since_are_off(
    harness: Harness,
) -> None:
    async with harness.trading():
        stop = await _with_a_card_about_100(harness)
        offer = harness.engine.named.exits.offer
        assert await offer("QRVX", NO_EXITS, key="exits:3") is None
        harness.broker.fill(stop, 100)
        await turns()
        decision = harness.tap(harness.card(), Choice.YES)

    assert decision.verdict is Verdict.APPROVED


async def test_what_was_sold_before_the_yes_is_no_part_of_the_holding(
    harness: Harness,
) -> None:
    """40 of the card's 100: once the other 60 are sold, too, what is bought is new."""
    async with harness.trading():
        stop = await _with_a_card_about_100(harness)
        harness.broker.fill(stop, 40)
        await turns()
        harness.clock.forward(seconds=2)
        assert harness.tap(harness.card(), Choice.YES).verdict is Verdict.APPROVED
        await until(lambda: stop.ref not in [o.ref for o in alive(harness)])
        (stop,) = await protected(harness, 60)
        harness.broker.fill(stop, 60)
        await turns()
        harness.clock.forward(seconds=12)
        await bought(harness, "b")
        await _looked_at(harness)
        harness.clock.forward(minutes=5)
        await _looked_at(harness)

    assert held(harness) == 100
    assert alive(harness) == []


async def test_what_others_buy_after_all_was_sold_has_no_exits_and_sells_nothing(
    harness: Harness,
) -> None:
    """They got them, seven shares at the old prices; each seven that those sold were
    taken for seven of ours, and so on, until all of ours were sold."""
    harness.broker.fill_price = price("4.83")
    async with harness.trading():
        await bought(harness)
        harness.clock.forward(minutes=5)
        harness.quote(QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84"))
        await asked(harness, "stop 5%")
        (stop,) = await protected(harness)
        harness.broker.fill(stop, 100)
        await turns()
        harness.clock.forward(seconds=12)
        await bought(harness, "b")
        harness.broker.trade_by_hand(QRVX, 7)
        for _ in range(3):
            harness.clock.forward(minutes=5)
            await _looked_at(harness)
            for each in alive(harness):
                harness.broker.fill(each, each.shares)
            await turns()

    assert held(harness) == 107
    assert [news.shares for news in harness.news(Unprotected)] == [7]
    assert len(exits(harness)) == 1
