"""Two people approve in the same moment: the limits are for both together."""

from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.model.market import FoundStock
from core.model.money import Size
from core.model.order import Order, OrderState
from core.model.proposal import Choice, Proposal
from tests.builders import FDMX, QRVX, money
from tests.core.wishes import AT_ONCE
from tests.harness.core import Harness, an_open_harness
from tests.harness.waiting import turns


def opened(directory: Path, **named: Any) -> Any:
    """Orders wait for a while where messages are in front of them."""
    return an_open_harness(directory, timeouts=replace(AT_ONCE, probe=5.0), **named)


async def a_card(harness: Harness, told: Awaitable[object]) -> Proposal:
    assert await told is None
    return harness.journal.proposals.offers()[-1]


async def both(
    harness: Harness, first: Awaitable[object], second: Awaitable[object]
) -> tuple[Order, Order]:
    """The orders of two cards, the second of which was approved before the order of the
    first could leave."""
    cards = []
    for told in (first, second):
        cards.append(await a_card(harness, told))
        harness.broker.hurried = True
        harness.tap(cards[-1], Choice.YES)
        await turns()
    harness.broker.hurried = False
    for card in cards:
        await harness.until_settled(card)
    (one,), (two,) = (harness.orders(card) for card in cards)
    return one, two


@pytest.mark.parametrize(
    ("limit", "stocks", "why"),
    [
        ({"max_buys": 1}, ("QRVX", "FDMX"), "1 buy on top of 1"),
        ({"max_positions": 1}, ("QRVX", "FDMX"), "1 new position on top of 1"),
        ({"max_stock": money("600")}, ("QRVX", "QRVX"), "a stock"),
        ({"max_day": money("2900")}, ("QRVX", "FDMX"), "a day"),
    ],
)
async def test_of_two_purchases_that_are_too_much_together_the_first_is_bought(
    tmp_path: Path, limit: dict[str, Any], stocks: tuple[str, str], why: str
) -> None:
    """The first was refused for the second, which had been approved after it."""
    with opened(tmp_path, **limit) as harness:
        harness.market.listed = tuple(
            FoundStock(instrument=each, listed_on="NYSE") for each in (QRVX, FDMX)
        )
        async with harness.trading():
            buy = harness.engine.named.buy
            one, two = await both(
                harness,
                buy(stocks[0], Size(), key="a"),
                buy(stocks[1], Size(), key="b"),
            )

        assert [one.state, two.state] == [OrderState.FILLED, OrderState.LAPSED]
        assert why in (two.reason or "")
        assert [order.ref for order in harness.broker.sent] == [one.ref]
