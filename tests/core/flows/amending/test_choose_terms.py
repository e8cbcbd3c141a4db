"""The type of order that the owner chooses on a card: what it shows is what leaves."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.model.market import OrderType
from core.model.money import Size
from core.model.proposal import (
    Choice,
    ChooseTerms,
    OrderTerms,
    Proposal,
    Resize,
    Verdict,
)
from tests.builders import FDMX, QRVX, money, price
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness, an_open_harness
from tests.harness.waiting import turns, until


def choose(harness: Harness, card: Proposal, terms: OrderTerms) -> Proposal:
    tap = ChooseTerms(token=card.token, terms=terms, shown=card.shown)
    assert harness.engine.choose_terms(tap).verdict is Verdict.RESIZED
    return harness.card()


async def limited(harness: Harness, card: Proposal, terms: OrderTerms) -> Proposal:
    """The card with its limits, once IB has told the price steps."""
    choose(harness, card, terms)
    await until(lambda: all(leg.limit for leg in harness.card().legs))
    return harness.card()


async def test_a_limit_that_is_chosen_on_the_card_is_what_leaves(
    harness: Harness,
) -> None:
    """At most 1 % above the ask, rounded down to IB's step; the setting says market."""
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        card = await limited(harness, await harness.scan(), OrderTerms.LIMIT)
        harness.tap(card, Choice.SECOND)
        await harness.until_settled(card)

    (order,) = harness.broker.sent
    leg = next(each for each in card.legs if each.instrument == QRVX)
    assert (order.order_type, order.limit) == (OrderType.LIMIT, leg.limit)
    assert leg.ask is not None
    assert leg.ask < (order.limit or 0) <= leg.ask * price("1.01")
    assert not order.outside_hours


@pytest.mark.parametrize(
    ("limit", "stops"),
    [({}, False), ({"no_buy_after": time(15, 30)}, True), ({"max_loss": 500}, True)],
)
async def test_the_card_knows_whether_buying_is_to_stop(
    harness: Harness, limit: dict[str, Any], *, stops: bool
) -> None:
    limits = replace(harness.instructions.limits, **limit)
    harness.instructions = replace(harness.instructions, limits=limits)
    harness.restart()
    async with harness.trading():
        card = harness.cards_to_look_at().card((await harness.scan()).id)

    assert card is not None
    assert card.buying_stops is stops


async def test_any_hours_lets_it_be_filled_outside_of_regular_ones(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        card = await limited(harness, await harness.scan(), OrderTerms.ANY_HOURS)
        harness.tap(card, Choice.SECOND)
        await harness.until_settled(card)

    assert [order.outside_hours for order in harness.broker.sent] == [True]


async def test_back_at_the_market_no_limit_is_left(harness: Harness) -> None:
    async with harness.trading():
        card = await limited(harness, await harness.scan(), OrderTerms.ANY_HOURS)
        card = choose(harness, card, OrderTerms.MARKET)
        harness.tap(card, Choice.SECOND)
        await harness.until_settled(card)

    (order,) = harness.broker.sent
    assert (order.order_type, order.limit) == (OrderType.MARKET, None)
    assert not order.outside_hours


async def test_a_yes_to_the_market_does_not_count_once_a_limit_is_chosen(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        await limited(harness, card, OrderTerms.LIMIT)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert harness.broker.sent == []


async def test_before_the_price_step_is_known_there_is_no_yes_to_a_limit(
    harness: Harness,
) -> None:
    harness.market.steps[QRVX.con_id] = ()
    async with harness.trading():
        card = choose(harness, await harness.scan(), OrderTerms.LIMIT)
        await turns()
        shown = harness.cards_to_look_at().card(card.id)
        harness.tap(harness.card(), Choice.SECOND)
        await harness.until_settled(card)

    assert shown is not None
    assert shown.refused != ()
    assert harness.broker.sent == []


async def test_a_size_that_is_chosen_next_keeps_the_type(harness: Harness) -> None:
    async with harness.trading():
        card = await limited(harness, await harness.scan(), OrderTerms.LIMIT)
        size = Size(dollars=money("500"))
        harness.engine.resize(Resize(token=card.token, size=size, shown=card.shown))
        again = harness.card()

    assert again.terms is OrderTerms.LIMIT
    assert [leg.limit for leg in again.legs] == [leg.limit for leg in card.legs]


async def test_a_price_step_that_did_not_come_is_asked_for_again(
    harness: Harness,
) -> None:
    """After a start, too, although the setting says market."""
    known = dict(harness.market.steps)
    harness.market.steps.update(dict.fromkeys((QRVX.con_id, FDMX.con_id), ()))
    async with harness.trading():
        choose(harness, await harness.scan(), OrderTerms.LIMIT)
        await turns()
    harness.restart()
    harness.market.steps.clear()
    harness.market.steps.update(known)
    async with harness.trading():
        harness.clock.forward(seconds=11)
        harness.engine.look()
        await until(lambda: all(leg.limit for leg in harness.card().legs))


async def in_the_evening(harness: Harness) -> Proposal:
    """The question whether the orders may wait for the next open."""
    harness.clock.forward(hours=7)
    await harness.engine.scan(key="evening")
    harness.tap(harness.card(), Choice.YES)
    return harness.card()


async def test_a_cap_on_the_gap_that_is_chosen_is_what_waits_for_the_open(
    harness: Harness,
) -> None:
    """At most 3 % above the card's price, for that open alone."""
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        question = await in_the_evening(harness)
        capped = await limited(harness, question, OrderTerms.CAPPED)
        harness.tap(question, Choice.YES)  # to the market order of before
        await turns()
        assert harness.broker.sent == []
        harness.tap(capped, Choice.YES)
        await harness.until_settled(capped)

    assert capped.queue_for == question.queue_for
    caps = {leg.instrument.symbol: leg.limit for leg in capped.legs}
    assert caps == {"QRVX": price("4.96"), "FDMX": price("27.38")}
    assert {o.instrument.symbol: o.limit for o in harness.broker.sent} == caps
    assert {order.tif for order in harness.broker.sent} == {"OPG"}


async def test_a_cap_is_taken_off_again_by_a_tap(harness: Harness) -> None:
    async with harness.trading():
        capped = await limited(
            harness, await in_the_evening(harness), OrderTerms.CAPPED
        )
        question = choose(harness, capped, OrderTerms.MARKET)

    assert {(leg.limit, leg.tif) for leg in question.legs} == {(None, "GTC")}
    assert question.queue_for == capped.queue_for


async def test_an_order_for_an_open_that_has_begun_is_not_sent(
    tmp_path: Path,
) -> None:
    """IB would keep it for the open of another day, or refuse it."""
    a_day = timedelta(days=1)
    with an_open_harness(tmp_path, offer_life=a_day) as harness:
        async with harness.trading():
            question = await in_the_evening(harness)
            capped = await limited(harness, question, OrderTerms.CAPPED)
            harness.clock.forward(hours=17)  # 09:41 on the next day
            harness.tap(capped, Choice.YES)
            await harness.until_settled(capped)
            again = harness.card()

        assert [order.tif for order in harness.broker.sent] == []
        assert again.queue_for is None
        assert {leg.tif for leg in again.legs} == {"GTC"}
