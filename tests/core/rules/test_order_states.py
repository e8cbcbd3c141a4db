"""The ways of an order through its states."""

from datetime import timedelta

import pytest

from core.model.order import OrderState as S
from core.model.order_events import (
    Acked,
    CancelAsked,
    Cancelled,
    Held,
    HumanClosed,
    Lapsed,
    Noted,
    NotSent,
    OrderEvent,
    PriceMoved,
    Refused,
)
from core.rules.order_states import advance
from tests.builders import (
    NOW,
    PERM_ID,
    a_sent_order,
    an_order,
)
from tests.core.rules.learning import (
    ABSENT,
    ACKED,
    CANCELLED,
    FIRST,
    REF,
    REJECTED,
    SECOND,
    SENT,
    SILENT,
    after,
    filled,
)


def test_an_order_is_sent_under_its_names() -> None:
    assert after(an_order(), SENT) == a_sent_order()


def test_the_first_word_from_ib_acknowledges() -> None:
    order = after(a_sent_order(), ACKED)

    assert (order.state, order.perm_id) == (S.ACKED, PERM_ID)


def test_a_word_without_a_perm_id_does_not_forget_the_known_one() -> None:
    order = after(a_sent_order(), ACKED, Acked(ref=REF, perm_id=0))

    assert order.perm_id == PERM_ID


def test_the_fill_can_overtake_the_acknowledgement() -> None:
    order = after(a_sent_order(), filled(FIRST), ACKED)

    assert (order.state, order.perm_id) == (S.PARTIAL, PERM_ID)


def test_the_last_fill_closes_the_order() -> None:
    order = after(a_sent_order(), ACKED, filled(FIRST))
    assert order.state is S.PARTIAL

    assert after(order, filled(SECOND)).state is S.FILLED


def test_a_cancelled_rest_leaves_a_part() -> None:
    order = after(a_sent_order(), ACKED, filled(FIRST), CANCELLED)

    assert (order.state, order.filled) == (S.PARTIAL_DONE, 40)


def test_a_refused_rest_leaves_a_part_too() -> None:
    order = after(a_sent_order(), filled(FIRST), REJECTED)

    assert (order.state, order.reason) == (S.PARTIAL_DONE, "no funds")


def test_a_fill_after_the_cancellation_still_counts() -> None:
    order = after(a_sent_order(), ACKED, CANCELLED, filled(FIRST))

    assert (order.state, order.filled) == (S.PARTIAL_DONE, 40)
    assert after(order, filled(SECOND)).state is S.FILLED


def test_the_word_cancelled_does_not_hide_a_rejection() -> None:
    order = after(a_sent_order(), REJECTED, Cancelled(ref=REF, reason="bye"))

    assert (order.state, order.reason) == (S.REJECTED, "no funds")


def test_a_reason_is_kept_when_the_next_word_has_none() -> None:
    order = after(a_sent_order(), Cancelled(ref=REF, reason="price check"), CANCELLED)

    assert order.reason == "price check"


def test_a_reason_may_follow_the_word() -> None:
    order = after(a_sent_order(), CANCELLED, Cancelled(ref=REF, reason="price check"))

    assert order.reason == "price check"


def test_what_was_filled_cannot_be_absent() -> None:
    order = after(a_sent_order(), filled(FIRST), SILENT, ABSENT)

    assert order.state is S.UNKNOWN


@pytest.mark.parametrize("doubt", [SILENT, ABSENT])
def test_late_evidence_leads_back_and_takes_back_the_words(doubt: OrderEvent) -> None:
    order = after(a_sent_order(), doubt, ACKED)

    assert (order.state, order.reason) == (S.ACKED, None)
    assert after(a_sent_order(), doubt, filled(FIRST)).state is S.PARTIAL
    assert after(a_sent_order(), doubt, filled(FIRST)).reason is None
    assert after(a_sent_order(), doubt, CANCELLED).state is S.CANCELLED
    assert after(a_sent_order(), doubt, REJECTED).state is S.REJECTED


def test_an_order_that_vanished_is_unknown_with_its_fills() -> None:
    order = after(a_sent_order(), ACKED, filled(FIRST), SILENT)

    assert (order.state, order.filled) == (S.UNKNOWN, 40)
    assert after(order, filled(SECOND)).state is S.FILLED


def test_a_human_closes_what_nobody_knows_and_evidence_still_counts() -> None:
    gone = HumanClosed(ref=REF, there=False, reason="is not there")
    closed = after(a_sent_order(), SILENT, gone)

    assert (closed.state, closed.reason) == (S.CLOSED_BY_HUMAN, "is not there")
    assert after(closed, filled(FIRST)).state is S.PARTIAL


def test_a_planned_order_ends_without_being_sent() -> None:
    lapsed = after(an_order(), Lapsed(ref=REF, reason="halted"))
    moved = after(an_order(), PriceMoved(ref=REF, reason="24.10 now"))

    assert (lapsed.state, lapsed.reason) == (S.LAPSED, "halted")
    assert (moved.state, moved.reason) == (S.NEEDS_RECONFIRM, "24.10 now")


def test_an_order_of_which_no_byte_left_was_not_sent() -> None:
    order = after(a_sent_order(), NotSent(ref=REF, reason="stood still"))

    assert (order.state, order.reason) == (S.LAPSED, "stood still")


@pytest.mark.parametrize("state", [S.SENDING, S.UNKNOWN])
def test_a_refusal_is_kept_until_a_listing_confirms_it(state: S) -> None:
    order = after(a_sent_order(state=state), Refused(ref=REF, reason="no funds"))

    assert (order.state, order.refused, order.reason) == (state, *["no funds"] * 2)


def test_a_held_order_knows_until_when() -> None:
    held = Held(ref=REF, until=NOW + timedelta(days=1), text="until the open")

    order = after(a_sent_order(), ACKED, held)

    assert (order.state, order.held_until) == (S.ACKED, NOW + timedelta(days=1))
    assert order.reason == "until the open"
    assert after(order, filled(FIRST)).held_until is None


def test_asking_to_cancel_is_not_being_cancelled() -> None:
    order = after(a_sent_order(), ACKED, CancelAsked(ref=REF, by="Sam"))

    assert (order.state, order.cancel_asked) == (S.ACKED, True)


def test_a_cancel_before_the_send_does_not_count_for_an_order_that_ib_shows() -> None:
    """R16. It ended as not sent; an older copy of this journal had sent it."""
    taken_back = after(
        an_order(), CancelAsked(ref=REF, by="Sam"), Lapsed(ref=REF, reason="taken back")
    )

    order = after(taken_back, ACKED)

    assert (order.state, order.cancel_asked) == (S.ACKED, False)


def test_a_note_changes_words_only() -> None:
    order = after(a_sent_order(), ACKED, Noted(ref=REF, reason="GTC became DAY"))

    assert (order.state, order.reason) == (S.ACKED, "GTC became DAY")


def test_what_was_noted_on_the_way_is_kept() -> None:
    note = Noted(ref=REF, reason="GTC became DAY")

    acknowledged = after(a_sent_order(), note, ACKED)
    whole = after(acknowledged, filled(FIRST), filled(SECOND), ACKED)

    assert acknowledged.reason == "GTC became DAY"
    assert (whole.state, whole.reason) == (S.FILLED, "GTC became DAY")


@pytest.mark.attack(23)
@pytest.mark.parametrize("state", [S.ACKED, S.PARTIAL, S.SENDING, S.UNKNOWN])
def test_a_note_of_the_way_does_not_say_why_it_was_cancelled(state: S) -> None:
    order = a_sent_order(state=state, reason="held until 09:30 (TWS 399)")

    ended = advance(order, Cancelled(ref=order.ref, reason=None))

    assert ended.reason is None


@pytest.mark.attack(23)
def test_a_second_word_of_a_cancellation_keeps_the_reason_of_the_first() -> None:
    order = a_sent_order(state=S.CANCELLED, reason="too late (TWS 202)")

    assert advance(order, Cancelled(ref=order.ref, reason=None)).reason == order.reason
