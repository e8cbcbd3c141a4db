"""A cancel is wanted, asked and confirmed: it is on disk before IB is asked, and IB is
asked until evidence ends the order."""

import asyncio
from dataclasses import replace

import pytest

from core.model.evidence import CodeMessage, LineState, Meaning
from core.model.money import Shares
from core.model.order import Order, OrderRef, OrderState
from core.model.order_events import WordOfFill
from core.model.order_news import CancelUnconfirmed
from core.model.points import SENT
from core.model.proposal import Choice
from tests.builders import IDENTITY, price
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import OWNER, Harness, when
from tests.harness.waiting import turns, until


pytestmark = pytest.mark.attack(10)


async def test_a_cancel_lost_with_the_line_is_asked_again_after_the_next_pass(
    harness: Harness,
) -> None:
    async with harness.trading():
        card, order = await harness.a_working_order()
        harness.broker.stubborn = True  # the request never arrives
        harness.engine.cancel(order.ref, by=OWNER)
        harness.broker.go(LineState.DOWN, "cable")
        harness.broker.stubborn = False
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["cancelled"])


async def test_a_cancel_without_a_line_is_kept_and_asked_when_it_is_back(
    harness: Harness,
) -> None:
    async with harness.trading():
        card, order = await harness.a_working_order()
        harness.broker.go(LineState.DOWN, "cable")
        wanted = harness.engine.cancel(order.ref, by=OWNER)
        too_early = list(harness.broker.cancelled)
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["cancelled"])

    assert (wanted.state, wanted.cancel_asked) == (OrderState.ACKED, True)
    assert too_early == []


async def test_a_cancel_that_is_wanted_outlives_the_process(harness: Harness) -> None:
    async with harness.trading():
        card, order = await harness.a_working_order()
        harness.broker.go(LineState.DOWN, "cable")
        harness.engine.cancel(order.ref, by=OWNER)
    harness.restart()
    async with harness.trading():
        await until(lambda: harness.states(card) == ["cancelled"])


async def test_every_pass_that_shows_it_alive_asks_again(harness: Harness) -> None:
    harness.broker.stubborn = True
    async with harness.trading():
        card, order = await harness.a_working_order()
        harness.engine.cancel(order.ref, by=OWNER)
        for _ in range(2):
            harness.broker.connect()
            await turns()
            await harness.ready()

    assert harness.states(card) == ["acked"]
    assert len(harness.broker.cancelled) == 3


async def test_a_refused_cancel_is_not_asked_again_by_the_pass_that_it_brings(
    harness: Harness,
) -> None:
    """IB's 161 asks for a pass; if that asked again, IB would refuse again, for ever,
    and no order could be sent meanwhile."""
    harness.broker.stubborn = True
    async with harness.trading():
        card, order = await harness.a_working_order()
        harness.engine.cancel(order.ref, by=OWNER)
        for _ in range(3):
            refuse(harness, order)
            await turns()
            await harness.ready()

    assert harness.states(card) == ["acked"]
    assert len(harness.broker.cancelled) == 1


async def test_a_cancel_that_ib_does_not_answer_is_asked_again_and_told_once(
    harness: Harness,
) -> None:
    """No pass is due over a line that holds, so nothing else asks again."""
    harness.broker.stubborn = True
    async with harness.trading():
        card, order = await harness.a_working_order()
        harness.engine.cancel(order.ref, by=OWNER)
        harness.engine.look()
        harness.clock.forward(seconds=59)
        harness.engine.look()
        early = len(harness.broker.cancelled), harness.news(CancelUnconfirmed)
        for _ in range(4):
            harness.clock.forward(seconds=60)
            harness.engine.look()

    assert early == (1, [])
    assert harness.states(card) == ["acked"]
    assert len(harness.broker.cancelled) == 3, "after one minute, and two more"
    assert [news.ref for news in harness.news(CancelUnconfirmed)] == [order.ref]


async def test_the_owner_may_ask_again(harness: Harness) -> None:
    harness.broker.stubborn = True
    async with harness.trading():
        card, order = await harness.a_working_order()
        harness.engine.cancel(order.ref, by=OWNER)
        harness.broker.stubborn = False
        harness.engine.cancel(order.ref, by=OWNER)
        await until(lambda: harness.states(card) == ["cancelled"])


async def test_a_cancel_that_found_no_room_is_asked_as_soon_as_there_is_some(
    harness: Harness,
) -> None:
    """Many orders are cancelled at once, or during a scan: the gateway's rate is used
    up, and the next pass may be tomorrow's."""
    async with harness.trading():
        card, order = await harness.a_working_order()
        harness.broker.hurried = True
        harness.engine.cancel(order.ref, by=OWNER)
        harness.engine.look()
        harness.broker.hurried = False
        harness.engine.look()
        await until(lambda: harness.states(card) == ["cancelled"])
        harness.engine.look()

    assert len(harness.broker.cancelled) == 1


@pytest.mark.parametrize("point", ["W2", SENT])
async def test_a_cancel_while_it_is_being_sent_waits_for_ibs_first_word(
    harness: Harness, point: str
) -> None:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        card = await harness.scan()

        def cancels() -> None:
            harness.engine.cancel(harness.orders(card)[0].ref, by=OWNER)

        harness.reached = when(point, cancels)
        harness.tap(card, Choice.FIRST)
        await until(lambda: harness.states(card) == ["cancelled"])

    assert len(harness.broker.sent) == len(harness.broker.cancelled) == 1


async def test_a_cancel_in_doubt_is_asked_once_the_order_turns_up(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.SWALLOWS
    async with harness.trading():
        card = await harness.scan()
        harness.tap(card, Choice.FIRST)
        await until(lambda: harness.states(card) == ["unknown"])
        wanted = harness.engine.cancel(harness.orders(card)[0].ref, by=OWNER)
        asked = list(harness.broker.cancelled)
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        harness.broker.place(harness.broker.sent[0])
        await until(lambda: harness.states(card) == ["cancelled"])

    assert (wanted.state, wanted.cancel_asked) == (OrderState.UNKNOWN, True)
    assert asked == []


@pytest.mark.parametrize("said", [40, 100])
async def test_a_cancel_outlives_the_owners_word_that_some_or_all_was_filled(
    harness: Harness, said: int
) -> None:
    """I2. That is no evidence: IB works the order."""
    harness.broker.behaviour = BrokerBehaviour.SWALLOWS
    async with harness.trading():
        card = await harness.scan()
        harness.tap(card, Choice.FIRST)
        await until(lambda: harness.states(card) == ["unknown"])
        order = harness.engine.cancel(harness.orders(card)[0].ref, by=OWNER)
        word = WordOfFill(ref=order.ref, shares=Shares(said), price=price("4.81"))
        harness.engine.settle_filled(word, by=OWNER)
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        harness.broker.place(harness.broker.sent[0])
        await until(lambda: len(harness.broker.cancelled) == 1)


async def test_in_another_name_a_cancel_waits_for_its_own(harness: Harness) -> None:
    async with harness.trading():
        card, order = await harness.a_working_order()
        harness.broker.go(LineState.DOWN, "cable")
        harness.broker.identity = replace(IDENTITY, client_id=8)
        harness.broker.connect()
        await harness.ready()
        harness.engine.cancel(order.ref, by=OWNER)
        await turns()
        elsewhere = list(harness.broker.cancelled)
        harness.broker.go(LineState.DOWN, "cable")
        harness.broker.identity = IDENTITY
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["cancelled"])

    assert elsewhere == []


async def test_what_has_ended_cannot_be_cancelled(harness: Harness) -> None:
    async with harness.trading():
        card, order = await harness.a_working_order()
        harness.engine.cancel(order.ref, by=OWNER)
        await until(lambda: harness.states(card) == ["cancelled"])
        for ref in (order.ref, OrderRef("tb-zzzzzzzzzz-1")):
            with pytest.raises(LookupError):
                harness.engine.cancel(ref, by=OWNER)


async def test_a_clock_set_back_is_no_minute_without_an_answer(
    harness: Harness,
) -> None:
    async with harness.trading():
        harness.broker.stubborn = True
        _, order = await harness.a_working_order()
        harness.engine.cancel(order.ref, by=OWNER)
        harness.engine.look()
        harness.clock.turn(hours=-1)
        harness.engine.look()

    assert harness.news(CancelUnconfirmed) == []


async def test_a_clock_set_forward_is_no_hour_without_an_answer(
    harness: Harness,
) -> None:
    """It was told as not confirmed two seconds after it was asked for."""
    async with harness.trading():
        harness.broker.stubborn = True
        _, order = await harness.a_working_order()
        harness.engine.cancel(order.ref, by=OWNER)
        harness.engine.look()
        harness.clock.turn(hours=3)
        harness.clock.forward(seconds=2)
        harness.engine.look()
        early = len(harness.broker.cancelled), harness.news(CancelUnconfirmed)
        harness.clock.forward(seconds=58)
        harness.engine.look()

    assert early == (1, [])
    assert len(harness.broker.cancelled) == 2
    assert len(harness.news(CancelUnconfirmed)) == 1


async def test_an_order_that_waits_for_the_line_ends_with_its_cancel(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
        harness.reached = when("W1", lambda: harness.broker.go(LineState.DOWN, "cable"))
        harness.tap(card, Choice.YES)
        await turns()
        first, second = harness.orders(card)
        harness.engine.cancel(first.ref, by=OWNER)
        await turns()
        states = harness.states(card)

    assert states == ["lapsed", "planned"]
    assert (
        harness.orders(card)[0].reason
        == f"{first.instrument.symbol} was cancelled by you."
    )
    assert second.reason is None


async def test_a_cancel_that_ib_refuses_each_time_is_asked_more_and_more_rarely(
    harness: Harness,
) -> None:
    """Each refusal brings a pass, and time passes during it."""
    harness.broker.stubborn = True
    async with harness.trading():
        _, order = await harness.a_working_order()
        harness.engine.cancel(order.ref, by=OWNER)
        harness.engine.look()
        asked_at = [0]
        for minute in range(1, 16):
            harness.clock.forward(seconds=60)
            harness.engine.look()
            if len(harness.broker.cancelled) > len(asked_at):
                asked_at.append(minute)
                refuse(harness, order)
                for _ in range(5):
                    await asyncio.sleep(0)
                    harness.engine.look()
                await harness.ready()
            harness.engine.look()

    assert asked_at == [0, 1, 3, 7, 15]
    assert len(harness.news(CancelUnconfirmed)) == 1


async def test_over_a_new_line_ib_is_asked_again_after_a_minute(
    harness: Harness,
) -> None:
    """It may be another gateway; how rarely the one before was asked says nothing."""
    harness.broker.stubborn = True
    async with harness.trading():
        _, order = await harness.a_working_order()
        harness.engine.cancel(order.ref, by=OWNER)
        for _ in range(16):
            harness.engine.look()
            harness.clock.forward(seconds=60)
        harness.broker.go(LineState.DOWN, "cable")
        harness.broker.connect()
        await turns()
        await harness.ready()
        after_the_pass = len(harness.broker.cancelled)
        for _ in range(2):
            harness.engine.look()
            harness.clock.forward(seconds=60)

    assert len(harness.broker.cancelled) == after_the_pass + 1


@pytest.mark.parametrize(
    ("is_closed", "is_echoed"),
    [(True, True), (False, True), (False, False)],
    ids=["closed, echoed", "in doubt, echoed", "in doubt, listed"],
)
async def test_an_order_that_comes_back_is_cancelled_at_once(
    harness: Harness, *, is_closed: bool, is_echoed: bool
) -> None:
    """R16. That it was asked for before, over the same line, is no reason to wait."""
    harness.broker.stubborn = True
    async with harness.trading():
        card, order = await harness.a_working_order()
        harness.engine.cancel(order.ref, by=OWNER)
        booked = harness.broker.book.pop(order.ref)
        refuse(harness, order)
        await until(lambda: harness.states(card) == ["unknown"])
        if is_closed:
            harness.engine.settle(order.ref, there=False, by=OWNER)
        harness.broker.stubborn = False
        harness.broker.book[order.ref] = booked
        if is_echoed:
            harness.broker.move(order)
        else:
            refuse(harness, order)
        await until(lambda: harness.states(card) == ["cancelled"])


def refuse(harness: Harness, order: Order) -> None:
    harness.broker.say(
        CodeMessage(
            order_id=order.order_id or 0,
            code=161,
            text="not in a cancellable state",
            meaning=Meaning.LOOK,
        )
    )
