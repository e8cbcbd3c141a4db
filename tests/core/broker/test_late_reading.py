"""A gateway that reads late: what lies unread in its socket counts when it is read, so
no order leaves into a second that could be full there (core/broker/pacing)."""

import asyncio

import pytest

from core.broker.pacing import RATE, WINDOW
from core.model.evidence import CodeHeard, Meaning, StatusHeard
from core.sandbox.trouble.faults import Action, Trouble
from tests.harness.connection import GAINERS, STOCKS, Desk, a_desk
from tests.harness.waiting import until


pytestmark = pytest.mark.attack(17)

REJECTED = "Max rate of messages per second has been exceeded: max=50 rec=51 (1)"


async def a_stall_behind_a_burst(desk: Desk) -> None:
    """The gateway reads nothing for more than a second, into which a scan's quotes
    fall, and then all at once."""
    rows = [row.instrument for row in await desk.market.scan(GAINERS, within=2)]
    await asyncio.sleep(WINDOW)
    desk.server.freeze()
    async with desk.market.quotes(rows):
        await asyncio.sleep(WINDOW + 0.3)
        desk.broker.begin_probe()
        desk.server.thaw()
        await desk.broker.probe(within=1)


async def test_an_order_right_behind_a_burst_that_was_read_late_is_not_refused() -> (
    None
):
    async with a_desk(reject_over_rate=True) as desk:
        await a_stall_behind_a_burst(desk)
        await until(desk.broker.has_sent_all)
        desk.broker.place(desk.order(STOCKS[0]))

        await desk.heard(StatusHeard, lambda each: each.status == "Filled")


async def test_a_third_order_waits_until_the_burst_was_read_a_second_ago() -> None:
    async with a_desk(reject_over_rate=True) as desk:
        await a_stall_behind_a_burst(desk)
        held = 0
        for stock in STOCKS:
            held += not desk.broker.has_sent_all()
            await until(desk.broker.has_sent_all)
            desk.broker.place(desk.order(stock))
        for _ in STOCKS:
            await desk.heard(StatusHeard, lambda each: each.status == "Filled")

    assert held >= 1


async def test_a_gateway_that_reads_nothing_is_sent_no_second_burst() -> None:
    async with a_desk() as desk:
        rows = [row.instrument for row in await desk.market.scan(GAINERS, within=2)]
        desk.server.freeze()
        async with desk.market.quotes(rows) as stream:
            await asyncio.sleep(2 * WINDOW)
            by_then = [line for line in stream.lines.values() if line.asked is not None]

    assert len(by_then) < RATE


async def test_messages_that_nothing_answers_are_proven_read_by_a_question() -> None:
    async with a_desk() as desk:
        rows = [row.instrument for row in await desk.market.scan(GAINERS, within=2)]
        async with desk.market.quotes(rows) as stream:
            await stream.settled([row.con_id for row in rows], within=2)
        await asyncio.sleep(len(rows) * 0.1 + 2 * WINDOW)  # their cancels have dripped
        still_open = [each for each in stream.lines.values() if each.number is not None]

        assert still_open == []
        assert desk.broker.has_sent_all()


async def test_a_complaint_right_behind_an_order_is_heard_as_its_refusal() -> None:
    async with a_desk() as desk:
        order = desk.order(STOCKS[0])
        desk.server.add_trouble(
            Trouble(
                message="placeOrder",
                action=Action.REFUSE,
                code=100,
                text=REJECTED,
                untied=True,
            )
        )
        desk.broker.place(order)

        heard = await desk.heard(CodeHeard)

    assert (heard.order_id, heard.code) == (order.order_id, 100)
    assert heard.meaning is Meaning.DEAD


async def test_a_complaint_is_not_about_an_order_that_had_been_read() -> None:
    async with a_desk() as desk:
        desk.server.add_trouble(
            Trouble(
                message="reqMktData",
                action=Action.REFUSE,
                code=100,
                text=REJECTED,
                untied=True,
            )
        )
        desk.broker.place(desk.order(STOCKS[0]))
        await desk.broker.probe(within=1)
        async with desk.market.quotes(STOCKS[1:2]):
            await until(lambda: not desk.broker.has_sent_all())
        waiting = desk.connection.heard
        heard = [waiting.get_nowait() for _ in range(waiting.qsize())]

    assert any(isinstance(event, StatusHeard) for event in heard)
    assert not any(isinstance(event, CodeHeard) for event in heard)
