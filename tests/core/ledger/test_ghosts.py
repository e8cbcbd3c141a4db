"""What turns up although it should not be there halts the trading."""

import pytest

from core.ledger.orders import Ledger
from core.model.news import Ghost
from core.model.order import OrderState
from core.model.order_events import (
    Cancelled,
    Filled,
    FoundAbsent,
    HumanClosed,
    Lapsed,
    OrderEvent,
    PriceMoved,
    Rejected,
)
from tests.builders import (
    a_fill,
)
from tests.core.ledger.facts import ACKED, FILLED, REF, SILENT, send
from tests.harness.core import Harness


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
    harness: Harness, ledger: Ledger, how: OrderState, shown: OrderEvent
) -> None:
    ended(ledger, how)
    ledger.learn(shown)

    assert harness.news(Ghost)[0].ref == REF
    assert how in (harness.halts().halted or "")


@pytest.mark.parametrize("how", NEVER_THERE)
def test_only_a_ghost_that_can_be_cancelled_is_called_so(
    harness: Harness, ledger: Ledger, how: OrderState
) -> None:
    ended(ledger, how)
    ledger.learn(ACKED)

    was_sent = how in {OrderState.ABSENT, OrderState.CLOSED_BY_HUMAN}
    assert ("being cancelled" in harness.news(Ghost)[0].text) is was_sent
    assert [order.ref for order in ledger.unwanted()] == ([REF] if was_sent else [])


@pytest.mark.parametrize("how", NEVER_THERE)
def test_one_that_was_never_sent_from_here_shows_an_old_copy(
    harness: Harness, ledger: Ledger, how: OrderState
) -> None:
    """Each is written before it is sent: the journal that has sent it is another one, and
    what that has written of exits since is not known here."""
    ended(ledger, how)
    ledger.learn(ACKED)

    was_sent = how in {OrderState.ABSENT, OrderState.CLOSED_BY_HUMAN}
    (ghost,) = harness.news(Ghost)
    assert ghost.old_copy is not was_sent
    assert [halt.old_copy for halt in harness.halts().all()] == [not was_sent]


@pytest.mark.parametrize(
    "end", [Cancelled(ref=REF, reason=None), Rejected(ref=REF, reason="no")]
)
def test_what_had_ended_at_ib_and_lives_is_a_ghost(
    harness: Harness, ledger: Ledger, end: OrderEvent
) -> None:
    send(ledger)
    ledger.learn(end)
    ledger.learn(ACKED)

    assert len(harness.news(Ghost)) == 1


def test_a_late_fill_of_a_cancelled_order_is_counted_and_no_ghost(
    harness: Harness, ledger: Ledger
) -> None:
    send(ledger)
    ledger.learn(Cancelled(ref=REF, reason=None))
    order = ledger.learn(Filled(ref=REF, fill=a_fill(shares=40)))

    assert order.state is OrderState.PARTIAL_DONE
    assert harness.news(Ghost) == []


def test_what_the_owner_saw_there_is_no_ghost(harness: Harness, ledger: Ledger) -> None:
    send(ledger)
    ledger.learn(SILENT)
    ledger.learn(HumanClosed(ref=REF, there=True, reason="it is there"))
    order = ledger.learn(FILLED)

    assert order.state is OrderState.FILLED
    assert harness.news(Ghost) == []
    assert harness.halts().halted is None
