"""A sale of ours that leaves the account short halts, and is told once."""

from datetime import timedelta

import pytest

from core.flows.sent.sold_short import RECENT
from core.model.evidence import LineState
from core.model.news import TradingHalted
from core.model.order import Order
from core.rules.figures.in_words import MINUS
from tests.builders import QRVX
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness
from tests.harness.exits import bought, protected, with_exits
from tests.harness.waiting import turns


async def a_stop(harness: Harness) -> Order:
    """Of 100 shares, and it works."""
    entry = harness.orders(await bought(harness))[0]
    harness.broker.fill(entry, 100)
    (stop,) = await protected(harness)
    return stop


async def sold_twice(harness: Harness) -> None:
    """By hand, and by the stop before it could be ended."""
    stop = await a_stop(harness)
    harness.broker.trade_by_hand(QRVX, -100)
    harness.broker.fill(stop, 100)
    await turns()


def holding_stops(harness: Harness) -> Harness:
    with_exits(harness, "stop 5%")
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    return harness


def halts_told(harness: Harness) -> list[str]:
    harness.engine.look()
    return [news.reason for news in harness.news(TradingHalted)]


@pytest.mark.attack(16)
async def test_shares_that_a_hand_and_a_stop_sold_are_told_and_halt(
    harness: Harness,
) -> None:
    async with holding_stops(harness).trading():
        await sold_twice(harness)
        [told] = halts_told(harness)

    assert f"{MINUS}100 QRVX since my sale of 100" in told


async def test_two_exits_of_one_group_that_have_both_sold_are_called_so(
    harness: Harness,
) -> None:
    """IB had not taken off the stop what the target sold. "The same shares were sold
    elsewhere" was said, and nobody else had sold any."""
    harness = holding_stops(harness)
    async with with_exits(harness).trading():
        (entry,) = harness.orders(await bought(harness))
        harness.broker.fill(entry, 100)
        stop, target = await protected(harness)
        harness.broker.fill(target, 60)
        harness.broker.book[stop.ref].taken_off = 0
        harness.broker.fill(stop, 100)
        await turns()
        [told] = halts_told(harness)

    assert f"{MINUS}60 QRVX: exits of mine that are one group have sold 160" in told
    assert "elsewhere" not in told


async def test_a_hand_beside_two_exits_that_shared_what_was_held_is_called_so(
    harness: Harness,
) -> None:
    harness = holding_stops(harness)
    async with with_exits(harness).trading():
        (entry,) = harness.orders(await bought(harness))
        harness.broker.fill(entry, 100)
        stop, target = await protected(harness)
        harness.broker.trade_by_hand(QRVX, -100)
        harness.broker.fill(target, 40)
        harness.broker.fill(stop, 60)
        await turns()
        [told] = halts_told(harness)

    assert "the same shares were sold elsewhere, too" in told


async def test_it_is_told_once_whatever_the_owner_does_about_it(
    harness: Harness,
) -> None:
    async with holding_stops(harness).trading():
        await sold_twice(harness)
        harness.engine.look()
        harness.engine.resume(by=OWNER, named=harness.halts().all())
        harness.broker.trade_by_hand(QRVX, 40)
        told = halts_told(harness)

    assert len(told) == 1
    assert harness.halts().halted is None


@pytest.mark.parametrize("resumes", [True, False])
async def test_a_start_does_not_tell_again_what_the_owner_knows(
    harness: Harness, *, resumes: bool
) -> None:
    """He wanted to be short, or had not bought them back yet: every start of that day
    halted again."""
    async with holding_stops(harness).trading():
        await sold_twice(harness)
        harness.engine.look()
        if resumes:
            harness.engine.resume(by=OWNER, named=harness.halts().all())
    halted = harness.halts().halted
    harness.restart()
    async with harness.trading():
        told = halts_told(harness)

    assert len(told) == 1
    assert harness.halts().halted == halted


async def test_a_start_tells_what_a_stop_sold_while_nobody_looked(
    harness: Harness,
) -> None:
    async with holding_stops(harness).trading():
        stop = await a_stop(harness)
    harness.broker.trade_by_hand(QRVX, -100)
    harness.broker.fill(stop, 100)
    harness.clock.forward(hours=2)
    harness.restart()
    async with harness.trading():
        told = halts_told(harness)

    assert len(told) == 1


async def test_a_line_that_is_back_tells_what_a_stop_sold_without_it(
    harness: Harness,
) -> None:
    """It was away for longer than a sale counts as recent."""
    async with holding_stops(harness).trading():
        stop = await a_stop(harness)
        harness.broker.go(LineState.DOWN)
        await turns()
        harness.engine.look()
        harness.broker.trade_by_hand(QRVX, -100)
        harness.broker.fill(stop, 100)
        harness.clock.forward(hours=2)
        harness.engine.look()
        harness.broker.connect()
        await turns()
        await harness.ready()
        told = halts_told(harness)

    assert len(told) == 1


@pytest.mark.parametrize("later", [timedelta(0), RECENT])
async def test_who_sells_short_on_purpose_is_left_alone(
    harness: Harness, later: timedelta
) -> None:
    """Without a sale of ours, or long after one."""
    async with holding_stops(harness).trading():
        if later:
            harness.broker.fill(await a_stop(harness), 100)
            await turns()
        harness.engine.look()
        harness.clock.forward(seconds=later.total_seconds() + 1)
        harness.broker.trade_by_hand(QRVX, -50)
        told = halts_told(harness)

    assert told == []


async def test_who_was_short_on_purpose_before_an_outage_is_left_alone_after_it(
    harness: Harness,
) -> None:
    async with holding_stops(harness).trading():
        harness.broker.fill(await a_stop(harness), 100)
        await turns()
        harness.engine.look()
        harness.clock.forward(seconds=RECENT.total_seconds() + 1)
        harness.broker.trade_by_hand(QRVX, -50)
        harness.broker.go(LineState.DOWN)
        await turns()
        harness.engine.look()
        harness.broker.connect()
        await turns()
        await harness.ready()

        assert halts_told(harness) == []


async def test_a_sale_of_all_that_is_held_is_no_short_position(
    harness: Harness,
) -> None:
    async with holding_stops(harness).trading():
        harness.broker.fill(await a_stop(harness), 100)
        await turns()

        assert halts_told(harness) == []
