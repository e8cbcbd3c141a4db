"""Exits beside a sale that somebody gave in TWS: together they sell no more than is held
(S12), whichever of them stood first, and the owner is told."""

from dataclasses import replace
from decimal import Decimal

from core.model.exits.news import ExitsLate, HoldingGone
from core.model.portfolio import OpenOrder
from core.rules.exits.coverage import groups_of
from tests.builders import QRVX, price
from tests.core.flows.exits.test_cards import asked
from tests.core.flows.exits.test_late import a_sale_by_hand
from tests.harness.core import Harness
from tests.harness.exits import (
    alive,
    bought,
    held,
    protected,
    with_exits,
)
from tests.harness.waiting import turns


async def _minutes(harness: Harness, count: int) -> None:
    """So many of them pass, with a look every ten seconds."""
    for _ in range(6 * count):
        harness.clock.forward(seconds=10)
        harness.engine.look()
        await turns()


def _given(harness: Harness, shares: int, filled: int = 0) -> None:
    """A sale in TWS of which so many are *filled* by now."""
    before = sum(int(each.filled) for each in harness.broker.unknown_orders)
    sale = replace(a_sale_by_hand(shares), filled=Decimal(filled))
    harness.broker.unknown_orders[:] = [sale] if filled < shares else []
    if filled > before:
        harness.broker.trade_by_hand(QRVX, before - filled)


def _may_be_sold(harness: Harness) -> int:
    by_hand: list[OpenOrder] = harness.broker.unknown_orders
    rest = sum(int(each.shares - each.filled) for each in by_hand)
    return rest + sum(group.rest for group in groups_of(alive(harness)))


async def test_exits_end_for_a_sale_by_hand_and_come_back_when_it_is_gone(
    harness: Harness,
) -> None:
    """The sale stood beside them until something else was asked of IB: when both were
    filled the account was short, and nobody was told before."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        _given(harness, 100)
        await _minutes(harness, 6)
        both = _may_be_sold(harness)
        await _minutes(harness, 3)
        told = harness.news(ExitsLate)
        harness.broker.unknown_orders.clear()
        await _minutes(harness, 1)
        await protected(harness)

    assert both == held(harness) == 100
    assert [news.reason for news in told] == [
        "orders at IB that are not mine may sell these shares"
    ]
    assert harness.news(ExitsLate) == told


async def test_what_a_sale_by_hand_leaves_keeps_exits(harness: Harness) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        _given(harness, 30)
        await _minutes(harness, 6)
        await protected(harness, 70)
        await _minutes(harness, 2)

    assert _may_be_sold(harness) == held(harness) == 100
    assert len(harness.news(ExitsLate)) == 1


async def test_a_sale_by_hand_that_fills_in_parts_beside_exits(
    harness: Harness,
) -> None:
    """Its first part is seen in the holding, at once."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        harness.clock.forward(minutes=4)
        _given(harness, 100)
        _given(harness, 100, filled=40)
        await _minutes(harness, 1)
        after_a_part = _may_be_sold(harness), held(harness), alive(harness)
        _given(harness, 100, filled=100)
        await _minutes(harness, 5)

    assert after_a_part == (60, 60, [])
    assert (alive(harness), held(harness)) == ([], 0)
    assert [news.shares for news in harness.news(HoldingGone)] == [100]


async def test_exits_that_wait_for_a_sale_by_hand_protect_what_it_leaves(
    harness: Harness,
) -> None:
    with_exits(harness)
    harness.broker.trade_by_hand(QRVX, 100)
    harness.quote(QRVX, last=price("4.83"), bid=price("4.82"), ask=price("4.84"))
    async with harness.trading():
        _given(harness, 100)
        await asked(harness, "stop 5%")
        await _minutes(harness, 1)
        _given(harness, 100, filled=40)
        await _minutes(harness, 2)
        waiting = _may_be_sold(harness), held(harness), alive(harness)
        harness.broker.unknown_orders.clear()
        await _minutes(harness, 1)
        await protected(harness, 60)

    assert waiting == (60, 60, [])
    assert len(harness.news(ExitsLate)) == 1


async def test_an_exit_that_sells_a_part_beside_a_sale_by_hand(
    harness: Harness,
) -> None:
    """What is left is no more than what the other may sell: no exit beside it."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, _ = await protected(harness)
        _given(harness, 60)
        harness.broker.fill(stop, 40)
        await _minutes(harness, 7)

    assert (_may_be_sold(harness), held(harness), alive(harness)) == (60, 60, [])
    assert len(harness.news(ExitsLate)) == 1
