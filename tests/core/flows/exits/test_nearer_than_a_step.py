"""Exits that would lie less than one of IB's price steps away: they have no price, and
that is said before the Yes, not after the fill."""

import pytest

from core.model.errors import BrokerSaidNo
from core.model.order import OrderState
from core.model.proposal import Choice, ChooseExits
from tests.builders import FDMX, QRVX, price
from tests.harness.core import Harness
from tests.harness.exits import a_plan, with_exits
from tests.harness.waiting import turns


async def refused(harness: Harness) -> tuple[str, ...]:
    """What the open card says against its Yes, after IB has named the steps."""
    await turns()
    card = harness.cards_to_look_at().card(harness.card().id)
    assert card is not None
    return card.refused


@pytest.mark.parametrize("exits", ["stop 0.1%", "target 0.1%", "stop 5% trail 0.004"])
async def test_a_purchase_is_kept_back_whose_exit_is_nearer_than_a_step(
    harness: Harness, exits: str
) -> None:
    """QRVX costs 4.82, and its price moves in cents. It was bought, and stood bare."""
    with_exits(harness, exits)
    async with harness.trading():
        proposal = await harness.scan()
        why = await refused(harness)
        harness.tap(harness.card(), Choice.YES)
        await harness.until_settled(proposal)

    bought = [o.instrument for o in harness.orders(proposal) if o.filled]
    assert any("QRVX's price moves in steps of 0.01" in each for each in why)
    assert QRVX not in bought


async def test_the_step_comes_without_a_new_question_where_all_exits_have_a_price(
    harness: Harness,
) -> None:
    with_exits(harness, "stop 5% target 10%")
    async with harness.trading():
        proposal = await harness.scan()
        assert await refused(harness) == ()
        harness.tap(proposal, Choice.YES)
        await harness.until_settled(proposal)

    assert {o.state for o in harness.orders(proposal)} == {OrderState.FILLED}


@pytest.mark.parametrize("exits", ["none", "trail 3%", "close 1"])
async def test_what_needs_no_step_asks_for_none(harness: Harness, exits: str) -> None:
    with_exits(harness, exits)
    async with harness.trading():
        await harness.scan()
        await turns()
        asked = list(harness.market.steps_asked)

    assert asked == []


async def test_exits_chosen_on_the_card_are_judged_by_the_step_too(
    harness: Harness,
) -> None:
    with_exits(harness, "none")
    async with harness.trading():
        proposal = await harness.scan()
        tap = ChooseExits(
            token=proposal.token, plan=a_plan("stop 0.1%"), shown=proposal.shown
        )
        harness.engine.choose_exits(tap)
        why = await refused(harness)

    assert any("QRVX's price moves in steps of 0.01" in each for each in why)


async def test_while_ib_names_no_step_the_yes_is_not_kept_back(
    harness: Harness,
) -> None:
    """The exits would be missed after the fill alone, and that is told then."""
    with_exits(harness, "stop 0.1%")
    for stock in (QRVX, FDMX):
        harness.market.steps_fail[stock.con_id] = BrokerSaidNo(200, "no definition")
    async with harness.trading():
        await harness.scan()
        assert await refused(harness) == ()


async def test_an_exit_nearer_than_a_step_is_not_asked_for_a_holding(
    harness: Harness,
) -> None:
    harness.broker.trade_by_hand(QRVX, 100)
    harness.quote(QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84"))
    async with harness.trading():
        exits = harness.engine.named.exits
        problem = await exits.offer("qrvx", a_plan("stop 0.1%"), key="exits:1")
        fine = await exits.offer("qrvx", a_plan("stop 1%"), key="exits:2")

    assert problem is not None
    assert "QRVX's price moves in steps of 0.01" in problem
    assert fine is None
