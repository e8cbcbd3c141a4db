"""An order that somebody changes in TWS: its size and how long it is good for are its
own from then on, and the owner is told. Also a test of core/rules/exits/overview.py."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from core.model.evidence import LineState
from core.model.exits.news import ChangedAtIb
from core.model.exits.overview import ProtectedHolding
from core.model.market import TrailingDistance
from core.model.order import WORKING, Order
from core.rules.exits.written import plan_in
from tests.builders import price
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness
from tests.harness.exits import (
    bought,
    exits,
    protected,
    with_exits,
)
from tests.harness.waiting import turns, until


def told(harness: Harness) -> list[tuple[str, str, int, int]]:
    news = harness.news(ChangedAtIb)
    return [(n.was_tif, n.tif, n.was_shares, n.shares) for n in news]


async def told_times(harness: Harness, count: int) -> None:
    await until(lambda: len(harness.news(ChangedAtIb)) == count)


async def the_holding(harness: Harness) -> ProtectedHolding:
    (holding,) = await harness.engine.named.exits.holdings()
    return holding


def at_night(harness: Harness) -> None:
    """The session of 23 November is over."""
    harness.clock.forward(hours=8)


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("plan", "naked"),
    [
        ("stop 5% target 10%", (0, 100)),
        ("stop 5%", (0, 100)),
        ("trail 3%", (0, 100)),
        ("target 10%", (100, 100)),
    ],
)
async def test_an_exit_that_is_made_good_for_a_day_is_told_and_protects_until_the_close(
    harness: Harness, plan: str, naked: tuple[int, int]
) -> None:
    assert plan_in(plan) is not None
    with_exits(harness, plan)
    async with harness.trading():
        await bought(harness)
        exit_, *_ = await protected(harness)
        harness.broker.change_tif(exit_, "DAY")
        harness.broker.change_tif(exit_, "DAY")  # the echo is repeated
        await until(lambda: harness.news(ChangedAtIb) != [])
        in_the_session = (await the_holding(harness)).naked
        at_night(harness)
        at_its_end = (await the_holding(harness)).naked
        assert told(harness) == [("GTC", "DAY", 100, 100)]

        harness.broker.change_tif(exit_, "GTC")
        await until(lambda: len(harness.news(ChangedAtIb)) == 2)
        again = (await the_holding(harness)).naked

    assert (in_the_session, at_its_end) == naked
    assert again == in_the_session
    assert told(harness)[1:] == [("DAY", "GTC", 100, 100)]


@pytest.mark.attack(10)
@pytest.mark.parametrize("moved", [["3.00"], ["4.70"], ["3.00", "4.58", "3.00"]])
@pytest.mark.parametrize("is_listed", [False, True], ids=["echoed", "listed"])
@pytest.mark.parametrize(
    ("plan", "name"), [("stop 5%", "stop"), ("target 9%", "limit")]
)
async def test_an_exit_that_is_moved_in_tws_is_where_ib_has_it_and_told_each_time(
    harness: Harness, plan: str, name: str, moved: list[str], *, is_listed: bool
) -> None:
    """A stop at 4.58 that somebody moves to 3.00 protects far less."""
    with_exits(harness, plan)
    async with harness.trading():
        await bought(harness)
        (exit_,) = await protected(harness)
        for count, at in enumerate(moved, start=1):
            harness.clock.forward(seconds=1)
            if is_listed:
                harness.broker.go(LineState.DOWN)
            harness.broker.move(exit_, **{name: price(at)})
            if is_listed:
                harness.broker.connect()
            await told_times(harness, count)
        await harness.ready()
        (known,) = exits(harness)

    was = [getattr(exit_, name), *map(price, moved)]
    told_prices = [
        (getattr(n, f"was_{name}"), getattr(n, name)) for n in harness.news(ChangedAtIb)
    ]
    assert told_prices == list(pairwise(was))
    assert getattr(known, name) == was[-1]


@pytest.mark.attack(10)
@pytest.mark.parametrize("is_listed", [False, True], ids=["echoed", "listed"])
@pytest.mark.parametrize("plan", ["trail 3%", "trail 0.15"])
@pytest.mark.parametrize(
    "now",
    [
        TrailingDistance(percent=Decimal(20)),
        TrailingDistance(percent=Decimal("1.5")),
        TrailingDistance(amount=price("0.90")),
    ],
    ids=str,
)
async def test_a_trailing_stop_follows_at_the_distance_that_ib_has_and_it_is_told_once(
    harness: Harness, plan: str, now: TrailingDistance, *, is_listed: bool
) -> None:
    """One at 3 % that somebody sets to 20 % protects far less."""
    with_exits(harness, plan)
    async with harness.trading():
        await bought(harness)
        (trail,) = await protected(harness)
        if is_listed:
            harness.broker.go(LineState.DOWN)
        harness.broker.trail_by(trail, now)
        if is_listed:
            harness.broker.connect()
        await told_times(harness, 1)
        harness.broker.trail_by(trail, now)  # the echo is repeated
        await harness.ready()
        await turns()
        (known,) = exits(harness)

    (news,) = harness.news(ChangedAtIb)
    assert (news.was_distance, news.distance) == (trail.distance, now)
    assert known.distance == now


@pytest.mark.attack(10)
async def test_what_was_changed_while_the_bot_was_off_is_told_at_its_start(
    harness: Harness,
) -> None:
    with_exits(harness)
    async with harness.trading():
        await bought(harness)
        stop, _ = await protected(harness)
    harness.stop()
    harness.broker.change_tif(stop, "DAY")
    harness.start()
    async with harness.trading():
        await until(lambda: harness.news(ChangedAtIb) != [])
    harness.restart()
    async with harness.trading():
        await harness.ready()
        kept = [order.tif for order in exits(harness)]

    assert told(harness) == [("GTC", "DAY", 100, 100)]
    assert kept == ["DAY", "GTC"]


@pytest.mark.attack(10)
async def test_the_timed_exit_is_good_for_a_day_from_the_start(
    harness: Harness,
) -> None:
    with_exits(harness, "close 1")
    async with harness.trading():
        await bought(harness)
        await turns()

    assert harness.news(ChangedAtIb) == []


async def working(harness: Harness) -> Order:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    card = await bought(harness)
    (order, *_) = harness.orders(card)
    assert order.state in WORKING
    return order


@pytest.mark.attack(10)
async def test_the_new_size_of_an_order_that_works_is_told_each_time(
    harness: Harness,
) -> None:
    async with harness.trading():
        order = await working(harness)
        for shares in (200, 50, 200):
            harness.clock.forward(seconds=1)
            harness.broker.resize(order, shares)
            await turns()

    sizes = [(n.was_shares, n.shares) for n in harness.news(ChangedAtIb)]
    assert sizes == [(100, 200), (200, 50), (50, 200)]


@pytest.mark.attack(10)
async def test_a_larger_stop_is_told_with_the_size_that_ib_has(
    harness: Harness,
) -> None:
    with_exits(harness, "stop 5%")
    async with harness.trading():
        await bought(harness)
        (stop,) = await protected(harness)
        harness.broker.resize(stop, 150)
        harness.broker.connect()
        await until(lambda: harness.news(ChangedAtIb) != [])

    assert told(harness) == [("GTC", "GTC", 100, 150)]


async def test_a_market_order_that_a_preset_makes_good_for_a_day_is_only_noted(
    harness: Harness,
) -> None:
    """It fills at once."""
    async with harness.trading():
        order = await working(harness)
        harness.broker.change_tif(order, "DAY")
        await turns()
        (known,) = (o for o in harness.journal.orders.in_states(tuple(WORKING)))

    assert harness.news(ChangedAtIb) == []
    assert (known.tif, known.reason) == ("DAY", "IB changed GTC to DAY")
    assert replace(known, tif="GTC", reason=None) == replace(order, reason=None)
