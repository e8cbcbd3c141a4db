"""What /panic offers to sell, what it names instead, and what it waits for."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.model.news import NothingToSell
from core.model.portfolio import Inventory
from core.model.proposal import (
    Choice,
    ProposalState,
)
from tests.builders import FDMX, QRVX, price
from tests.fakes.broker import FakeBroker
from tests.harness.core import Harness
from tests.harness.exits import alive, bought, protected, with_exits
from tests.harness.panics import asked, held, hold, panic, the_question
from tests.harness.waiting import turns, until


async def test_nothing_held_is_told(harness: Harness) -> None:
    async with harness.trading():
        panic(harness)
        await until(lambda: harness.news(NothingToSell))

    assert asked(harness) is None


async def test_what_no_order_can_sell_is_named(harness: Harness) -> None:
    async with harness.trading():
        hold(harness)
        position = harness.broker.held[FDMX.con_id]
        harness.broker.held[FDMX.con_id] = type(position)(
            instrument=FDMX,
            shares=Decimal("50.5"),
            average_cost=None,
            price=price("26"),
            market_value=None,
            open_profit=None,
        )
        panic(harness)
        card = await the_question(harness)

    assert card.note == "Not in this sale: 0.5 FDMX."
    assert card.state is ProposalState.OFFERED


async def test_a_listing_of_before_an_exit_was_cancelled_keeps_no_stock_out(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stop in it would count as somebody else's sale of all shares."""
    with_exits(harness, "stop 5%")
    async with harness.trading():
        await bought(harness)
        (stop,) = await protected(harness)
        before = await harness.broker.open_orders()
        listing, late = harness.broker.inventory, [before]

        async def made_before(_: FakeBroker) -> Inventory:
            await until(lambda: not alive(harness))
            found = await listing()
            return replace(found, open_orders=late.pop()) if late else found

        monkeypatch.setattr(FakeBroker, "inventory", made_before)
        panic(harness)
        card = await the_question(harness)

    assert [each.ref for each in before] == [stop.ref]
    assert [(leg.instrument.symbol, leg.shares) for leg in card.legs] == [("QRVX", 100)]


@pytest.mark.attack(27)
@pytest.mark.parametrize(
    "other",
    [{"kind": "OPT"}, {"instrument": replace(FDMX, currency="EUR")}],
    ids=["an option", "in euros"],
)
async def test_what_is_no_stock_in_dollars_is_never_sold_as_one(
    harness: Harness, other: dict[str, Any]
) -> None:
    async with harness.trading():
        hold(harness)
        position = harness.broker.held[FDMX.con_id]
        harness.broker.held[FDMX.con_id] = replace(position, **other)
        panic(harness)
        card = await the_question(harness)

    assert [leg.instrument.symbol for leg in card.legs] == ["QRVX"]
    assert card.note is not None
    assert "FDMX" in card.note


async def _buy(harness: Harness) -> None:
    harness.broker.fill_price = price("4.83")
    proposal = await harness.scan()
    harness.tap(proposal, Choice.SECOND)
    await harness.until_settled(proposal)


async def test_what_was_bought_a_moment_ago_is_sold_although_the_window_lags(
    harness: Harness,
) -> None:
    """IB lists it when it is asked: the account window may not know it for minutes."""
    async with harness.trading():
        await _buy(harness)
        harness.broker.listed = ()
        panic(harness)
        card = await the_question(harness)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert [(leg.instrument, leg.shares) for leg in card.legs] == [(QRVX, 100)]
    assert harness.states(card) == ["filled"]
    assert held(harness) == [0]


async def test_more_of_a_holding_that_was_bought_a_moment_ago_is_sold_too(
    harness: Harness,
) -> None:
    limits = replace(harness.instructions.limits, buy_held=True)
    harness.instructions = replace(harness.instructions, limits=limits)
    harness.restart()
    async with harness.trading():
        harness.broker.trade_by_hand(QRVX, 50)
        harness.broker.listed = harness.broker.positions()
        await _buy(harness)
        panic(harness)
        card = await the_question(harness)

    assert [(leg.instrument, leg.shares) for leg in card.legs] == [(QRVX, 150)]


async def test_what_ib_lists_nowhere_yet_is_named_and_not_sold(
    harness: Harness,
) -> None:
    async with harness.trading():
        harness.broker.trade_by_hand(FDMX, 50)
        await _buy(harness)
        harness.broker.held.pop(QRVX.con_id)
        panic(harness)
        card = await the_question(harness)

    assert [leg.instrument for leg in card.legs] == [FDMX]
    assert "Bought just now and not listed by IB yet: 100 QRVX." in (card.note or "")


async def test_it_waits_for_a_purchase_that_ib_does_not_list_yet(
    harness: Harness,
) -> None:
    """ "Nothing to sell" would be false."""
    async with harness.trading():
        await _buy(harness)
        bought = harness.broker.held.pop(QRVX.con_id)
        panic(harness)
        await turns()
        assert harness.news(NothingToSell) == []
        harness.broker.held[QRVX.con_id] = bought
        harness.engine.look()
        card = await the_question(harness)

    assert [(leg.instrument, leg.shares) for leg in card.legs] == [(QRVX, 100)]
