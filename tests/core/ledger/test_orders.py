"""Order state is written, then told; ids are used once; ghosts halt."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.ledger.orders import ORDER_ID_HIGH, Ledger
from core.model.errors import Contradiction
from core.model.news import CardChanged, Ghost, InDoubt, Settled, TradingHalted
from core.model.order import (
    Acked,
    CancelAsked,
    Cancelled,
    Charged,
    Filled,
    FoundAbsent,
    HumanClosed,
    Lapsed,
    Noted,
    Order,
    OrderEvent,
    OrderRef,
    OrderState,
    PriceMoved,
    Rejected,
    Sent,
    WentSilent,
)
from core.model.proposal import Choice, Tap
from tests.builders import (
    MONDAY,
    NOW,
    ORDER_ID,
    PERM_ID,
    a_fill,
    a_proposal,
    an_order,
    money,
)
from tests.core.trading import OWNER, House, turns


REF = an_order().ref
SILENT = WentSilent(ref=REF, reason="no word", position_now=5)
ACKED = Acked(ref=REF, perm_id=PERM_ID)
FILLED = Filled(ref=REF, fill=a_fill())


@pytest.fixture
def ledger(house: House) -> Ledger:
    """One Yes: both orders are planned."""
    proposal = a_proposal()
    house.cards().offer(proposal, key="a")
    tap = Tap(
        token=proposal.token,
        choice=Choice.YES,
        shown=proposal.shown,
        by=OWNER,
        at=NOW,
    )
    house.cards().decide(tap, proposal, proposal.legs)
    house.points.clear()
    return house.ledger()


def sent(order_id: int = ORDER_ID, ref: OrderRef = REF) -> Sent:
    return Sent(
        ref=ref,
        order_id=order_id,
        client_id=7,
        position_before=0,
        at=NOW,
        day=MONDAY,
        epoch=1,
    )


def send(ledger: Ledger) -> Order:
    return ledger.send(an_order(), sent())


def test_sending_is_on_disk_with_its_id(house: House, ledger: Ledger) -> None:
    order = send(ledger)

    assert house.journal.order(REF) == order
    assert order.state is OrderState.SENDING
    assert house.journal.recall(ORDER_ID_HIGH) == str(ORDER_ID)
    assert house.points == ["pre-W2", "in-W2", "W2"]


def test_an_order_id_is_never_given_twice_nor_lowered(
    house: House, ledger: Ledger
) -> None:
    send(ledger)
    with pytest.raises(Contradiction):
        ledger.send(an_order(leg=2), sent(ref=an_order(leg=2).ref))

    planned = house.journal.order(an_order(leg=2).ref)
    assert planned is not None
    assert planned.state is OrderState.PLANNED


def test_an_order_is_sent_once_whatever_the_caller_believes(ledger: Ledger) -> None:
    send(ledger)
    with pytest.raises(Contradiction):
        ledger.send(an_order(), sent(ORDER_ID + 1))


def test_an_order_that_nobody_knows_cannot_learn(ledger: Ledger) -> None:
    with pytest.raises(LookupError):
        ledger.learn(Acked(ref=OrderRef("tb-zzzzzzzzzz-1"), perm_id=1))


def test_what_is_learned_twice_is_written_once(house: House, ledger: Ledger) -> None:
    send(ledger)
    ledger.learn(ACKED)
    lines = len(list(house.journal.lines()))
    again = ledger.learn(ACKED)

    assert again.state is OrderState.ACKED
    assert len(list(house.journal.lines())) == lines


@pytest.mark.parametrize(
    ("event", "point"),
    [
        (ACKED, "W3"),
        (FILLED, "W4"),
        (Rejected(ref=REF, reason="no"), "W5"),
        (Noted(ref=REF, reason="a warning"), "noted"),
        (CancelAsked(ref=REF, by=OWNER), "noted"),
    ],
)
def test_each_event_has_its_write_ahead_point(
    house: House, ledger: Ledger, event: OrderEvent, point: str
) -> None:
    send(ledger)
    ledger.learn(event)

    assert house.points[-1] == point


def test_doubt_is_told_once_with_the_position(house: House, ledger: Ledger) -> None:
    send(ledger)
    ledger.learn(SILENT)
    ledger.learn(replace(SILENT, reason="still no word"))

    assert house.news(InDoubt) == [InDoubt(ref=REF, position_now=5)]


def test_the_end_is_told_when_the_last_order_has_ended(
    house: House, ledger: Ledger
) -> None:
    send(ledger)
    ledger.learn(FILLED)
    early = house.news(Settled)
    ledger.learn(Lapsed(ref=an_order(leg=2).ref, reason="no"))

    assert early == []
    assert len(house.news(Settled)) == 1


def test_a_new_card_speaks_for_the_orders_that_it_asks_about(
    house: House, ledger: Ledger
) -> None:
    for leg in (1, 2):
        ledger.learn(PriceMoved(ref=an_order(leg=leg).ref, reason="28.00 now"))

    assert house.news(Settled) == []


def test_a_charge_waits_for_its_fill(house: House, ledger: Ledger) -> None:
    send(ledger)
    ledger.charge(a_fill().exec_id, money("1.00"))
    order = ledger.learn(FILLED)

    assert order.commission == money("1.00")


def test_a_charge_finds_its_fill(house: House, ledger: Ledger) -> None:
    send(ledger)
    ledger.learn(FILLED)
    ledger.charge(a_fill().exec_id, money("1.00"))

    order = house.journal.order(REF)
    assert order is not None
    assert order.commission == money("1.00")
    assert house.points[-1] == "noted"


def test_a_charge_of_nothing_ours_changes_nothing(house: House, ledger: Ledger) -> None:
    ledger.charge("somebody's", money("1.00"))

    assert house.points == []


async def test_an_order_that_ib_names_has_left_sending(ledger: Ledger) -> None:
    send(ledger)
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(ledger.past_sending(REF, within=5.0), name="wait")
        await turns()
        ledger.learn(ACKED)

    assert waiting.result()


async def test_an_answer_before_anybody_waits_counts_too(ledger: Ledger) -> None:
    send(ledger)
    ledger.learn(ACKED)

    assert await ledger.past_sending(REF, within=0.0)


async def test_silence_is_noticed_after_a_while(ledger: Ledger) -> None:
    send(ledger)
    ledger.learn(Charged(ref=REF, exec_id="x", commission=money("1")))

    assert not await ledger.past_sending(REF, within=0.01)


def ended(ledger: Ledger, how: OrderState) -> None:
    """The order comes to such an end, or has not begun."""
    if how is OrderState.PLANNED:
        return
    if how is OrderState.LAPSED:
        ledger.learn(Lapsed(ref=REF, reason="no"))
        return
    if how is OrderState.NEEDS_RECONFIRM:
        ledger.learn(PriceMoved(ref=REF, reason="28.00 now"))
        return
    send(ledger)
    if how is OrderState.ABSENT:
        ledger.learn(FoundAbsent(ref=REF, reason="never reached IB"))
    else:
        ledger.learn(SILENT)
        gone = HumanClosed(ref=REF, there=False, reason="it is not there")
        ledger.learn(gone)


NEVER_THERE = [
    OrderState.PLANNED,
    OrderState.LAPSED,
    OrderState.NEEDS_RECONFIRM,
    OrderState.ABSENT,
    OrderState.CLOSED_BY_HUMAN,
]


@pytest.mark.parametrize("how", NEVER_THERE)
@pytest.mark.parametrize("shown", [ACKED, FILLED, Cancelled(ref=REF, reason=None)])
def test_what_should_not_be_there_and_turns_up_is_a_ghost_and_halts(
    house: House, ledger: Ledger, how: OrderState, shown: OrderEvent
) -> None:
    ended(ledger, how)
    ledger.learn(shown)

    assert house.news(Ghost)[0].ref == REF
    assert ledger.halted is not None
    assert how in ledger.halted


@pytest.mark.parametrize(
    "end", [Cancelled(ref=REF, reason=None), Rejected(ref=REF, reason="no")]
)
def test_what_had_ended_at_ib_and_lives_is_a_ghost(
    house: House, ledger: Ledger, end: OrderEvent
) -> None:
    send(ledger)
    ledger.learn(end)
    ledger.learn(ACKED)

    assert len(house.news(Ghost)) == 1


def test_a_late_fill_of_a_cancelled_order_is_counted_and_no_ghost(
    house: House, ledger: Ledger
) -> None:
    send(ledger)
    ledger.learn(Cancelled(ref=REF, reason=None))
    order = ledger.learn(Filled(ref=REF, fill=a_fill(shares=40)))

    assert order.state is OrderState.PARTIAL_DONE
    assert house.news(Ghost) == []


def test_what_the_owner_saw_there_is_no_ghost(house: House, ledger: Ledger) -> None:
    send(ledger)
    ledger.learn(SILENT)
    ledger.learn(HumanClosed(ref=REF, there=True, reason="it is there"))
    order = ledger.learn(FILLED)

    assert order.state is OrderState.FILLED
    assert house.news(Ghost) == []
    assert ledger.halted is None


def test_a_stranger_with_our_prefix_is_told_once(house: House, ledger: Ledger) -> None:
    ledger.meet_ghost("tb-zzzzzzzzzz-1", "IB holds it")
    ledger.resume(by=OWNER)
    ledger.meet_ghost("tb-zzzzzzzzzz-1", "IB holds it")

    assert len(house.news(Ghost)) == 1
    assert ledger.halted is None


def test_a_halt_survives_and_is_told_once(house: House, ledger: Ledger) -> None:
    ledger.halt(by="the bot", reason="a fire", tell=True)
    ledger.halt(by="the bot", reason="a flood", tell=True)

    assert house.ledger().halted == "a fire"
    assert [news.reason for news in house.news(TradingHalted)] == ["a fire"]


def test_the_owner_is_not_told_of_his_own_halt(house: House, ledger: Ledger) -> None:
    ledger.halt(by=OWNER, reason="lunch", tell=False)

    assert house.news(TradingHalted) == []


def test_resume_ends_a_halt(ledger: Ledger) -> None:
    ledger.halt(by=OWNER, reason="lunch", tell=False)
    ledger.resume(by=OWNER)

    assert ledger.halted is None


def test_news_is_kept_and_somebody_is_woken(house: House, ledger: Ledger) -> None:
    woken = house.notifier.woken
    ledger.announce([CardChanged(proposal_id=a_proposal().id)])

    assert house.notifier.woken == woken + 1


def test_a_halt_and_a_change_are_audited(house: House, ledger: Ledger) -> None:
    send(ledger)
    ledger.halt(by=OWNER, reason="lunch", tell=False)

    kinds = [line.kind for line in house.journal.lines()]
    assert kinds[-2:] == ["Sent", "halt"]
    assert house.journal.verify() == ()


@pytest.fixture(autouse=True)
def _whole_trail(house: House) -> Iterator[None]:
    """Whatever was written: the audit trail holds."""
    yield
    assert house.journal.verify() == ()
