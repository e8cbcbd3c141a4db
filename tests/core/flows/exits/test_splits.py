"""A split makes other shares and prices of a holding: exits in the old ones would sell at
once, or protect nothing."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.model.exits.news import Unprotected
from core.model.news import InDoubt
from core.model.order import OrderState
from core.rules.figures.splits import split_in_words
from tests.builders import QRVX, price
from tests.core.flows.exits.test_cards import asked
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness
from tests.harness.exits import (
    alive,
    bought,
    exits,
    protected,
    with_exits,
)
from tests.harness.waiting import turns, until


def split(harness: Harness, shares: str, each: str) -> None:
    """IB lists so many shares of QRVX now, at another price."""
    held = harness.broker.held[QRVX.con_id]
    now = replace(held, shares=Decimal(shares), price=price(each))
    harness.broker.held[QRVX.con_id] = now
    harness.clock.forward(minutes=60 * 60)  # over a weekend
    harness.engine.look()


async def test_exits_in_the_old_shares_are_cancelled_and_it_is_told_once(
    harness: Harness,
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        split(harness, "1000", "0.49")
        await until(lambda: not alive(harness))
        for _ in range(3):
            harness.clock.forward(seconds=5)
            harness.engine.look()
            await turns()
        (news,) = harness.news(Unprotected)

    assert "a split, 10 for 1" in news.reason
    assert news.is_bare


async def test_exits_that_ib_ends_at_a_split_are_told_with_it_and_once(
    harness: Harness,
) -> None:
    """After the close; what is held now comes minutes later."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, _ = await protected(harness)
        harness.clock.forward(hours=7)
        harness.broker.cancel(stop)
        await until(lambda: not alive(harness))
        harness.engine.look()
        await turns()
        harness.clock.turn(hours=1)
        harness.engine.look()
        await turns()
        assert harness.news(Unprotected) == []
        held = harness.broker.held[QRVX.con_id]
        harness.broker.held[QRVX.con_id] = replace(
            held, shares=Decimal(1000), price=price("0.49")
        )
        harness.clock.forward(minutes=4)
        for _ in range(3):
            harness.engine.look()
            await turns()
        (news,) = harness.news(Unprotected)

    assert "a split, 10 for 1" in news.reason
    assert (news.shares, news.is_bare, news.plan.is_empty) == (1000, True, False)


async def test_a_stop_in_the_old_shares_is_not_placed_after_a_split(
    harness: Harness,
) -> None:
    """The purchase was filled while the bot was off: its stop would sell at once."""
    with_exits(harness)
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        entry = harness.orders(await bought(harness))[0]
    harness.restart()
    harness.broker.fill(entry, 100)
    split(harness, "10", "47.00")
    async with harness.trading():
        harness.engine.look()
        await until(lambda: bool(harness.news(Unprotected)))
        await turns()

    assert exits(harness) == ()
    (news,) = harness.news(Unprotected)
    assert "1 for 10" in news.reason


async def test_exits_of_a_holding_know_a_split_too_and_new_ones_can_be_set(
    harness: Harness,
) -> None:
    harness.broker.fill_price = price("4.83")
    harness.broker.trade_by_hand(QRVX, 250)
    async with harness.trading():
        await asked(harness, "stop 5%")
        await protected(harness, 250)
        split(harness, "500", "2.40")
        await until(lambda: not alive(harness))
        harness.quote(QRVX, last=price("2.40"), bid=price("2.39"), ask=price("2.41"))
        await asked(harness, "stop 5%", key="exits:2")
        (stop,) = await protected(harness, 500)

    assert stop.stop == price("2.28")


async def test_a_holding_that_was_doubled_by_hand_is_no_split(harness: Harness) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        before = await protected(harness)
        harness.broker.trade_by_hand(QRVX, 100)
        harness.clock.forward(minutes=10)
        harness.engine.look()
        await turns()

    assert alive(harness) == before
    assert harness.news(Unprotected) == []


@pytest.mark.parametrize(
    ("before", "cost", "minutes", "lags"),
    [(200, "2.42", 1, True), (100, "0.01", 10, False)],
    ids=["not-listed-yet", "listed-with-it"],
)
async def test_what_was_held_before_a_purchase_makes_no_split_of_it(
    harness: Harness, before: int, cost: str, minutes: int, *, lags: bool
) -> None:
    """200 shares, where 100 were bought here; by IB each has cost half of what was paid."""
    with_exits(harness, "stop 5%")
    limits = replace(harness.instructions.limits, buy_held=True)
    harness.instructions = replace(harness.instructions, limits=limits)
    harness.broker.trade_by_hand(QRVX, before)
    held = replace(harness.broker.held[QRVX.con_id], average_cost=price(cost))
    harness.broker.listed = (held,)
    async with harness.trading():
        await bought(harness)
        stands = await protected(harness)
        if not lags:
            now = replace(held, shares=Decimal(200), average_cost=price("2.42"))
            harness.broker.listed = (now,)
        harness.clock.forward(minutes=minutes)
        harness.engine.look()
        await turns()

    assert harness.news(Unprotected) == []
    assert alive(harness) == stands


async def test_half_that_is_sold_by_hand_at_twice_the_price_is_no_split(
    harness: Harness,
) -> None:
    """The rest keeps its stop; what a share has cost is what it was."""
    with_exits(harness, "stop 5%")
    async with harness.trading():
        await bought(harness)
        await protected(harness)
        listed = harness.broker.held[QRVX.con_id]
        harness.broker.held[QRVX.con_id] = replace(
            listed, shares=Decimal(50), price=price("9.40")
        )
        harness.clock.forward(minutes=10)
        harness.engine.look()
        await protected(harness, 50)

    assert harness.news(Unprotected) == []


@pytest.mark.parametrize(
    ("before", "now", "paid", "mark", "words"),
    [
        ("100", "200", "10", "5.20", "2 for 1"),
        ("100", "150", "9", "6.10", "3 for 2"),
        ("100", "10", "1", "9.10", "1 for 10"),
        ("105", "10", "1", "11", "1 for 10"),  # half a share is paid out
        ("100", "1000", "48", "4.90", "10 for 1"),
        ("100", "200", "10", "9.80", None),  # bought by hand
        ("100", "100", "10", "5", None),  # it fell
        ("100", "50", "10", "10", None),  # sold by hand
        ("0", "100", "10", "10", None),
    ],
)
def test_shares_and_price_have_to_change_together(
    before: str, now: str, paid: str, mark: str, words: str | None
) -> None:
    found = split_in_words(*map(Decimal, (before, now, paid, mark)))
    assert found == words


def split_while_off(harness: Harness, shares: int) -> None:
    """The bot is off for a day, and IB has made four shares of one and ended all orders
    in it: it lists no order of that day any more."""
    harness.restart()
    listed = harness.broker.held[QRVX.con_id]
    harness.broker.held[QRVX.con_id] = replace(
        listed,
        shares=Decimal(shares),
        price=price("1.21"),
        average_cost=price("1.21"),
    )
    harness.clock.forward(hours=24)
    for booked in harness.broker.book.values():
        booked.status = "Cancelled" if booked.works else booked.status
        booked.end_the_day()


async def test_exits_of_a_holding_not_bought_here_that_a_split_ended_are_told_ended(
    harness: Harness,
) -> None:
    """What it cost is on the card that asked for them; they stayed in doubt."""
    harness.broker.fill_price = price("4.83")
    harness.broker.trade_by_hand(QRVX, 250)
    async with harness.trading():
        await asked(harness, "stop 5% target 10%")
        await protected(harness, 250)
    split_while_off(harness, 1_000)
    async with harness.trading():
        harness.engine.look()
        await until(lambda: bool(harness.news(Unprotected)))
        (news,) = harness.news(Unprotected)
        doubts = harness.news(InDoubt)
        ended = exits(harness)
        harness.quote(QRVX, last=price("1.21"), bid=price("1.20"), ask=price("1.22"))
        await asked(harness, "stop 5%", key="exits:2")
        (stop,) = await protected(harness, 1_000)

    assert doubts == []
    assert all(order.state is OrderState.CANCELLED for order in ended)
    assert "a split, 4 for 1" in news.reason
    assert (news.shares, stop.shares) == (1_000, 1_000)


async def test_exits_that_a_split_ended_days_ago_are_told_ended_and_set_anew_for_all(
    harness: Harness,
) -> None:
    """The bot was off, and IB lists no order of that day any more. Reported and open is
    what is bare now; nobody has to answer for orders that IB has ended."""
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        await protected(harness)
    split_while_off(harness, 400)
    async with harness.trading():
        harness.engine.look()
        await until(lambda: bool(harness.news(Unprotected)))
        (news,) = harness.news(Unprotected)
        doubts = harness.news(InDoubt)
        ended = exits(harness)
        harness.quote(QRVX, last=price("1.21"), bid=price("1.20"), ask=price("1.22"))
        await asked(harness, "stop 5%", key="exits:2")
        (stop,) = await protected(harness, 400)

    assert doubts == []
    assert all(order.state is OrderState.CANCELLED for order in ended)
    assert "a split, 4 for 1" in news.reason
    assert (news.shares, news.is_bare) == (400, True)
    assert stop.shares == 400
