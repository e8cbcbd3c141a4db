"""A split of what was bought without exits is told once."""

from dataclasses import replace
from decimal import Decimal

from core.model.exits.news import SplitSeen
from core.model.proposal import Choice
from tests.builders import QRVX, price
from tests.harness.core import Harness
from tests.harness.waiting import turns


async def held(harness: Harness) -> None:
    """100 shares at 4.83, without exits."""
    harness.broker.fill_price = price("4.83")
    card = await harness.scan()
    harness.tap(card, Choice.SECOND)
    await harness.until_settled(card)


def becomes(harness: Harness, shares: str, each: str, cost: str) -> None:
    """IB lists so many shares of QRVX now."""
    listed = harness.broker.held[QRVX.con_id]
    harness.broker.held[QRVX.con_id] = replace(
        listed, shares=Decimal(shares), price=price(each), average_cost=price(cost)
    )
    harness.clock.forward(minutes=60 * 60)  # over a weekend
    harness.engine.look()


async def test_it_is_told_once_also_after_a_start(harness: Harness) -> None:
    async with harness.trading():
        await held(harness)
        becomes(harness, "400", "1.21", "1.21")
        becomes(harness, "400", "1.25", "1.21")
        await turns()
    harness.restart()
    async with harness.trading():
        harness.engine.look()
        await turns()
        (news,) = harness.news(SplitSeen)

    assert news.split == "4 for 1"
    assert [news.before, news.shares] == [100, 400]


async def test_a_price_that_has_moved_besides_hides_none(harness: Harness) -> None:
    """IB's average cost shows it: 4.83 is 48.30 for ten."""
    async with harness.trading():
        await held(harness)
        becomes(harness, "10", "93.00", "48.30")
        await turns()
        (news,) = harness.news(SplitSeen)

    assert news.split == "1 for 10"


async def test_what_was_bought_or_sold_by_hand_is_none(harness: Harness) -> None:
    async with harness.trading():
        await held(harness)
        becomes(harness, "200", "4.90", "4.86")
        becomes(harness, "50", "9.70", "4.83")
        await turns()

    assert harness.news(SplitSeen) == []


async def test_what_was_bought_just_now_beside_a_dearer_holding_is_none(
    harness: Harness,
) -> None:
    """The account window lists the 100 of before for some minutes, at twice the price."""
    limits = replace(harness.instructions.limits, buy_held=True)
    harness.instructions = replace(harness.instructions, limits=limits)
    harness.broker.trade_by_hand(QRVX, 100)
    before = replace(harness.broker.held[QRVX.con_id], average_cost=price("9.66"))
    harness.broker.listed = (before,)
    async with harness.trading():
        await held(harness)
        harness.broker.listed = (replace(before, price=price("4.80")),)
        harness.clock.forward(minutes=1)
        harness.engine.look()
        await turns()

    assert harness.news(SplitSeen) == []


async def test_one_that_comes_right_after_a_purchase_is_told_once_the_listing_is_sure(
    harness: Harness,
) -> None:
    """The listing itself does not change again."""
    async with harness.trading():
        await held(harness)
        listed = harness.broker.held[QRVX.con_id]
        harness.broker.held[QRVX.con_id] = replace(
            listed,
            shares=Decimal(400),
            price=price("1.21"),
            average_cost=price("1.21"),
        )
        harness.engine.look()
        await turns()
        early = harness.news(SplitSeen)
        harness.clock.forward(minutes=5)
        harness.engine.look()
        await turns()
        (news,) = harness.news(SplitSeen)

    assert early == []
    assert news.split == "4 for 1"
