"""What others buy to a holding has its exits, and keeps them once our own orders have sold
as many as the holding had when they were approved."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.model.exits.news import Unprotected
from core.model.money import Shares
from core.model.proposal import Choice
from core.rules.selling.amount import Amount
from tests.builders import QRVX, price
from tests.core.flows.exits.test_cards import asked
from tests.harness.core import Harness
from tests.harness.exits import bought, held, protected, with_exits
from tests.harness.waiting import turns


async def _sold(harness: Harness, shares: int) -> None:
    amount = Amount(shares=Shares(shares))
    await harness.engine.named.sell("QRVX", amount, key=f"sell:{shares}")
    card = harness.card()
    harness.tap(card, Choice.YES)
    await harness.until_settled(card)
    await _later(harness)


async def _later(harness: Harness) -> None:
    harness.clock.forward(minutes=5)
    harness.engine.look()
    await turns()


@pytest.mark.parametrize("then", ["sold-again", "bought-with-exits"])
async def test_what_others_bought_to_a_holding_keeps_its_stop_beside_our_sales(
    harness: Harness, then: str
) -> None:
    """100 of 200 were sold: by the journal alone all 100 of the plan. The next trade ended
    the stop of the others."""
    with_exits(harness, "stop 10%")
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        await _later(harness)
        harness.quote(QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84"))
        await asked(harness, "stop 5%")
        await _later(harness)
        await protected(harness)
        harness.broker.trade_by_hand(QRVX, 100)
        await _later(harness)
        await protected(harness, 200)
        await _sold(harness, 100)
        await protected(harness, 100)
        if then == "sold-again":
            await _sold(harness, 50)
        else:
            await bought(harness, "b")
        await _later(harness)
        await protected(harness, held(harness))

    assert held(harness) == (50 if then == "sold-again" else 200)
    assert harness.news(Unprotected) == []


async def test_a_fraction_that_is_left_over_has_no_plan(harness: Harness) -> None:
    """The plan stayed, and IB was asked for what it lists at every look."""
    harness.broker.trade_by_hand(QRVX, 100)
    listed = harness.broker.held[QRVX.con_id]
    harness.broker.held[QRVX.con_id] = replace(listed, shares=Decimal("100.5"))
    async with harness.trading():
        harness.quote(QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84"))
        await _later(harness)
        await asked(harness, "stop 5%")
        (stop,) = await protected(harness)
        harness.broker.fill(stop, 100)
        await _later(harness)
        await _later(harness)

    assert harness.journal.memory.protections() == ()
