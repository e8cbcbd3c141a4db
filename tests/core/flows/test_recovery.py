"""After a crash or a cut: what arrived is adopted, what did not is never sent again."""

from dataclasses import replace

import pytest

from core.model.evidence import LineState
from core.model.news import Ghost, Settled
from core.model.proposal import Choice, Proposal
from tests.builders import an_open_order
from tests.core.wishes import AT_ONCE
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness, when
from tests.harness.waiting import turns, until


async def one_yes(harness: Harness) -> Proposal:
    """One leg of a card is approved and on its way."""
    card = await harness.scan()
    harness.tap(card, Choice.FIRST)
    return card


async def test_after_a_crash_an_order_that_arrived_is_adopted(harness: Harness) -> None:
    async with harness.trading():
        harness.reached = when("W2", harness.drop_events)
        card = await one_yes(harness)
        await until(lambda: len(harness.broker.sent) == 1)
    harness.restart()
    async with harness.trading():
        await harness.until_settled(card)

    assert harness.states(card) == ["filled"]
    assert len(harness.broker.sent) == 1


async def test_after_a_crash_a_lost_order_is_absent_and_never_sent_again(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.LOSES
    async with harness.trading():
        card = await one_yes(harness)
        await until(lambda: len(harness.broker.sent) == 1)
    harness.restart()
    harness.broker.behaviour = BrokerBehaviour.FILLS
    async with harness.trading():
        await until(lambda: harness.states(card) == ["absent"])
        await turns()

    assert len(harness.broker.sent) == 1
    assert len(harness.news(Settled)) == 1


async def test_after_a_crash_a_planned_order_is_judged_and_sent_once(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await harness.scan()
    harness.tap(card, Choice.FIRST)  # nobody runs: it is only on disk
    harness.restart()
    async with harness.trading():
        await harness.until_settled(card)

    assert harness.states(card) == ["filled"]
    assert len(harness.broker.sent) == 1


async def a_proven_absence(harness: Harness) -> Proposal:
    """An order is lost, the owner is told that it never reached IB."""
    harness.broker.behaviour = BrokerBehaviour.LOSES
    card = await one_yes(harness)
    await until(lambda: harness.states(card) == ["absent"])
    await harness.ready()
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    return card


async def test_r16_an_absent_order_that_turns_up_is_cancelled_and_halts_the_trading(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_proven_absence(harness)
        harness.broker.place(harness.broker.sent[0])
        await until(lambda: harness.states(card) == ["cancelled"])
        halted = harness.engine.queries.status().halted

    (ghost,) = harness.news(Ghost)
    (order,) = harness.orders(card)
    assert ghost.ref == order.ref
    assert "being cancelled" in ghost.text
    assert halted is not None
    assert "absent" in halted
    assert [each.ref for each in harness.broker.cancelled] == [order.ref]


async def test_r16_a_ghost_found_by_a_pass_after_a_crash_is_cancelled_once(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_proven_absence(harness)
    harness.drop_events()
    harness.broker.place(harness.broker.sent[0])
    harness.restart()
    async with harness.trading():
        await until(lambda: harness.states(card) == ["cancelled"])
        await turns()

    assert len(harness.broker.cancelled) == 1


@pytest.mark.attack(10)
async def test_r16_a_ghost_that_goes_on_is_asked_at_every_pass_to_end(
    harness: Harness,
) -> None:
    harness.broker.stubborn = True
    async with harness.trading():
        card = await a_proven_absence(harness)
        harness.broker.place(harness.broker.sent[0])
        await until(lambda: harness.states(card) == ["acked"])
        passes = harness.broker.passes
        harness.broker.connect()
        await until(lambda: harness.broker.passes > passes)
        await harness.ready()
        again = len(harness.broker.cancelled)
        harness.broker.stubborn = False
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["cancelled"])

    assert again == 2


async def test_r16_a_ghost_met_as_the_line_falls_is_cancelled_when_it_is_back(
    harness: Harness,
) -> None:
    async with harness.trading():
        card = await a_proven_absence(harness)
        harness.broker.place(harness.broker.sent[0])
        harness.broker.go(LineState.DOWN, "cable")
        await until(lambda: harness.states(card) == ["acked"])
        too_early = list(harness.broker.cancelled)
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["cancelled"])

    assert too_early == []
    assert len(harness.broker.cancelled) == 1


async def test_r16_a_ghost_that_has_filled_is_only_told(harness: Harness) -> None:
    async with harness.trading():
        card = await a_proven_absence(harness)
        harness.broker.behaviour = BrokerBehaviour.FILLS
        harness.drop_events()
        harness.broker.place(harness.broker.sent[0])
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["filled"])

    assert len(harness.news(Ghost)) == 1
    assert harness.broker.cancelled == []


async def test_an_order_that_ib_reopens_is_told_and_left_to_the_owner(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        card = await one_yes(harness)
        await until(lambda: harness.states(card) == ["acked"])
        (order,) = harness.orders(card)
        harness.engine.cancel(order.ref, by="Ada")
        await until(lambda: harness.states(card) == ["cancelled"])
        harness.broker.book[order.ref].status = "Submitted"
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["acked"])

    assert len(harness.news(Ghost)) == 1
    assert len(harness.broker.cancelled) == 1  # the owner's own


async def test_an_order_that_the_journal_never_wrote_halts_the_trading(
    harness: Harness,
) -> None:
    async with harness.trading():
        harness.broker.unknown_orders.append(an_open_order(ref="tb-zzzzzzzzzz-1"))
        harness.broker.connect()
        await until(lambda: harness.engine.queries.status().halted is not None)
        await harness.ready()
        harness.engine.resume(by="Ada", named=harness.engine.queries.halts())
        harness.broker.connect()
        await turns()
        await harness.ready()

        assert harness.engine.queries.status().halted is None  # the owner has looked

    assert [ghost.ref for ghost in harness.news(Ghost)] == ["tb-zzzzzzzzzz-1"]


async def test_an_order_by_hand_is_nobodys_ghost(harness: Harness) -> None:
    harness.broker.unknown_orders.append(an_open_order(ref=""))
    async with harness.trading():
        await turns()

    assert harness.news(Ghost) == []


async def test_a_line_that_falls_between_two_passes_makes_both_worth_nothing(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.LOSES
    async with harness.trading():
        card = await one_yes(harness)
        await until(lambda: len(harness.broker.sent) == 1)
    harness.restart()
    harness.instructions = replace(
        harness.instructions, timeouts=replace(AT_ONCE, settle=0.2)
    )
    harness.restart()
    async with harness.running():
        harness.broker.connect()
        await turns()
        harness.broker.connect()  # a new session, before the second pass
        await until(lambda: harness.states(card) == ["absent"])
        await harness.ready()

    assert harness.engine.queries.status().reconciled


async def test_a_line_that_is_cut_in_a_pass_is_compared_when_it_is_back(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.LOSES
    async with harness.trading():
        card = await one_yes(harness)
        await until(lambda: len(harness.broker.sent) == 1)
    harness.instructions = replace(
        harness.instructions, timeouts=replace(AT_ONCE, settle=0.1)
    )
    harness.restart()
    async with harness.running():
        harness.broker.connect()
        await turns()
        harness.broker.go(LineState.DOWN, "cable")
        await until(lambda: not harness.engine._parts.reconciler.comparing)
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["absent"])


async def test_a_gateway_that_cannot_be_reached_again_leaves_the_doubt(
    harness: Harness,
) -> None:
    harness.broker.behaviour = BrokerBehaviour.LOSES
    harness.broker.reachable = False
    async with harness.trading():
        card = await one_yes(harness)
        await until(lambda: harness.states(card) == ["unknown"])
        await turns()
        harness.broker.reachable = True
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["absent"])
