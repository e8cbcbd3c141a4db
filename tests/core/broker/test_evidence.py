"""A pass over IB's listings is complete, or it is not evidence."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from core.model.errors import BrokerAway, BrokerError, BrokerSilent
from core.model.evidence import ChargeMessage, FillMessage, LineState, StatusMessage
from core.model.money import Shares
from core.sandbox.trouble.faults import Action, Happening, LineEvent, Trouble
from core.sandbox.trouble.scenarios import LIBRARY
from tests.builders import NOW
from tests.harness.connection import STEADY, STOCKS, BothEnds, both_ends


HASTY = replace(STEADY, listing=0.3)


WHAT_IF = 92
"""The field of an openOrder that says whether it only answers a what-if."""


async def a_filled_order(ends: BothEnds) -> None:
    ends.broker.place(ends.order(STOCKS[0]))
    await ends.received(ChargeMessage)


async def test_a_pass_says_when_and_in_which_session_it_was_made() -> None:
    async with both_ends() as ends:
        evidence = await ends.broker.evidence()

    assert (evidence.epoch, evidence.next_valid_id) == (1, 1)
    assert evidence.at >= NOW
    assert abs((evidence.gateway_time - evidence.at).total_seconds()) <= 2


@pytest.mark.parametrize("what", ["openOrderEnd", "completedOrdersEnd", "positionEnd"])
async def test_a_listing_without_its_end_drops_the_line(what: str) -> None:
    async with both_ends(timing=HASTY) as ends:
        ends.server.add_trouble(Trouble(message=what, action=Action.DROP))

        with pytest.raises(BrokerSilent):
            await ends.broker.evidence()

        up = await ends.line_is(LineState.UP)
        assert up.line.epoch == 2
        assert (await ends.broker.evidence()).epoch == 2


async def test_executions_without_their_end_are_no_evidence() -> None:
    async with both_ends(timing=HASTY) as ends:
        ends.server.add_trouble(Trouble(message="execDetailsEnd", action=Action.DROP))

        with pytest.raises(BrokerSilent, match="executions"):
            await ends.broker.evidence()

        assert ends.broker.line().state is LineState.UP


async def test_a_pass_that_is_given_up_drops_the_line_too() -> None:
    async with both_ends() as ends:
        ends.server.add_trouble(Trouble(message="openOrderEnd", action=Action.DROP))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await ends.broker.evidence()

        up = await ends.line_is(LineState.UP)

    assert up.line.epoch == 2


async def test_refused_executions_are_no_evidence() -> None:
    async with both_ends(timing=HASTY) as ends:
        refusal = Trouble(
            message="reqExecutions", action=Action.REFUSE, code=321, text="read-only"
        )
        ends.server.add_trouble(refusal)

        with pytest.raises(BrokerSilent, match="read-only"):
            await ends.broker.evidence()


async def test_a_late_end_is_not_taken_for_the_next_passs() -> None:
    async with both_ends(timing=HASTY) as ends:
        await a_filled_order(ends)
        late = Trouble(message="completedOrdersEnd", action=Action.DELAY, seconds=0.5)
        ends.server.add_trouble(late)
        with pytest.raises(BrokerSilent):
            await ends.broker.evidence()
        await ends.line_is(LineState.UP)

        evidence = await ends.broker.evidence()

    assert len(evidence.completed) == len(evidence.fills) == 1


@pytest.mark.parametrize("message", ["openOrder", "completedOrder", "execDetails"])
async def test_a_row_that_cannot_be_read_spoils_the_pass(message: str) -> None:
    works = message == "openOrder"
    async with both_ends(timing=STEADY, fill_seconds=3600.0 if works else 0.0) as ends:
        ends.broker.place(ends.order(STOCKS[0]))
        await ends.received(StatusMessage if works else ChargeMessage)
        ends.server.add_trouble(Trouble(message=message, action=Action.CORRUPT))

        with pytest.raises(BrokerSilent, match="legibly"):
            await ends.broker.evidence()

        assert (await ends.broker.evidence()).epoch == 1


@pytest.mark.attack(23)
async def test_an_order_told_as_a_question_that_nobody_asked_spoils_the_pass() -> None:
    """A what-if is no order. One under our client id that we did not ask for may be an
    order of ours all the same, which a pass without its row would call absent."""
    async with both_ends(timing=STEADY, fill_seconds=3600.0) as ends:
        ends.broker.place(ends.order(STOCKS[0]))
        await ends.received(StatusMessage)
        ends.server.add_trouble(
            Trouble(message="openOrder", action=Action.REPLACE, field=WHAT_IF, text="1")
        )

        with pytest.raises(BrokerSilent, match="legibly"):
            await ends.broker.evidence()

        assert len((await ends.broker.evidence()).open_orders) == 1


async def test_a_line_that_dies_between_two_listings_ends_the_pass() -> None:
    async with both_ends(timing=HASTY) as ends:
        ends.server.add_trouble(
            Trouble(message="reqExecutions", action=Action.CUT_BEFORE)
        )

        with pytest.raises(BrokerAway):
            await ends.broker.evidence()


async def test_an_outage_within_the_pass_spoils_it() -> None:
    async with both_ends(timing=HASTY) as ends:
        slow = Trouble(message="completedOrdersEnd", action=Action.DELAY, seconds=0.2)
        ends.server.add_trouble(slow)
        async with asyncio.TaskGroup() as tasks:
            asking = tasks.create_task(_failure(ends))
            await asyncio.sleep(0.05)
            ends.server.flap(1100)
            ends.server.flap(1102)

    assert isinstance(asking.result(), BrokerSilent)


async def _failure(ends: BothEnds) -> BrokerError:
    with pytest.raises(BrokerError) as failed:
        await ends.broker.evidence()
    return failed.value


async def test_two_passes_at_once_wait_for_each_other() -> None:
    async with both_ends() as ends:
        await a_filled_order(ends)

        async with asyncio.TaskGroup() as tasks:
            passes = [tasks.create_task(ends.broker.evidence()) for _ in range(3)]

    assert [len(each.result().fills) for each in passes] == [1, 1, 1]


async def test_what_happens_during_a_pass_is_still_heard() -> None:
    async with both_ends(fill_seconds=0.1) as ends:
        slow = Trouble(message="openOrderEnd", action=Action.DELAY, seconds=0.3)
        ends.server.add_trouble(slow)
        ends.broker.place(ends.order(STOCKS[0]))

        evidence = await ends.broker.evidence()
        filled = await ends.received(
            StatusMessage, lambda each: each.status == "Filled"
        )

    assert filled.names.order_id == evidence.highest_order_id
    assert evidence.open_orders == ()
    assert [each.fill.shares for each in evidence.fills] == [100]


async def test_a_change_behind_the_listings_of_a_pass_is_in_it() -> None:
    """Else the pass would take back what was heard of it meanwhile."""
    async with both_ends(fill_seconds=3600.0) as ends:
        order = ends.order(STOCKS[0])
        ends.broker.place(order)
        await ends.received(StatusMessage)
        slow = Trouble(message="currentTime", action=Action.DELAY, seconds=0.2)
        ends.server.add_trouble(slow)
        async with asyncio.TaskGroup() as tasks:
            asking = tasks.create_task(ends.broker.evidence())
            await asyncio.sleep(0.1)
            ends.broker.place(replace(order, shares=Shares(2 * order.shares)))

    (listed,) = asking.result().open_orders
    assert listed.shares == 2 * order.shares


async def test_a_part_filled_order_is_open_with_what_is_filled() -> None:
    async with both_ends(scenario=LIBRARY["partial-fill-rests"]) as ends:
        await a_filled_order(ends)

        [working] = (await ends.broker.evidence()).open_orders

    assert (working.filled, working.shares) == (Decimal(30), Decimal(100))


async def test_a_trade_that_was_taken_back_is_heard_and_listed_of_no_shares() -> None:
    """A bust, as the simulated gateway makes one: told, and so in each later pass."""
    async with both_ends() as ends:
        await a_filled_order(ends)
        bust = Happening(after=0, event=LineEvent.BUST)
        ends.server.add_trouble(
            Trouble(message="reqPositions", action=Action.HAPPEN, happening=bust)
        )
        held = await ends.broker.evidence()
        received = await ends.received(FillMessage)
        while received.fill.shares:
            received = await ends.received(FillMessage)
        after = await ends.broker.evidence()

    (first,), (again,) = held.fills, after.fills
    assert first.fill.shares == 100
    assert again.fill == received.fill
    assert (again.fill.shares, again.fill.stem) == (0, first.fill.stem)
    assert again.fill.revision > first.fill.revision
    assert after.positions == ()
