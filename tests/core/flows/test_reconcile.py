"""After a start, a lost line or a silence: compare, learn, tell. Silence is not failure."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.model.evidence import CodeMessage, Meaning, StatusMessage
from core.model.news import Ghost, InDoubt, Settled
from core.model.order import OrderState
from core.model.points import RECOVER_ABSENT, RECOVER_ADOPT, RECOVER_ASK
from core.model.proposal import Choice, Proposal
from tests.builders import FDMX
from tests.core.wishes import AT_ONCE
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness, an_open_harness, when
from tests.harness.waiting import turns, until


async def one_yes(harness: Harness) -> Proposal:
    """One leg of a card is approved and on its way."""
    card = await harness.scan()
    harness.tap(card, Choice.FIRST)
    return card


async def test_nothing_may_be_sent_before_the_orders_have_been_compared(
    tmp_path: Path,
) -> None:
    with an_open_harness(tmp_path, timeouts=replace(AT_ONCE, retry=0.0)) as harness:
        harness.broker.silent = True
        async with harness.running():
            harness.broker.connect()
            await turns()
            card = await harness.scan()
            decision = harness.tap(card, Choice.YES)
            harness.broker.silent = False
            await harness.ready()

    assert "still being compared" in decision.reasons[0]


async def test_a_pass_that_is_worth_nothing_is_repeated(harness: Harness) -> None:
    harness.broker.silent = True
    async with harness.running():
        harness.broker.connect()
        await turns()
        before = harness.engine.queries.status().reconciled
        harness.broker.silent = False
        await harness.ready()

    assert before is False


async def test_a_lost_order_is_told_and_then_proven_absent(harness: Harness) -> None:
    harness.broker.behaviour = BrokerBehaviour.LOSES
    async with harness.trading():
        card = await one_yes(harness)
        await until(lambda: harness.states(card) == ["absent"])

    (doubt,) = harness.news(InDoubt)
    (order,) = harness.orders(card)
    assert doubt.ref == order.ref
    assert order.reason == "It never reached IB."
    assert harness.broker.line().epoch == 2  # behind a new handshake
    assert len(harness.broker.sent) == 1
    assert RECOVER_ABSENT in harness.points
    assert len(harness.news(Settled)) == 1


async def test_a_swallowed_order_whose_id_was_counted_stays_unknown(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.SWALLOWS
    async with harness.trading():
        card = await one_yes(harness)
        await until(lambda: harness.states(card) == ["unknown"])
        harness.broker.next_valid_id = 2
        await harness.ready()
        await turns()

    (order,) = harness.orders(card)
    assert order.state is OrderState.UNKNOWN
    assert "order id" in (order.reason or "")
    assert len(harness.news(InDoubt)) == 1
    assert RECOVER_ASK in harness.points


async def test_midnight_leaves_a_lost_order_unknown(harness: Harness) -> None:
    harness.broker.behaviour = BrokerBehaviour.LOSES
    async with harness.trading():
        harness.reached = when("sent", lambda: harness.clock.forward(hours=14))
        card = await one_yes(harness)
        await until(lambda: harness.states(card) == ["unknown"])
        await harness.ready()
        await turns()

    assert "the day has changed" in (harness.orders(card)[0].reason or "")


async def test_a_trade_by_hand_leaves_a_lost_order_unknown(harness: Harness) -> None:
    harness.broker.behaviour = BrokerBehaviour.LOSES
    async with harness.trading():
        card = await harness.scan()
        harness.reached = when("sent", lambda: harness.broker.trade_by_hand(FDMX, 100))
        harness.tap(card, Choice.FIRST)
        await until(lambda: harness.states(card) == ["unknown"])
        await harness.ready()
        await turns()

    assert "position has changed" in (harness.orders(card)[0].reason or "")
    assert harness.news(InDoubt)[0].position_now == 100


async def test_a_late_answer_ends_the_doubt(harness: Harness) -> None:
    harness.broker.behaviour = BrokerBehaviour.SWALLOWS
    harness.broker.next_valid_id = 1
    async with harness.trading():
        card = await one_yes(harness)
        await until(lambda: harness.states(card) == ["unknown"])
        harness.broker.behaviour = BrokerBehaviour.FILLS
        harness.broker.place(harness.broker.sent[0])
        await until(lambda: harness.states(card) == ["filled"])

    assert harness.orders(card)[0].reason is None
    assert len(harness.news(Settled)) == 1


async def test_an_order_whose_answer_was_lost_is_found_by_the_pass(
    harness: Harness,
) -> None:
    async with harness.trading():
        harness.reached = when("W2", harness.drop_events)
        card = await one_yes(harness)
        await until(lambda: harness.states(card) == ["filled"])

    assert RECOVER_ADOPT in harness.points
    assert harness.news(InDoubt) == []
    assert harness.broker.line().epoch == 1


async def test_the_doubt_is_told_also_while_a_comparison_is_under_way(
    tmp_path: Path,
) -> None:
    slow = replace(AT_ONCE, settle_after_outage=30.0)
    with an_open_harness(tmp_path, timeouts=slow) as harness:
        harness.broker.behaviour = BrokerBehaviour.LOSES
        async with harness.trading():
            harness.reached = when("sent", harness.broker.connect)
            card = await one_yes(harness)
            await until(lambda: harness.states(card) == ["unknown"])

        assert len(harness.news(InDoubt)) == 1
        assert harness.broker.line().epoch == 2  # no third handshake


async def test_a_silent_gateway_does_not_keep_the_doubt_from_being_told(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.LOSES
    async with harness.trading():
        harness.reached = when("sent", harness.freeze)
        card = await one_yes(harness)
        await until(lambda: harness.states(card) == ["unknown"])

    assert harness.news(InDoubt)[0].position_now == 0


@pytest.mark.parametrize("received", ["103", "a status that judges nothing"])
async def test_what_is_no_verdict_is_looked_up(harness: Harness, received: str) -> None:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        card = await one_yes(harness)
        await until(lambda: harness.states(card) == ["acked"])
        (order,) = harness.orders(card)
        assert order.order_id is not None
        passes = harness.broker.passes
        harness.broker.say(
            CodeMessage(
                order_id=order.order_id,
                code=103,
                text="Duplicate order id",
                meaning=Meaning.LOOK,
            )
            if received == "103"
            else StatusMessage(names=harness.broker.names(order), status="Inactive")
        )
        await until(lambda: harness.broker.passes > passes)
        await harness.ready()

    assert harness.states(card) == ["acked"]


@pytest.mark.parametrize("listed", ["Inactive", "PreSubmitted"])
async def test_the_echo_of_a_pass_asks_for_no_other_without_end(
    harness: Harness, listed: str
) -> None:
    """Two passes judge what is inactive; what the listing does not explain is looked at
    once more."""
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    harness.broker.repeats = "Inactive"
    async with harness.trading():
        card = await one_yes(harness)
        await until(lambda: harness.states(card) == ["acked"])
        (order,) = harness.orders(card)
        harness.broker.book[order.ref].status = listed
        passes = harness.broker.passes
        harness.broker.connect()
        await until(lambda: harness.broker.passes >= passes + 2)
        await harness.ready()
        await turns()

    assert harness.broker.passes == passes + 2


async def test_an_order_that_ends_behind_the_second_listing_is_no_ghost(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        card = await harness.scan()
        harness.tap(card, Choice.YES)
        await until(lambda: harness.states(card) == ["acked", "acked"])
        works, lost = harness.orders(card)
        del harness.broker.book[lost.ref]  # so that a second pass is needed

        def cancelled_behind_the_second() -> None:
            if harness.broker.passes == before + 2:
                harness.broker.cancel(works)

        before = harness.broker.passes
        harness.broker.meanwhile = cancelled_behind_the_second
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["cancelled", "unknown"])
        await harness.ready()

    assert harness.news(Ghost) == []
    assert harness.states(card) == ["cancelled", "unknown"]
