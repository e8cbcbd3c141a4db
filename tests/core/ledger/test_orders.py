"""Order state is written, then told; ids are used once; ghosts halt."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from core.ledger.orders import Ledger
from core.model.errors import Contradiction, OutOfDate
from core.model.money import Shares
from core.model.news import CardChanged, InDoubt, Settled
from core.model.order import OrderRef, OrderState
from core.model.order_events import (
    Acked,
    Amended,
    CancelAsked,
    Charged,
    Lapsed,
    Noted,
    OrderEvent,
    PriceMoved,
    Rejected,
)
from tests.builders import (
    ORDER_ID,
    a_fill,
    a_proposal,
    an_order,
    money,
)
from tests.core.ledger.facts import ACKED, FILLED, REF, SILENT, send, send_as, sent
from tests.harness.core import OWNER, Harness
from tests.harness.waiting import turns


def test_sending_is_on_disk_with_its_id(harness: Harness, ledger: Ledger) -> None:
    order = send(ledger)

    assert harness.journal.orders.by_ref(REF) == order
    assert order.state is OrderState.SENDING
    assert harness.journal.memory.order_id_high() == ORDER_ID
    assert harness.points == ["pre-W2", "in-W2", "W2"]


def test_an_order_id_is_never_given_twice_nor_lowered(
    harness: Harness, ledger: Ledger
) -> None:
    send(ledger)
    with pytest.raises(Contradiction):
        send_as(ledger, sent(ref=an_order(leg=2).ref))

    planned = harness.journal.orders.by_ref(an_order(leg=2).ref)
    assert planned is not None
    assert planned.state is OrderState.PLANNED


def test_an_order_is_sent_once_whatever_the_caller_believes(ledger: Ledger) -> None:
    send(ledger)
    with pytest.raises(OutOfDate, match="sending"):
        send_as(ledger, sent(ORDER_ID + 1))


def test_an_order_that_nobody_knows_cannot_learn(ledger: Ledger) -> None:
    with pytest.raises(LookupError):
        ledger.learn(Acked(ref=OrderRef("tb-zzzzzzzzzz-1"), perm_id=1))


def test_what_is_learned_twice_is_written_once(
    harness: Harness, ledger: Ledger
) -> None:
    send(ledger)
    ledger.learn(ACKED)
    lines = len(list(harness.journal.trail.lines()))
    again = ledger.learn(ACKED)

    assert again.state is OrderState.ACKED
    assert len(list(harness.journal.trail.lines())) == lines


@pytest.mark.parametrize(
    ("event", "point"),
    [
        (ACKED, "W3"),
        (FILLED, "W4"),
        (Rejected(ref=REF, reason="no"), "W5"),
        (Noted(ref=REF, reason="a warning"), "noted"),
        (Amended(ref=REF, shares=Shares(200), reason="for 200"), "noted"),
        (CancelAsked(ref=REF, by=OWNER), "noted"),
    ],
)
def test_each_event_has_its_write_ahead_point(
    harness: Harness, ledger: Ledger, event: OrderEvent, point: str
) -> None:
    send(ledger)
    ledger.learn(event)

    assert harness.points[-1] == point


def test_doubt_is_told_once_with_the_position(harness: Harness, ledger: Ledger) -> None:
    send(ledger)
    ledger.learn(SILENT)
    ledger.learn(replace(SILENT, reason="still no word"))

    assert harness.news(InDoubt) == [InDoubt(ref=REF, position_now=Decimal(5))]


def test_the_end_is_told_when_the_last_order_has_ended(
    harness: Harness, ledger: Ledger
) -> None:
    send(ledger)
    ledger.learn(FILLED)
    early = harness.news(Settled)
    ledger.learn(Lapsed(ref=an_order(leg=2).ref, reason="no"))

    assert early == []
    assert len(harness.news(Settled)) == 1


def test_a_new_card_speaks_for_the_orders_that_it_asks_about(
    harness: Harness, ledger: Ledger
) -> None:
    for leg in (1, 2):
        ledger.learn(PriceMoved(ref=an_order(leg=leg).ref, reason="28.00 now"))

    assert harness.news(Settled) == []


def test_a_charge_waits_for_its_fill(harness: Harness, ledger: Ledger) -> None:
    send(ledger)
    ledger.charge(a_fill().exec_id, money("1.00"))
    order = ledger.learn(FILLED)

    assert order.commission == money("1.00")


def test_a_charge_finds_its_fill(harness: Harness, ledger: Ledger) -> None:
    send(ledger)
    ledger.learn(FILLED)
    ledger.charge(a_fill().exec_id, money("1.00"))

    order = harness.journal.orders.by_ref(REF)
    assert order is not None
    assert order.commission == money("1.00")
    assert harness.points[-1] == "noted"


def test_a_charge_of_nothing_ours_changes_nothing(
    harness: Harness, ledger: Ledger
) -> None:
    ledger.charge("somebody's", money("1.00"))

    assert harness.points == []


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


def test_news_is_kept_and_somebody_is_woken(harness: Harness) -> None:
    woken = harness.notifier.woken
    harness.unit().announce(CardChanged(proposal_id=a_proposal().id))

    assert harness.notifier.woken == woken + 1


def test_a_halt_and_a_change_are_audited(harness: Harness, ledger: Ledger) -> None:
    send(ledger)
    harness.halts().halt(by=OWNER, reason="lunch", notify=False)

    kinds = [line.kind for line in harness.journal.trail.lines()]
    assert kinds[-2:] == ["Sent", "halt"]
    assert harness.journal.verify() == ()


@pytest.mark.attack(23)
@pytest.mark.parametrize("charge_comes_first", ["yes", "no"])
def test_a_fee_in_another_currency_is_kept_apart_from_dollars(
    harness: Harness, ledger: Ledger, charge_comes_first: str
) -> None:
    send(ledger)
    if charge_comes_first == "yes":
        ledger.charge(a_fill().exec_id, Decimal("0.92"), "EUR")
        ledger.learn(FILLED)
    else:
        ledger.learn(FILLED)
        ledger.charge(a_fill().exec_id, Decimal("0.92"), "EUR")

    order = harness.journal.orders.by_ref(REF)
    assert order is not None
    assert (order.commission, order.fees) == (None, {"EUR": Decimal("0.92")})
    assert order.is_charged
    assert order.reason is None
