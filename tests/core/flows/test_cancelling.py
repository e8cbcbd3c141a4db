"""A cancel is wanted, asked and confirmed: it is on disk before IB is asked, and IB is
asked until evidence ends the order."""

from dataclasses import replace

import pytest

from core.model.evidence import LineState
from core.model.order import Order, OrderRef, OrderState
from core.model.points import SENT
from core.model.proposal import Choice, Proposal
from tests.builders import IDENTITY
from tests.fakes.broker import Conduct
from tests.harness.core import OWNER, House, turns, until, when


pytestmark = pytest.mark.attack(10)


async def a_working_order(house: House) -> tuple[Proposal, Order]:
    house.broker.conduct = Conduct.HOLDS
    card = await house.scan("w")
    house.tap(card, Choice.FIRST)
    await until(lambda: house.states(card) == ["acked"])
    return card, house.orders(card)[0]


async def test_a_cancel_lost_with_the_line_is_asked_again_after_the_next_pass(
    house: House,
) -> None:
    async with house.trading():
        card, order = await a_working_order(house)
        house.broker.stubborn = True  # the request never arrives
        house.engine.cancel(order.ref, by=OWNER)
        house.broker.go(LineState.DOWN, "cable")
        house.broker.stubborn = False
        house.broker.connect()
        await until(lambda: house.states(card) == ["cancelled"])


async def test_a_cancel_without_a_line_is_kept_and_asked_when_it_is_back(
    house: House,
) -> None:
    async with house.trading():
        card, order = await a_working_order(house)
        house.broker.go(LineState.DOWN, "cable")
        wanted = house.engine.cancel(order.ref, by=OWNER)
        too_early = list(house.broker.cancelled)
        house.broker.connect()
        await until(lambda: house.states(card) == ["cancelled"])

    assert (wanted.state, wanted.cancel_asked) == (OrderState.ACKED, True)
    assert too_early == []


async def test_a_cancel_that_is_wanted_outlives_the_process(house: House) -> None:
    async with house.trading():
        card, order = await a_working_order(house)
        house.broker.go(LineState.DOWN, "cable")
        house.engine.cancel(order.ref, by=OWNER)
    house.restart()
    async with house.trading():
        await until(lambda: house.states(card) == ["cancelled"])


async def test_every_pass_that_shows_it_alive_asks_again(house: House) -> None:
    house.broker.stubborn = True
    async with house.trading():
        card, order = await a_working_order(house)
        house.engine.cancel(order.ref, by=OWNER)
        for _ in range(2):
            house.broker.connect()
            await turns()
            await house.ready()

    assert house.states(card) == ["acked"]
    assert len(house.broker.cancelled) == 3


async def test_the_owner_may_ask_again(house: House) -> None:
    house.broker.stubborn = True
    async with house.trading():
        card, order = await a_working_order(house)
        house.engine.cancel(order.ref, by=OWNER)
        house.broker.stubborn = False
        house.engine.cancel(order.ref, by=OWNER)
        await until(lambda: house.states(card) == ["cancelled"])


@pytest.mark.parametrize("point", ["W2", SENT])
async def test_a_cancel_while_it_is_being_sent_waits_for_ibs_first_word(
    house: House, point: str
) -> None:
    house.broker.conduct = Conduct.HOLDS
    async with house.trading():
        card = await house.scan()

        def cancels() -> None:
            house.engine.cancel(house.orders(card)[0].ref, by=OWNER)

        house.reached = when(point, cancels)
        house.tap(card, Choice.FIRST)
        await until(lambda: house.states(card) == ["cancelled"])

    assert len(house.broker.sent) == len(house.broker.cancelled) == 1


async def test_a_cancel_in_doubt_is_asked_once_the_order_turns_up(
    house: House,
) -> None:
    house.broker.conduct = Conduct.SWALLOWS
    async with house.trading():
        card = await house.scan()
        house.tap(card, Choice.FIRST)
        await until(lambda: house.states(card) == ["unknown"])
        wanted = house.engine.cancel(house.orders(card)[0].ref, by=OWNER)
        asked = list(house.broker.cancelled)
        house.broker.conduct = Conduct.HOLDS
        house.broker.place(house.broker.sent[0])
        await until(lambda: house.states(card) == ["cancelled"])

    assert (wanted.state, wanted.cancel_asked) == (OrderState.UNKNOWN, True)
    assert asked == []


async def test_in_another_name_a_cancel_waits_for_its_own(house: House) -> None:
    async with house.trading():
        card, order = await a_working_order(house)
        house.broker.go(LineState.DOWN, "cable")
        house.broker.identity = replace(IDENTITY, client_id=8)
        house.broker.connect()
        await house.ready()
        house.engine.cancel(order.ref, by=OWNER)
        await turns()
        elsewhere = list(house.broker.cancelled)
        house.broker.go(LineState.DOWN, "cable")
        house.broker.identity = IDENTITY
        house.broker.connect()
        await until(lambda: house.states(card) == ["cancelled"])

    assert elsewhere == []


async def test_what_has_ended_cannot_be_cancelled(house: House) -> None:
    async with house.trading():
        card, order = await a_working_order(house)
        house.engine.cancel(order.ref, by=OWNER)
        await until(lambda: house.states(card) == ["cancelled"])
        for ref in (order.ref, OrderRef("tb-zzzzzzzzzz-1")):
            with pytest.raises(LookupError):
                house.engine.cancel(ref, by=OWNER)
