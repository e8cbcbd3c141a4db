"""Until when an order may leave, with which prices, and what else is said of it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.model.evidence import LineState
from core.model.market import Instrument
from core.model.order import OrderState
from core.model.points import SENT
from core.model.proposal import Choice
from tests.builders import FDMX, QRVX
from tests.core.wishes import AT_ONCE
from tests.fakes.broker import Conduct
from tests.fakes.market import FakeMarket, FakeStream
from tests.harness.core import House, a_house, an_open_house, turns, until, when


async def test_half_a_minute_after_a_late_yes_it_is_too_late(house: House) -> None:
    async with house.trading():
        card = await house.scan()
        house.clock.moment = card.expires_at - timedelta(seconds=1)
        for instrument in (QRVX, FDMX):
            house.quote(instrument)
        house.reached = when("W1", lambda: house.clock.forward(seconds=30))
        house.tap(card, Choice.YES)
        await house.calm(card)

    assert house.states(card) == ["lapsed", "lapsed"]
    assert house.broker.sent == []


class Counting(FakeMarket):
    """Knows how often it was asked for a stream of quotes."""

    times: int = 0

    @asynccontextmanager
    async def quotes(
        self, instruments: Sequence[Instrument]
    ) -> AsyncIterator[FakeStream]:
        self.times += 1
        async with super().quotes(instruments) as stream:
            yield stream


@pytest.mark.parametrize(
    ("ages", "asked"), [((2, 2), 0), ((3, 3), 1), ((1, 3), 1), ((3, 1), 1)]
)
async def test_a_watched_price_is_used_while_it_is_new(
    tmp_path: Path, ages: tuple[int, int], asked: int
) -> None:
    house = a_house(tmp_path)
    market = Counting(
        rows=house.market.rows, known=house.market.known, bars=house.market.bars
    )
    house.market = market
    house.start()
    try:
        async with house.trading():
            card = await house.scan()
            await until(lambda: len(market.watched) == 2)
            house.clock.forward(seconds=10)
            for age, leg in zip(ages, card.legs, strict=True):
                known = market.known[leg.instrument.con_id]
                at = house.clock.now() - timedelta(seconds=age)
                market.tell(leg.instrument, replace(known, at=at))
            before = market.times
            asked_at: list[int] = []
            house.reached = when(SENT, lambda: asked_at.append(market.times - before))
            house.tap(card, Choice.YES)
            await house.calm(card)
    finally:
        house.stop()

    assert asked_at[0] == asked


async def test_a_price_that_was_asked_for_is_waited_for(tmp_path: Path) -> None:
    patient = replace(AT_ONCE, quotes=5.0)
    with an_open_house(tmp_path, patience=patient) as house:
        async with house.trading():
            card = await house.scan()
            known = house.market.known.pop(FDMX.con_id)
            house.tap(card, Choice.FIRST)
            await turns()
            before = house.states(card)
            house.market.tell(FDMX, known)
            await house.calm(card)

        assert before == ["planned"]
        assert house.states(card) == ["filled"]


@pytest.mark.parametrize("trouble", ["silent", "hurried"])
async def test_every_other_reason_is_given_too_when_the_gateway_is_in_trouble(
    house: House, trouble: str
) -> None:
    async with house.trading():
        card = await house.scan()
        setattr(house.broker, trouble, True)
        house.quote(FDMX, halted=True)
        house.tap(card, Choice.FIRST)
        await house.calm(card)

    (order,) = house.orders(card)
    assert "FDMX is halted." in (order.reason or "")
    assert order.reason != "FDMX is halted."


@pytest.mark.parametrize("filled", [0, 40])
async def test_a_stock_is_not_bought_again_while_its_order_works(
    house: House, filled: int
) -> None:
    house.broker.conduct = Conduct.HOLDS
    async with house.trading():
        first = await house.scan()
        house.tap(first, Choice.FIRST)
        await until(lambda: house.states(first) == ["acked"])
        if filled:
            house.broker.fill(house.orders(first)[0], filled)
            await until(lambda: house.states(first) == ["partial"])
        second = await house.scan("b")
        house.tap(second, Choice.FIRST)
        await house.calm(second)

    (order,) = house.orders(second)
    assert order.state is OrderState.LAPSED
    assert "still working" in (order.reason or "")


async def test_an_order_that_could_not_be_handed_over_was_not_sent(
    house: House,
) -> None:
    async with house.trading():
        card = await house.scan()
        house.reached = when("W2", lambda: house.broker.go(LineState.DOWN, "cable"))
        house.tap(card, Choice.FIRST)
        await house.calm(card)

    assert house.states(card) == ["lapsed"]
    assert SENT not in house.points
