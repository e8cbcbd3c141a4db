"""A pass over IB's listings is complete, or it is not evidence."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from core.model.errors import BrokerAway, BrokerError, BrokerSilent
from core.model.evidence import ChargeHeard, LineState, StatusHeard
from core.sandbox.trouble.faults import Action, Trouble
from core.sandbox.trouble.scenarios import LIBRARY
from tests.builders import NOW
from tests.harness.connection import CALM, STOCKS, Desk, a_desk


HASTY = replace(CALM, listing=0.3)


async def a_filled_order(desk: Desk) -> None:
    desk.broker.place(desk.order(STOCKS[0]))
    await desk.heard(ChargeHeard)


async def test_a_pass_says_when_and_in_which_session_it_was_made() -> None:
    async with a_desk() as desk:
        evidence = await desk.broker.evidence()

    assert (evidence.epoch, evidence.next_valid_id) == (1, 1)
    assert evidence.at >= NOW
    assert abs((evidence.gateway_time - evidence.at).total_seconds()) <= 2


@pytest.mark.parametrize("what", ["openOrderEnd", "completedOrdersEnd", "positionEnd"])
async def test_a_listing_without_its_end_drops_the_line(what: str) -> None:
    async with a_desk(timing=HASTY) as desk:
        desk.server.add_trouble(Trouble(message=what, action=Action.DROP))

        with pytest.raises(BrokerSilent):
            await desk.broker.evidence()

        up = await desk.line_is(LineState.UP)
        assert up.line.epoch == 2
        assert (await desk.broker.evidence()).epoch == 2


async def test_executions_without_their_end_are_no_evidence() -> None:
    async with a_desk(timing=HASTY) as desk:
        desk.server.add_trouble(Trouble(message="execDetailsEnd", action=Action.DROP))

        with pytest.raises(BrokerSilent, match="executions"):
            await desk.broker.evidence()

        assert desk.broker.line().state is LineState.UP


async def test_a_pass_that_is_given_up_drops_the_line_too() -> None:
    async with a_desk() as desk:
        desk.server.add_trouble(Trouble(message="openOrderEnd", action=Action.DROP))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await desk.broker.evidence()

        up = await desk.line_is(LineState.UP)

    assert up.line.epoch == 2


async def test_refused_executions_are_no_evidence() -> None:
    async with a_desk(timing=HASTY) as desk:
        refusal = Trouble(
            message="reqExecutions", action=Action.REFUSE, code=321, text="read-only"
        )
        desk.server.add_trouble(refusal)

        with pytest.raises(BrokerSilent, match="read-only"):
            await desk.broker.evidence()


async def test_a_late_end_is_not_taken_for_the_next_passs() -> None:
    async with a_desk(timing=HASTY) as desk:
        await a_filled_order(desk)
        late = Trouble(message="completedOrdersEnd", action=Action.DELAY, seconds=0.5)
        desk.server.add_trouble(late)
        with pytest.raises(BrokerSilent):
            await desk.broker.evidence()
        await desk.line_is(LineState.UP)

        evidence = await desk.broker.evidence()

    assert len(evidence.completed) == len(evidence.fills) == 1


@pytest.mark.parametrize("message", ["openOrder", "completedOrder", "execDetails"])
async def test_a_row_that_cannot_be_read_spoils_the_pass(message: str) -> None:
    works = message == "openOrder"
    async with a_desk(timing=CALM, fill_seconds=3600.0 if works else 0.0) as desk:
        desk.broker.place(desk.order(STOCKS[0]))
        await desk.heard(StatusHeard if works else ChargeHeard)
        desk.server.add_trouble(Trouble(message=message, action=Action.CORRUPT))

        with pytest.raises(BrokerSilent, match="legibly"):
            await desk.broker.evidence()

        assert (await desk.broker.evidence()).epoch == 1


async def test_a_line_that_dies_between_two_listings_ends_the_pass() -> None:
    async with a_desk(timing=HASTY) as desk:
        desk.server.add_trouble(
            Trouble(message="reqExecutions", action=Action.CUT_BEFORE)
        )

        with pytest.raises(BrokerAway):
            await desk.broker.evidence()


async def test_an_outage_within_the_pass_spoils_it() -> None:
    async with a_desk(timing=HASTY) as desk:
        slow = Trouble(message="completedOrdersEnd", action=Action.DELAY, seconds=0.2)
        desk.server.add_trouble(slow)
        async with asyncio.TaskGroup() as tasks:
            asking = tasks.create_task(_failure(desk))
            await asyncio.sleep(0.05)
            desk.server.flap(1100)
            desk.server.flap(1102)

    assert isinstance(asking.result(), BrokerSilent)


async def _failure(desk: Desk) -> BrokerError:
    with pytest.raises(BrokerError) as failed:
        await desk.broker.evidence()
    return failed.value


async def test_two_passes_at_once_wait_for_each_other() -> None:
    async with a_desk() as desk:
        await a_filled_order(desk)

        async with asyncio.TaskGroup() as tasks:
            passes = [tasks.create_task(desk.broker.evidence()) for _ in range(3)]

    assert [len(each.result().fills) for each in passes] == [1, 1, 1]


async def test_what_happens_during_a_pass_is_still_heard() -> None:
    async with a_desk(fill_seconds=0.1) as desk:
        slow = Trouble(message="openOrderEnd", action=Action.DELAY, seconds=0.3)
        desk.server.add_trouble(slow)
        desk.broker.place(desk.order(STOCKS[0]))

        evidence = await desk.broker.evidence()
        filled = await desk.heard(StatusHeard, lambda each: each.status == "Filled")

    assert filled.names.order_id == evidence.highest_order_id
    assert evidence.open_orders == ()
    assert [each.fill.shares for each in evidence.fills] == [100]


async def test_a_part_filled_order_is_open_with_what_is_filled() -> None:
    async with a_desk(scenario=LIBRARY["partial-fill-rests"]) as desk:
        await a_filled_order(desk)

        [working] = (await desk.broker.evidence()).open_orders

    assert (working.filled, working.shares) == (Decimal(30), Decimal(100))
