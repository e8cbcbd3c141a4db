"""The state table as data, and what every event leaves on an order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any, get_args

import pytest
from hypothesis import given, strategies as st

from core.model.money import Shares
from core.model.order import (
    FINAL,
    IN_DOUBT,
    WORKING,
    Acked,
    CancelAsked,
    Cancelled,
    Charged,
    Fill,
    Filled,
    FoundAbsent,
    Held,
    HumanClosed,
    Lapsed,
    Noted,
    Order,
    OrderEvent,
    OrderState as S,
    PriceMoved,
    Rejected,
    Sent,
    WentSilent,
)
from core.rules.order_states import STEPS, advance
from tests.builders import (
    CLIENT_ID,
    MONDAY,
    NOW,
    ORDER_ID,
    PERM_ID,
    a_fill,
    a_sent_order,
    an_order,
    money,
    price,
)


REF = an_order().ref
EVENTS: tuple[type[OrderEvent], ...] = get_args(OrderEvent)
EVIDENCE = (Acked, Filled, Cancelled, Rejected)
FIRST = a_fill(exec_id="aa.01.01", shares=Shares(40))
SECOND = a_fill(exec_id="bb.01.01", shares=Shares(60), at=NOW + timedelta(seconds=2))

SENT = Sent(
    ref=REF,
    order_id=ORDER_ID,
    client_id=CLIENT_ID,
    position_before=0,
    at=NOW,
    day=MONDAY,
    epoch=1,
)
ACKED = Acked(ref=REF, perm_id=PERM_ID)
CANCELLED = Cancelled(ref=REF, reason=None)
REJECTED = Rejected(ref=REF, reason="no funds")
SILENT = WentSilent(ref=REF, reason="no answer")
ABSENT = FoundAbsent(ref=REF, reason="never arrived")


def filled(fill: Fill) -> Filled:
    return Filled(ref=REF, fill=fill)


def after(order: Order, *events: OrderEvent) -> Order:
    for event in events:
        order = advance(order, event)
    return order


# The table as data.


def test_the_table_names_only_states_and_events_that_exist() -> None:
    assert {state for state, _ in STEPS} <= set(S)
    assert {event for _, event in STEPS} == set(EVENTS)


def test_no_step_reopens_a_final_order_except_evidence_of_it() -> None:
    reopening = {
        event
        for (state, event), to in STEPS.items()
        if state in FINAL and to not in FINAL
    }

    assert reopening == {Acked, Filled}


def test_filled_is_for_ever() -> None:
    assert {to for (state, _), to in STEPS.items() if state is S.FILLED} == {S.FILLED}


def test_an_order_is_sent_once() -> None:
    assert [state for state, event in STEPS if event is Sent] == [S.PLANNED]


def test_what_was_never_sent_lapses_and_nothing_else_does() -> None:
    lapsing = {state for state, event in STEPS if event in {Lapsed, PriceMoved}}

    assert lapsing == {S.PLANNED}


def test_absence_is_only_found_of_orders_in_doubt() -> None:
    assert {state for state, event in STEPS if event is FoundAbsent} == {
        S.SENDING,
        S.UNKNOWN,
    }


@pytest.mark.parametrize("state", set(S) - {S.FILLED})
def test_a_fill_counts_in_every_state(state: S) -> None:
    order = a_sent_order(state=state)

    assert after(order, filled(FIRST), filled(SECOND)).state is S.FILLED


@pytest.mark.parametrize(
    ("state", "event"),
    [(state, event) for state in S for event in EVENTS if (state, event) not in STEPS],
)
def test_a_pair_outside_the_table_changes_nothing(
    state: S, event: type[OrderEvent]
) -> None:
    order = a_sent_order(state=state)
    every = (SENT, REJECTED, CANCELLED, SILENT, ABSENT, *others())
    (heard,) = [one for one in every if type(one) is event]

    assert advance(order, heard) is order


def others() -> Sequence[OrderEvent]:
    return (
        Held(ref=REF, until=None, text="held"),
        Noted(ref=REF, reason="noted"),
        Lapsed(ref=REF, reason="too late"),
        PriceMoved(ref=REF, reason="moved"),
        HumanClosed(ref=REF, reason="is there"),
        CancelAsked(ref=REF, by="Sam"),
    )


# The ways through it.


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
    closed = after(a_sent_order(), SILENT, HumanClosed(ref=REF, reason="is not there"))

    assert (closed.state, closed.reason) == (S.CLOSED_BY_HUMAN, "is not there")
    assert after(closed, filled(FIRST)).state is S.PARTIAL


def test_a_planned_order_ends_without_being_sent() -> None:
    lapsed = after(an_order(), Lapsed(ref=REF, reason="halted"))
    moved = after(an_order(), PriceMoved(ref=REF, reason="24.10 now"))

    assert (lapsed.state, lapsed.reason) == (S.LAPSED, "halted")
    assert (moved.state, moved.reason) == (S.NEEDS_RECONFIRM, "24.10 now")


def test_a_held_order_knows_until_when() -> None:
    held = Held(ref=REF, until=NOW + timedelta(days=1), text="until the open")

    order = after(a_sent_order(), ACKED, held)

    assert (order.state, order.held_until) == (S.ACKED, NOW + timedelta(days=1))
    assert order.reason == "until the open"
    assert after(order, filled(FIRST)).held_until is None


def test_asking_to_cancel_is_not_being_cancelled() -> None:
    order = after(a_sent_order(), ACKED, CancelAsked(ref=REF, by="Sam"))

    assert (order.state, order.cancel_asked) == (S.ACKED, True)


def test_a_note_changes_words_only() -> None:
    order = after(a_sent_order(), ACKED, Noted(ref=REF, reason="GTC became DAY"))

    assert (order.state, order.reason) == (S.ACKED, "GTC became DAY")


@pytest.mark.parametrize(
    ("event", "states"),
    [
        (CancelAsked, set(S) - FINAL),
        (Noted, set(S) - FINAL),
        (Held, IN_DOUBT | WORKING),
        (WentSilent, IN_DOUBT | WORKING),
        (Cancelled, set(S) - {S.FILLED, S.REJECTED}),
        (Rejected, set(S) - {S.FILLED}),
        (Acked, set(S)),
        (Filled, set(S)),
        (Charged, set(S)),
    ],
)
def test_where_an_event_counts(event: type[OrderEvent], states: set[S]) -> None:
    assert {state for state, heard in STEPS if heard is event} == states


def test_fills_stand_in_the_order_of_their_time() -> None:
    same_time = replace(FIRST, exec_id="zz.01.01", shares=Shares(1))

    order = after(a_sent_order(), filled(SECOND), filled(same_time), filled(FIRST))

    assert order.fills == (FIRST, same_time, SECOND)


def test_what_was_noted_on_the_way_is_kept() -> None:
    note = Noted(ref=REF, reason="GTC became DAY")

    acknowledged = after(a_sent_order(), note, ACKED)
    whole = after(acknowledged, filled(FIRST), filled(SECOND), ACKED)

    assert acknowledged.reason == "GTC became DAY"
    assert (whole.state, whole.reason) == (S.FILLED, "GTC became DAY")


# Fills and their arithmetic.


def test_a_repeated_fill_counts_once() -> None:
    once = after(a_sent_order(), filled(FIRST))

    assert after(once, filled(FIRST)) == once


def test_a_correction_replaces_the_fill_it_corrects() -> None:
    corrected = replace(FIRST, exec_id="aa.01.02", price=price("4.80"))

    order = after(a_sent_order(), filled(FIRST), filled(corrected))

    assert order.fills == (corrected,)


def test_the_newest_text_wins_whichever_came_first() -> None:
    tenth = replace(FIRST, exec_id="aa.01.10", price=price("4.80"))
    ninth = replace(FIRST, exec_id="aa.01.9", price=price("4.81"))

    assert after(a_sent_order(), filled(tenth), filled(ninth)).fills == (tenth,)


def test_a_correction_downwards_does_not_reopen_a_filled_order() -> None:
    whole = a_fill(exec_id="aa.01.01", shares=Shares(100))
    less = replace(whole, exec_id="aa.01.02", shares=Shares(90))

    order = after(a_sent_order(), filled(whole), filled(less))

    assert (order.state, order.filled) == (S.FILLED, 90)


def test_a_charge_goes_to_its_own_execution() -> None:
    charge = Charged(ref=REF, exec_id="aa.01.01", commission=money("1.00"))

    order = after(a_sent_order(), filled(FIRST), filled(SECOND), charge)

    assert [fill.commission for fill in order.fills] == [money("1.00"), None]


def test_a_repeated_fill_keeps_its_charge() -> None:
    charge = Charged(ref=REF, exec_id="aa.01.01", commission=money("1.00"))

    order = after(a_sent_order(), filled(FIRST), charge, filled(FIRST))

    assert order.commission == money("1.00")


@pytest.mark.parametrize(
    "story",
    [
        [ACKED, filled(FIRST), filled(SECOND)],
        [ACKED, filled(FIRST), CANCELLED],
        [CANCELLED, REJECTED],
        [filled(FIRST), REJECTED, CANCELLED],
        [ACKED, filled(FIRST), filled(SECOND), CANCELLED, REJECTED],
    ],
    ids=["filled", "part", "refused", "part, refused", "filled after all"],
)
def test_any_order_of_evidence_without_a_late_sign_of_life_ends_alike(
    story: Sequence[OrderEvent],
) -> None:
    orders = [
        after(a_sent_order(), *events)
        for events in permutations([*story, *story[:2]])
        if not _acked_after_its_end(events)
    ]

    assert len({(order.state, order.fills) for order in orders}) == 1


def _acked_after_its_end(events: Sequence[OrderEvent]) -> bool:
    """The hearing does not let such a word through."""
    seen_end = False
    for event in events:
        if isinstance(event, Acked) and seen_end:
            return True
        seen_end = seen_end or isinstance(event, Cancelled | Rejected)
    return False


fills = st.builds(
    a_fill,
    exec_id=st.sampled_from(["a.01", "a.02", "b.01", "c.01"]),
    shares=st.sampled_from([Shares(30), Shares(60)]),
)
any_event: st.SearchStrategy[OrderEvent] = st.one_of(
    st.sampled_from([SENT, ACKED, CANCELLED, REJECTED, SILENT, ABSENT, *others()]),
    st.builds(filled, fills),
    st.builds(
        Charged,
        ref=st.just(REF),
        exec_id=st.sampled_from(["a.01", "b.01", "z.01"]),
        commission=st.just(money("1")),
    ),
)


@given(st.lists(any_event, max_size=12))
def test_the_state_always_agrees_with_the_fills(events: list[Any]) -> None:
    order = after(an_order(), *events)

    if order.filled >= order.shares:
        assert order.state is S.FILLED
    if order.state in {S.PARTIAL, S.PARTIAL_DONE}:
        assert 0 < order.filled < order.shares
    if order.state in {S.ACKED, S.CANCELLED, S.REJECTED, S.ABSENT}:
        assert not order.fills


@given(st.lists(any_event, max_size=12))
def test_every_event_may_arrive_twice(events: list[Any]) -> None:
    once = twice = an_order()
    for event in events:
        once = advance(once, event)
        twice = advance(advance(twice, event), event)

    assert once == twice


@given(st.lists(any_event, max_size=12))
def test_only_evidence_makes_an_ended_order_live_again(events: list[Any]) -> None:
    order = an_order()
    for event in events:
        before, order = order, advance(order, event)
        if before.state in FINAL and order.state in WORKING:
            assert isinstance(event, EVIDENCE)
