"""Exits in average true ranges, of a stock whose range nobody knows."""

from dataclasses import replace

from core.model.exits.plan import NO_EXITS
from core.model.order import OrderState
from core.model.proposal import Choice, ChooseExits
from tests.builders import QRVX
from tests.core.flows.exits.test_keeper import (
    STOP_AND_TARGET,
    a_plan,
    bought,
    protected,
    with_exits,
)
from tests.harness.core import Harness
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
