"""What keeps an order back, for how long, and what is said of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.model.evidence import LineState
from core.model.news import Settled
from core.model.order import OrderState
from core.model.proposal import Choice
from tests.builders import FDMX, NOW, QRVX, an_account, money
from tests.core.wishes import AT_ONCE
from tests.fakes.broker import Conduct
from tests.harness.core import House, an_open_house, turns, when


async def test_a_refusal_of_one_leg_leaves_the_other_to_itself(house: House) -> None:
    house.broker.conduct = Conduct.REFUSES
    async with house.trading():
        orders = await house.yes()

    assert [order.state for order in orders] == [OrderState.REJECTED] * 2
    assert "not today" in (orders[0].reason or "")
    assert len(house.news(Settled)) == 1


@pytest.mark.parametrize("mishap", ["too dear", "no funds", "halted stock"])
async def test_a_guard_ends_an_order_with_its_reason_in_words(
    tmp_path: Path, mishap: str
) -> None:
    limits = {"max_order": money("1000")} if mishap == "too dear" else {}
    with an_open_house(tmp_path, **limits) as house:
        if mishap == "no funds":
            house.broker.summary = an_account(available_funds=money("10"))
        async with house.trading():
            card = await house.scan()
            if mishap == "halted stock":
                house.quote(FDMX, halted=True)
            house.tap(card, Choice.YES)
            await house.calm(card)
            dear, _cheap = house.orders(card)

        assert dear.state is OrderState.LAPSED
        assert dear.reason
        assert dear.ref not in [order.ref for order in house.broker.sent]


async def test_every_reason_is_given_and_not_the_first(tmp_path: Path) -> None:
    with an_open_house(tmp_path, max_order=money("1"), max_day=money("1")) as house:
        async with house.trading():
            (order, _other) = await house.yes()

        assert "an order" in (order.reason or "")
        assert "a day" in (order.reason or "")


async def test_one_leg_that_a_guard_ends_lets_the_other_go(tmp_path: Path) -> None:
    with an_open_house(tmp_path, max_order=money("1000")) as house:
        async with house.trading():
            dear, cheap = await house.yes()

        assert (dear.state, cheap.state) == (OrderState.LAPSED, OrderState.FILLED)


async def test_an_order_whose_time_is_over_is_not_sent_into_a_closed_market(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
        house.reached = when("W1", lambda: house.clock.forward(hours=7))
        house.tap(card, Choice.YES)
        await house.calm(card)

    assert house.states(card) == ["lapsed", "lapsed"]


async def test_a_frozen_gateway_gets_no_order(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.broker.silent = True
        house.tap(card, Choice.YES)
        await house.calm(card)

    assert house.states(card) == ["lapsed", "lapsed"]
    assert "did not answer" in (house.orders(card)[0].reason or "")
    assert house.broker.sent == []


async def test_an_order_never_queues_behind_other_messages(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.broker.hurried = True
        house.tap(card, Choice.YES)
        await house.calm(card)

    assert house.states(card) == ["lapsed", "lapsed"]
    assert "waiting to be sent" in (house.orders(card)[0].reason or "")


async def test_a_short_hurry_is_waited_for(tmp_path: Path) -> None:
    with an_open_house(tmp_path, patience=replace(AT_ONCE, probe=5.0)) as house:
        async with house.trading():
            card = await house.scan()
            house.broker.hurried = True
            house.tap(card, Choice.YES)
            await turns()
            house.broker.hurried = False
            await house.calm(card)

        assert house.states(card) == ["filled", "filled"]


async def test_a_yes_waits_for_the_comparison_and_is_sent_after_it(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
        house.reached = when("W1", lambda: house.broker.go(LineState.DOWN, "cable"))
        house.tap(card, Choice.YES)
        await turns()
        waiting = house.states(card)
        house.broker.connect()
        await house.calm(card)

    assert waiting == ["planned", "planned"]
    assert house.states(card) == ["filled", "filled"]


async def test_a_yes_that_waited_too_long_is_not_sent(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.reached = when("W1", lambda: house.broker.go(LineState.DOWN, "cable"))
        house.tap(card, Choice.YES)
        await turns()
        house.clock.forward(minutes=11)
        house.engine.look()
        await house.calm(card)

    assert house.states(card) == ["lapsed", "lapsed"]
    assert "time was over" in (house.orders(card)[0].reason or "")
    assert len(house.news(Settled)) == 1


async def test_a_yes_in_the_last_second_has_half_a_minute_to_leave(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
        house.clock.moment = card.expires_at - timedelta(seconds=1)
        for instrument in (QRVX, FDMX):
            house.quote(instrument)
        house.reached = when("W1", lambda: house.clock.forward(seconds=20))
        house.tap(card, Choice.YES)
        await house.calm(card)

    assert house.states(card) == ["filled", "filled"]


@pytest.mark.attack(4)
@pytest.mark.parametrize("seconds", [3, 10, 40, 75, 300])
async def test_the_price_of_a_quiet_stock_is_asked_for_anew(
    house: House, seconds: int
) -> None:
    async with house.trading():
        card = await house.scan()
        house.clock.forward(seconds=seconds)
        house.tap(card, Choice.YES)
        await house.calm(card)

    assert house.states(card) == ["filled", "filled"]


@pytest.mark.attack(4)
@pytest.mark.parametrize("seconds", [3, 10, 40, 75, 300])
async def test_nothing_is_sent_on_quotes_that_fell_silent(
    house: House, seconds: int
) -> None:
    async with house.trading():
        card = await house.scan()
        house.market.silent = True
        house.clock.forward(seconds=seconds)
        house.tap(card, Choice.YES)
        await house.calm(card)

    assert house.states(card) == ["lapsed", "lapsed"]
    assert house.broker.sent == []


async def test_without_a_price_nothing_is_sent(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.market.known.clear()
        house.market.away = "the farm is gone"
        house.tap(card, Choice.YES)
        await house.calm(card)

    assert house.states(card) == ["lapsed", "lapsed"]
    assert "no price" in (house.orders(card)[0].reason or "")


async def test_a_stock_without_a_price_is_not_asked_about_again(
    house: House,
) -> None:
    house.clock.moment = NOW.replace(hour=20, minute=58, second=59)
    async with house.trading():
        card = await house.scan()
        house.market.known.clear()
        house.reached = when("W1", lambda: house.clock.forward(seconds=2))
        house.tap(card, Choice.FIRST)
        await house.calm(card)

    assert house.states(card) == ["lapsed"]
