"""A gateway that reads late: what lies unread in its socket counts when it is read, so
no order leaves into a second that could be full there (core/broker/pacing)."""

import asyncio

import pytest

from core.broker.pacing import RATE, WINDOW
from core.model.evidence import CodeMessage, Meaning, StatusMessage
from core.sandbox.trouble.faults import Action, Trouble
from tests.harness.connection import GAINERS, STOCKS, BothEnds, both_ends
from tests.harness.waiting import until


pytestmark = pytest.mark.attack(17)

REJECTED = "Max rate of messages per second has been exceeded: max=50 rec=51 (1)"


async def a_stall_behind_a_burst(ends: BothEnds) -> None:
    """The gateway reads nothing for more than a second, into which a scan's quotes
    fall, and then all at once."""
    rows = [row.instrument for row in await ends.market.scan(GAINERS, within=2)]
    await asyncio.sleep(WINDOW)
    ends.server.freeze()
    async with ends.market.quotes(rows):
        await asyncio.sleep(WINDOW + 0.3)
        ends.broker.begin_probe()
        ends.server.thaw()
        await ends.broker.probe(within=1)


async def test_an_order_right_behind_a_burst_that_was_read_late_is_not_refused() -> (
    None
):
    async with both_ends(reject_over_rate=True) as ends:
        await a_stall_behind_a_burst(ends)
        await until(ends.broker.has_sent_all)
        ends.broker.place(ends.order(STOCKS[0]))

        await ends.received(StatusMessage, lambda each: each.status == "Filled")


async def test_a_third_order_waits_until_the_burst_was_read_a_second_ago() -> None:
    async with both_ends(reject_over_rate=True) as ends:
        await a_stall_behind_a_burst(ends)
        held = 0
        for stock in STOCKS:
            held += not ends.broker.has_sent_all()
            await until(ends.broker.has_sent_all)
            ends.broker.place(ends.order(stock))
        for _ in STOCKS:
            await ends.received(StatusMessage, lambda each: each.status == "Filled")

    assert held >= 1


async def test_a_gateway_that_reads_nothing_is_sent_no_second_burst() -> None:
    async with both_ends() as ends:
        rows = [row.instrument for row in await ends.market.scan(GAINERS, within=2)]
        ends.server.freeze()
        async with ends.market.quotes(rows) as stream:
            await asyncio.sleep(2 * WINDOW)
            by_then = [line for line in stream.lines.values() if line.asked is not None]

    assert len(by_then) < RATE


async def test_messages_that_nothing_answers_are_proven_read_by_a_question() -> None:
    async with both_ends() as ends:
        rows = [row.instrument for row in await ends.market.scan(GAINERS, within=2)]
        async with ends.market.quotes(rows) as stream:
            await stream.settled([row.con_id for row in rows], within=2)
        await asyncio.sleep(len(rows) * 0.1 + 2 * WINDOW)  # their cancels have dripped
        still_open = [each for each in stream.lines.values() if each.number is not None]

        assert still_open == []
        assert ends.broker.has_sent_all()


async def test_a_complaint_right_behind_an_order_is_heard_as_its_refusal() -> None:
    async with both_ends() as ends:
        order = ends.order(STOCKS[0])
        ends.server.add_trouble(
            Trouble(
                message="placeOrder",
                action=Action.REFUSE,
                code=100,
                text=REJECTED,
                untied=True,
            )
        )
        ends.broker.place(order)

        received = await ends.received(CodeMessage)

    assert (received.order_id, received.code) == (order.order_id, 100)
    assert received.meaning is Meaning.DEAD


async def test_a_complaint_is_not_about_an_order_that_had_been_read() -> None:
    async with both_ends() as ends:
        ends.server.add_trouble(
            Trouble(
                message="reqMktData",
                action=Action.REFUSE,
                code=100,
                text=REJECTED,
                untied=True,
            )
        )
        ends.broker.place(ends.order(STOCKS[0]))
        await ends.broker.probe(within=1)
        async with ends.market.quotes(STOCKS[1:2]):
            await until(lambda: not ends.broker.has_sent_all())
        waiting = ends.connection.events
        received = [waiting.get_nowait() for _ in range(waiting.qsize())]

    assert any(isinstance(event, StatusMessage) for event in received)
    assert not any(isinstance(event, CodeMessage) for event in received)
