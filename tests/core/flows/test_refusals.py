"""What keeps an order back, for how long, and what is said of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.model.evidence import LineState
from core.model.news import Ghost, Settled
from core.model.order import OrderState
from core.model.proposal import Choice
from tests.builders import FDMX, NOW, QRVX, an_account, money
from tests.core.wishes import AT_ONCE
from tests.fakes.book import Booked
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness, an_open_harness, when
from tests.harness.waiting import turns, until


async def test_a_refusal_of_one_leg_leaves_the_other_to_itself(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.REFUSES
    async with harness.trading():
        orders = await harness.yes()

    assert [order.state for order in orders] == [OrderState.REJECTED] * 2
    assert "not today" in (orders[0].reason or "")
    assert len(harness.news(Settled)) == 1


@pytest.mark.attack(10)
async def test_a_refused_order_that_ib_keeps_as_inactive_halts_nothing(
    harness: Harness,
) -> None:
    """Gateways from 10.48 on list it among the open orders, in every pass."""
    harness.broker.behaviour = BrokerBehaviour.REFUSES
    async with harness.trading():
        card = await harness.scan()
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)
        for order in harness.orders(card):
            kept = Booked(order, next(harness.broker.perm_ids))
            kept.status = "Inactive"
            harness.broker.book[order.ref] = kept
        passes = harness.broker.passes
        harness.broker.connect()
        await until(lambda: harness.broker.passes > passes)
        await harness.ready()

    assert harness.states(card) == ["rejected", "rejected"]
    assert harness.news(Ghost) == []


@pytest.mark.parametrize("obstacle", ["too dear", "no funds", "halted stock"])
async def test_a_guard_ends_an_order_with_its_reason_in_words(
    tmp_path: Path, obstacle: str
) -> None:
    limits = {"max_order": money("1000")} if obstacle == "too dear" else {}
    with an_open_harness(tmp_path, **limits) as harness:
        if obstacle == "no funds":
            harness.broker.summary = an_account(available_funds=money("10"))
        async with harness.trading():
            card = await harness.scan()
            if obstacle == "halted stock":
                harness.quote(FDMX, halted=True)
            harness.tap(card, Choice.YES)
            await harness.until_settled(card)
            dear, _cheap = harness.orders(card)

        assert dear.state is OrderState.LAPSED
        assert dear.reason
        assert dear.ref not in [order.ref for order in harness.broker.sent]


async def test_every_reason_is_given_and_not_the_first(tmp_path: Path) -> None:
    with an_open_harness(tmp_path, max_order=money("1"), max_day=money("1")) as harness:
        async with harness.trading():
            (order, _other) = await harness.yes()

        assert "an order" in (order.reason or "")
        assert "a day" in (order.reason or "")


async def test_one_leg_that_a_guard_ends_lets_the_other_go(tmp_path: Path) -> None:
    with an_open_harness(tmp_path, max_order=money("1000")) as harness:
        async with harness.trading():
            dear, cheap = await harness.yes()

        assert (dear.state, cheap.state) == (OrderState.LAPSED, OrderState.FILLED)


async def test_an_order_whose_time_is_over_is_not_sent_into_a_closed_market(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.reached = when("W1", lambda: harness.clock.forward(hours=7))
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed", "lapsed"]


async def test_a_frozen_gateway_gets_no_order(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.broker.silent = True
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed", "lapsed"]
    assert "did not answer" in (harness.orders(card)[0].reason or "")
    assert harness.broker.sent == []


async def test_an_order_never_queues_behind_other_messages(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.broker.hurried = True
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed", "lapsed"]
    assert "waiting to be sent" in (harness.orders(card)[0].reason or "")


async def test_a_short_hurry_is_waited_for(tmp_path: Path) -> None:
    with an_open_harness(tmp_path, timeouts=replace(AT_ONCE, probe=5.0)) as harness:
        async with harness.trading():
            card = await harness.scan()
            harness.broker.hurried = True
            harness.tap(card, Choice.YES)
            await turns()
            harness.broker.hurried = False
            await harness.until_settled(card)

        assert harness.states(card) == ["filled", "filled"]


async def test_a_yes_waits_for_the_comparison_and_is_sent_after_it(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.reached = when("W1", lambda: harness.broker.go(LineState.DOWN, "cable"))
        harness.tap(card, Choice.YES)
        await turns()
        waiting = harness.states(card)
        harness.broker.connect()
        await harness.until_settled(card)

    assert waiting == ["planned", "planned"]
    assert harness.states(card) == ["filled", "filled"]


async def test_a_yes_that_waited_too_long_is_not_sent(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.reached = when("W1", lambda: harness.broker.go(LineState.DOWN, "cable"))
        harness.tap(card, Choice.YES)
        await turns()
        harness.clock.forward(minutes=11)
        harness.engine.look()
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed", "lapsed"]
    assert "time was over" in (harness.orders(card)[0].reason or "")
    assert len(harness.news(Settled)) == 1


async def test_a_yes_in_the_last_second_has_half_a_minute_to_leave(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.clock.moment = card.expires_at - timedelta(seconds=1)
        for instrument in (QRVX, FDMX):
            harness.quote(instrument)
        harness.reached = when("W1", lambda: harness.clock.forward(seconds=20))
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert harness.states(card) == ["filled", "filled"]


@pytest.mark.attack(4)
@pytest.mark.parametrize("seconds", [3, 10, 40, 75, 300])
async def test_the_price_of_a_quiet_stock_is_asked_for_anew(
    harness: Harness, seconds: int
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.clock.forward(seconds=seconds)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert harness.states(card) == ["filled", "filled"]


@pytest.mark.attack(4)
@pytest.mark.parametrize("seconds", [3, 10, 40, 75, 300])
async def test_nothing_is_sent_on_quotes_that_fell_silent(
    harness: Harness, seconds: int
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.market.silent = True
        harness.clock.forward(seconds=seconds)
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed", "lapsed"]
    assert harness.broker.sent == []


async def test_without_a_price_nothing_is_sent(harness: Harness) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.market.known.clear()
        harness.market.away = "the farm is gone"
        harness.tap(card, Choice.YES)
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed", "lapsed"]
    assert "no price" in (harness.orders(card)[0].reason or "")


async def test_a_stock_without_a_price_is_not_asked_about_again(
    harness: Harness,
) -> None:
    harness.clock.moment = NOW.replace(hour=20, minute=58, second=59)
    async with harness.trading():
        card = await harness.scan()
        harness.market.known.clear()
        harness.reached = when("W1", lambda: harness.clock.forward(seconds=2))
        harness.tap(card, Choice.FIRST)
        await harness.until_settled(card)

    assert harness.states(card) == ["lapsed"]
