"""Until when an order may leave, with which prices, and what else is said of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.model.evidence import LineState
from core.model.order import OrderState
from core.model.points import SENT
from core.model.proposal import Choice
from tests.builders import FDMX, QRVX
from tests.core.wishes import AT_ONCE
from tests.harness.core import Harness, an_open_harness, when
from tests.harness.waiting import turns, until


async def test_half_a_minute_after_a_late_yes_it_is_too_late(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.clock.moment = card.expires_at - timedelta(seconds=1)
        for instrument in (QRVX, FDMX):
            harness.quote(instrument)
        harness.reached = when("W1", lambda: harness.clock.forward(seconds=30))
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed", "lapsed"]
    assert harness.broker.sent == []


async def test_a_price_that_was_asked_for_is_waited_for(tmp_path: Path) -> None:
    patient = replace(AT_ONCE, quotes=5.0)
    with an_open_harness(tmp_path, timeouts=patient) as harness:
        async with harness.trading():
            card = await harness.scan()
            known = harness.market.known.pop(FDMX.con_id)
            harness.tap(card, Choice.FIRST)
            await turns()
            before = harness.states(card)
            harness.market.tell(FDMX, known)
            await harness.until_settled(card)

        assert before == ["planned"]
        assert harness.states(card) == ["filled"]


@pytest.mark.parametrize("trouble", ["silent", "hurried"])
async def test_every_other_reason_is_given_too_when_the_gateway_is_in_trouble(
    harness: Harness, trouble: str
) -> None:
    async with harness.trading():
        card = await harness.scan()
        setattr(harness.broker, trouble, True)
        harness.quote(FDMX, halted=True)
        harness.tap(card, Choice.FIRST)
        await harness.until_settled(card)

    (order,) = harness.orders(card)
    assert "FDMX is halted." in (order.reason or "")
    assert order.reason != "FDMX is halted."


@pytest.mark.parametrize("filled", [0, 40])
async def test_a_stock_is_not_bought_again_while_its_order_works(
    harness: Harness, filled: int
) -> None:
    async with harness.trading():
        first, _ = await harness.a_working_order()
        if filled:
            harness.broker.fill(harness.orders(first)[0], filled)
            await until(lambda: harness.states(first) == ["partial"])
        second = await harness.scan("b")
        harness.tap(second, Choice.FIRST)
        await harness.until_settled(second)

    (order,) = harness.orders(second)
    assert order.state is OrderState.LAPSED
    assert "still working" in (order.reason or "")


async def test_an_order_that_could_not_be_handed_over_was_not_sent(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.reached = when("W2", lambda: harness.broker.go(LineState.DOWN, "cable"))
        harness.tap(card, Choice.FIRST)
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed"]
    assert SENT not in harness.points


@pytest.mark.attack(4)
async def test_why_a_stock_is_not_quoted_is_in_the_refusal(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.clock.forward(seconds=10)
        del harness.market.known[QRVX.con_id]
        harness.market.unquoted[QRVX.con_id] = "not subscribed to market data"
        harness.quote(FDMX)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        reasons = {o.instrument.symbol: o.reason for o in harness.orders(card)}

    assert reasons["QRVX"] == "QRVX has no price now: not subscribed to market data."
