"""The state table as data: a reader can check it line by line."""

import pytest

from core.model.order import FINAL, IN_DOUBT, WORKING, OrderState as S
from core.model.order_events import (
    Acked,
    Amended,
    CancelAsked,
    Cancelled,
    Charged,
    Filled,
    FoundAbsent,
    Held,
    Lapsed,
    Noted,
    OrderEvent,
    PriceMoved,
    Rejected,
    Sent,
    WentSilent,
)
from core.rules.order_states import STEPS, advance
from tests.builders import (
    a_sent_order,
)
from tests.core.rules.learning import (
    ABSENT,
    CANCELLED,
    EVENTS,
    FIRST,
    REJECTED,
    SECOND,
    SENT,
    SILENT,
    WITH_FILLS,
    after,
    filled,
    others,
)


def test_the_table_names_only_states_and_events_that_exist() -> None:
    assert {state for state, _ in STEPS} <= set(S)
    assert {event for _, event in STEPS} == set(EVENTS)


def test_no_step_reopens_a_final_order_except_evidence_of_it() -> None:
    reopening = {
        event
        for (state, event), to in STEPS.items()
        if state in FINAL and to not in FINAL
    }

    assert reopening == {Acked, Filled, Amended}


def test_filled_is_for_ever() -> None:
    leading = {event: to for (state, event), to in STEPS.items() if state is S.FILLED}

    assert leading.pop(Amended) is S.PARTIAL  # IB has it for more
    assert set(leading.values()) == {S.FILLED}


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
    (received,) = [one for one in every if type(one) is event]

    assert advance(order, received) is order


@pytest.mark.parametrize(
    ("event", "states"),
    [
        (CancelAsked, set(S) - FINAL),
        (Noted, set(S) - FINAL),
        (Held, IN_DOUBT | WORKING),
        (Amended, IN_DOUBT | WORKING | {S.FILLED}),
        (WentSilent, IN_DOUBT | WORKING),
        (Cancelled, set(S) - {S.FILLED, S.REJECTED}),
        (Rejected, set(S) - {S.FILLED}),
        (Acked, set(S)),
        (Filled, set(S)),
        (Charged, WITH_FILLS),
    ],
)
def test_where_an_event_counts(event: type[OrderEvent], states: set[S]) -> None:
    assert {state for state, received in STEPS if received is event} == states
