"""When the orders count as compared, how long a second look waits, and what it takes in."""

from dataclasses import replace
from pathlib import Path

from core.flows.exits.split_ends import SplitEnds
from core.flows.reconcile import Reconciler
from core.flows.signals import Signals
from core.ledger.orders import Ledger
from core.model.evidence import CodeMessage, LineState, Meaning
from core.model.instructions import Timeouts
from core.model.news import Ghost, InDoubt
from core.model.order import OrderRef
from core.model.points import RECOVER_ADOPT, ignore
from core.model.proposal import Choice, Proposal
from tests.builders import money
from tests.core.wishes import AT_ONCE
from tests.fakes.broker import BrokerBehaviour
from tests.harness.core import Harness, an_open_harness, when
from tests.harness.waiting import turns, until


SOON_AFTER_A_START: Timeouts = replace(AT_ONCE, settle_after_outage=30.0)
SOON_AFTER_AN_OUTAGE: Timeouts = replace(AT_ONCE, settle=30.0)


class Hasty(Ledger):
    """Does not wait for IB's first word."""

    async def past_sending(self, ref: OrderRef, *, within: float) -> bool:
        return False


async def one_yes(harness: Harness) -> Proposal:
    card = await harness.scan()
    harness.tap(card, Choice.FIRST)
    return card


def a_reconciler(harness: Harness) -> Reconciler:
    return Reconciler(
        broker=harness.broker,
        orders=harness.journal.orders,
        clock=harness.clock,
        timeouts=harness.instructions.timeouts,
        ledger=harness.ledger(),
        others=harness.others(),
        split_ends=SplitEnds(
            orders=harness.journal.orders, proposals=harness.journal.proposals
        ),
        signals=Signals(),
        reached=ignore,
    )


async def test_after_a_start_the_second_look_does_not_wait_as_after_an_outage(
    tmp_path: Path,
) -> None:
    with an_open_harness(tmp_path, timeouts=SOON_AFTER_A_START) as harness:
        harness.broker.behaviour = BrokerBehaviour.LOSES
        async with harness.trading():
            card = await one_yes(harness)
            await until(lambda: len(harness.broker.sent) == 1)
        harness.restart()
        async with harness.running():
            harness.broker.connect()
            await until(lambda: harness.states(card) == ["absent"])


async def test_an_outage_lasts_until_the_orders_have_been_compared(
    tmp_path: Path,
) -> None:
    with an_open_harness(tmp_path, timeouts=SOON_AFTER_AN_OUTAGE) as harness:
        harness.broker.behaviour = BrokerBehaviour.LOSES
        async with harness.trading():
            harness.reached = when(
                "sent", lambda: harness.broker.go(LineState.DOWN, "cable")
            )
            card = await one_yes(harness)
            await until(lambda: harness.states(card) == ["unknown"])
            harness.broker.go(LineState.DOWN, "still the cable")
            await turns()
            harness.broker.connect()
            await until(lambda: harness.states(card) == ["absent"])


async def test_a_line_that_is_not_up_is_not_compared_even_before_it_was_heard(
    harness: Harness,
) -> None:
    async with harness.trading():
        harness.broker.go(LineState.FROZEN)

        assert not harness.engine.queries.status().reconciled


async def test_what_was_forgotten_counts_as_not_compared_at_once(
    harness: Harness,
) -> None:
    reconciler = a_reconciler(harness)
    harness.broker.connect()
    reconciler._clean_epoch = harness.broker.line().epoch
    before = reconciler.reconciled

    reconciler.forget()

    assert before
    assert not reconciler.reconciled


async def test_before_any_pass_no_order_id_has_been_seen(harness: Harness) -> None:
    assert a_reconciler(harness).highest_order_id == 0


async def test_an_order_id_is_above_those_in_ibs_listings(harness: Harness) -> None:
    async with harness.running():
        harness.broker.connect()
        harness.broker._highest = 70  # listed, and counted by no handshake
        await harness.ready()
        harness.broker.forget()
        card = await one_yes(harness)
        await harness.until_settled(card)

    assert [order.order_id for order in harness.broker.sent] == [71]


async def test_fees_that_were_missed_are_taken_from_the_pass(harness: Harness) -> None:
    async with harness.trading():
        harness.reached = when("W2", harness.drop_events)
        card = await one_yes(harness)
        await until(lambda: harness.states(card) == ["filled"])

    assert harness.orders(card)[0].commission == money("1.00")


async def test_an_absent_order_that_is_only_listed_is_a_ghost(harness: Harness) -> None:
    harness.broker.behaviour = BrokerBehaviour.LOSES
    async with harness.trading():
        card = await one_yes(harness)
        await until(lambda: harness.states(card) == ["absent"])
        await harness.ready()
        harness.broker.behaviour = BrokerBehaviour.HOLDS
        harness.drop_events()  # nothing is said of it
        harness.broker.place(harness.broker.sent[0])
        harness.broker.connect()
        await until(lambda: harness.states(card) == ["cancelled"])

    assert len(harness.news(Ghost)) == 1
    assert harness.engine.queries.status().halted is not None


async def test_an_order_without_a_first_word_is_looked_up(harness: Harness) -> None:
    async with harness.trading():
        harness.engine._parts.trader.sender.ledger = harness.ledger(Hasty)
        harness.reached = when("W2", harness.drop_events)
        card = await one_yes(harness)
        await until(lambda: harness.states(card) == ["filled"])

    assert RECOVER_ADOPT in harness.points
    assert harness.news(InDoubt) == []


async def test_an_order_that_two_passes_do_not_find_is_fenced_before_its_time_is_up(
    tmp_path: Path,
) -> None:
    timeouts = replace(AT_ONCE, ack=1e6)
    with an_open_harness(tmp_path, timeouts=timeouts) as harness:
        harness.broker.behaviour = BrokerBehaviour.LOSES
        async with harness.trading():
            card = await one_yes(harness)
            await until(lambda: harness.broker.sent)
            (order,) = harness.orders(card)
            harness.broker.say(
                CodeMessage(
                    order_id=order.order_id or 0,
                    code=103,
                    text="Duplicate order id",
                    meaning=Meaning.LOOK,
                )
            )
            await until(lambda: harness.states(card) == ["absent"])


async def test_a_code_that_is_no_verdict_is_no_echo_of_a_pass(harness: Harness) -> None:
    harness.broker.behaviour = BrokerBehaviour.HOLDS
    async with harness.trading():
        card = await one_yes(harness)
        await until(lambda: harness.states(card) == ["acked"])
        (order,) = harness.orders(card)
        before = harness.broker.passes

        def said_in_the_first() -> None:
            if harness.broker.passes == before + 1:
                harness.broker.say(
                    CodeMessage(
                        order_id=order.order_id or 0,
                        code=103,
                        text="Duplicate order id",
                        meaning=Meaning.LOOK,
                    )
                )

        harness.broker.meanwhile = said_in_the_first
        harness.broker.connect()
        await until(lambda: harness.broker.passes == before + 2)
        await harness.ready()
