"""Exits that cannot have a price: in average true ranges that nobody knows, or as far off
as the stock costs."""

from dataclasses import replace

import pytest

from core.model.exits.plan import NO_EXITS
from core.model.order import OrderState
from core.model.proposal import Choice, ChooseExits
from tests.builders import QRVX, price
from tests.harness.core import Harness
from tests.harness.exits import (
    STOP_AND_TARGET,
    a_plan,
    bought,
    protected,
    with_exits,
)
from tests.harness.waiting import turns


async def test_the_card_says_that_the_stop_has_no_price_and_offers_no_yes(
    harness: Harness,
) -> None:
    """It was left out, and a Yes bought without any protection."""
    with_exits(harness, "stop 2atr target 10%")
    async with harness.trading():
        proposal = await harness.scan()
        card = harness.cards_to_look_at().card(proposal.id)
        assert card is not None

    assert {leg.exits for leg in proposal.legs} == {a_plan("stop 2atr target 10%")}
    assert card.fitting == ()
    assert any("QRVX's average true range is not known" in why for why in card.refused)


async def test_a_yes_of_an_older_button_buys_nothing_and_takes_no_plan_away(
    harness: Harness,
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        limits = replace(
            harness.instructions.limits, exits=a_plan("stop 2atr"), buy_held=True
        )
        harness.instructions = replace(harness.instructions, limits=limits)
    harness.restart()
    async with harness.trading():
        proposal = await harness.scan("b")
        harness.tap(proposal, Choice.YES)
        await harness.until_settled(proposal)
        await turns()
        (kept,) = harness.journal.memory.protections()

    assert {o.state for o in harness.orders(proposal)} == {OrderState.LAPSED}
    assert kept.plan == a_plan(STOP_AND_TARGET)
    assert kept.instrument == QRVX


async def test_other_exits_make_it_a_card_that_buys(harness: Harness) -> None:
    with_exits(harness, "stop 2atr")
    async with harness.trading():
        proposal = await harness.scan()
        for text in ("stop 5%", "none"):
            plan = a_plan(text)
            tap = ChooseExits(token=proposal.token, plan=plan, shown=proposal.shown)
            chosen = harness.engine.choose_exits(tap).proposal
            assert chosen is not None
            card = harness.cards_to_look_at().card(chosen.id)
            assert card is not None
            assert card.refused == ()
            proposal = chosen
    assert {leg.exits for leg in proposal.legs} == {NO_EXITS}


@pytest.mark.parametrize("exits", ["stop 4.82", "stop 5", "trail 12 target 10%"])
async def test_a_stop_that_would_lie_below_nothing_keeps_the_purchase_back(
    harness: Harness, exits: str
) -> None:
    """It was bought, and had no stop: QRVX costs 4.82. Two ranges of a stock that has
    multiplied come to as much."""
    with_exits(harness, exits)
    async with harness.trading():
        proposal = await harness.scan()
        card = harness.cards_to_look_at().card(proposal.id)
        harness.tap(proposal, Choice.SECOND)
        await turns()

    assert card is not None
    assert any("QRVX costs about 4.82" in why for why in card.refused)
    assert all(o.state is not OrderState.FILLED for o in harness.orders(proposal))


@pytest.mark.parametrize("exits", ["stop 4.81", "stop 95%", "target 12"])
async def test_an_exit_that_has_a_price_keeps_nothing_back(
    harness: Harness, exits: str
) -> None:
    with_exits(harness, exits)
    async with harness.trading():
        proposal = await harness.scan()
        card = harness.cards_to_look_at().card(proposal.id)

    assert card is not None
    assert card.refused == ()


async def test_a_stop_below_nothing_is_not_asked_for_a_holding(
    harness: Harness,
) -> None:
    with_exits(harness)
    harness.broker.trade_by_hand(QRVX, 100)
    harness.quote(QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84"))
    async with harness.trading():
        exits = harness.engine.named.exits
        problem = await exits.offer("qrvx", a_plan("stop 6"), key="exits:1")

    assert problem is not None
    assert "QRVX costs about 4.83" in problem
