"""What is kept of an order, of a halt and of a ghost, and what is told of them."""

from decimal import Decimal

import pytest

from core.ledger.orders import Ledger
from core.model.errors import Contradiction
from core.model.money import Shares
from core.model.news import (
    CardChanged,
    Ghost,
    InDoubt,
    News,
    ScanFailed,
    Settled,
)
from core.model.order import OrderState
from core.model.order_events import (
    CancelAsked,
    Cancelled,
    Charged,
    Filled,
    Held,
    Lapsed,
    PriceMoved,
)
from tests.builders import (
    ORDER_ID,
    PROPOSAL_ID,
    a_fill,
    a_proposal,
    a_shown,
    an_order,
    money,
)
from tests.core.ledger.facts import ACKED, FILLED, REF, SILENT, send, send_as, sent
from tests.harness.core import OWNER, Harness
from tests.harness.waiting import turns
from tests.values import a_halt


OTHER = an_order(leg=2).ref


def editions(harness: Harness) -> int:
    """How often the card was asked to be drawn."""
    changed = CardChanged(proposal_id=a_proposal().id)
    return sum(i.edition for i in harness.journal.outbox.unsent() if i.news == changed)


@pytest.mark.parametrize("number", [ORDER_ID, ORDER_ID - 1, 1])
def test_an_order_id_that_is_not_new_is_named_and_refused(
    ledger: Ledger, number: int
) -> None:
    send(ledger)

    with pytest.raises(Contradiction, match="was used before"):
        send_as(ledger, sent(number, ref=OTHER))


def test_every_change_of_an_order_redraws_its_card(
    harness: Harness, ledger: Ledger
) -> None:
    before = editions(harness)
    send(ledger)
    ledger.learn(ACKED)

    assert editions(harness) == before + 2


async def test_a_word_that_ends_nothing_leaves_it_sending(ledger: Ledger) -> None:
    send(ledger)
    ledger.learn(CancelAsked(ref=REF, by=OWNER))

    assert not await ledger.past_sending(REF, within=0.01)


def test_a_second_report_of_a_charge_replaces_the_first(
    harness: Harness, ledger: Ledger
) -> None:
    send(ledger)
    ledger.learn(FILLED)
    ledger.charge(a_fill().exec_id, money("1.00"))
    ledger.learn(Charged(ref=REF, exec_id=a_fill().exec_id, commission=money("2.00")))

    order = harness.journal.orders.by_ref(REF)
    assert order is not None
    assert order.commission == money("2.00")


def test_an_order_that_is_held_is_noted(harness: Harness, ledger: Ledger) -> None:
    send(ledger)
    ledger.learn(Held(ref=REF, until=None, text="held until the open"))

    assert harness.points[-1] == "noted"


@pytest.mark.parametrize("known", [True, False])
def test_a_doubt_is_told_only_where_there_was_none(
    harness: Harness, ledger: Ledger, *, known: bool
) -> None:
    send(ledger)
    if known:
        ledger.learn(ACKED)
    ledger.learn(SILENT)

    assert harness.news(InDoubt) == [InDoubt(ref=REF, position_now=Decimal(5))]


def test_what_does_not_end_an_order_settles_nothing(
    harness: Harness, ledger: Ledger
) -> None:
    ledger.learn(Lapsed(ref=OTHER, reason="no"))
    send(ledger)
    ledger.learn(ACKED)

    assert harness.news(Settled) == []


def test_the_end_is_told_once(harness: Harness, ledger: Ledger) -> None:
    ledger.learn(Lapsed(ref=OTHER, reason="no"))
    send(ledger)
    ledger.learn(FILLED)
    (item,) = (
        i for i in harness.journal.outbox.unsent() if isinstance(i.news, Settled)
    )
    with harness.journal.transaction():
        harness.journal.outbox.mark_sent(item.news, edition=item.edition, message=1)
    ledger.charge(a_fill().exec_id, money("1.00"))

    assert harness.news(Settled) == []


@pytest.mark.attack(14)
def test_a_fill_that_comes_behind_the_end_that_was_told_is_told(
    harness: Harness, ledger: Ledger
) -> None:
    ledger.learn(Lapsed(ref=OTHER, reason="no"))
    send(ledger)
    ledger.learn(ACKED)
    ledger.learn(Cancelled(ref=REF, reason=None))
    (end,) = harness.news(Settled)
    with harness.journal.transaction():
        harness.journal.outbox.mark_sent(end, edition=1, message=1)
    ledger.learn(FILLED)

    assert [each.proposal_id for each in harness.news(Settled)] == [PROPOSAL_ID]


def test_an_order_that_was_sent_is_told_though_the_other_is_asked_about_again(
    harness: Harness, ledger: Ledger
) -> None:
    send(ledger)
    ledger.learn(FILLED)
    ledger.learn(PriceMoved(ref=OTHER, reason="28.00 now"))

    assert len(harness.news(Settled)) == 1


def test_where_nothing_was_sent_the_new_card_speaks_for_itself(
    harness: Harness, ledger: Ledger
) -> None:
    ledger.learn(Lapsed(ref=REF, reason="no price"))
    ledger.learn(PriceMoved(ref=OTHER, reason="28.00 now"))

    assert harness.news(Settled) == []


def test_a_ghost_is_in_the_trail(harness: Harness) -> None:
    harness.others().meet_ghost("tb-zzzzzzzzzz-1", "IB lists it")

    (line,) = (each for each in harness.journal.trail.lines() if each.kind == "ghost")
    assert (line.ref, line.payload) == ("tb-zzzzzzzzzz-1", "IB lists it")
    assert [ghost.ref for ghost in harness.news(Ghost)] == ["tb-zzzzzzzzzz-1"]


def test_a_halt_and_its_end_are_in_the_trail_of_no_order(harness: Harness) -> None:
    halts = harness.halts()
    halts.halt(by=OWNER, reason="lunch", notify=False)
    halts.resume(by=OWNER, named=halts.all())

    *_, halt, resume = harness.journal.trail.lines()
    assert (halt.ref, halt.kind, halt.payload) == ("", "halt", "by Ada: lunch")
    assert (resume.ref, resume.kind, resume.payload) == ("", "resume", "by Ada: lunch")


def test_what_is_announced_is_kept(harness: Harness) -> None:
    news: News = ScanFailed(shown=a_shown(), problem="nothing")
    harness.unit().announce(news)

    assert harness.news(ScanFailed) == [news]


def test_what_the_ledger_remembers_outlives_the_process(
    harness: Harness, ledger: Ledger
) -> None:
    send(ledger)
    harness.halts().halt(by=OWNER, reason="lunch", notify=False)
    harness.restart()

    assert harness.journal.memory.halts() == (a_halt("lunch"),)
    assert harness.journal.memory.order_id_high() == ORDER_ID


async def test_part_of_an_order_that_was_cancelled_has_left_sending(
    ledger: Ledger,
) -> None:
    send(ledger)
    ledger.learn(Filled(ref=REF, fill=a_fill(shares=Shares(40))))
    order = ledger.learn(Cancelled(ref=REF, reason=None))
    await turns()

    assert order.state is OrderState.PARTIAL_DONE
    assert await ledger.past_sending(REF, within=0.0)
