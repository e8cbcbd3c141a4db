"""The decision table R1 to R17: what two passes over IB's listings prove."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from typing import Any

import pytest

from core.model.evidence import Evidence
from core.model.money import Shares
from core.model.order import (
    FINAL,
    IN_DOUBT,
    Acked,
    Cancelled,
    Filled,
    FoundAbsent,
    Noted,
    Order,
    OrderEvent,
    OrderState,
    Rejected,
    Side,
    WentSilent,
)
from core.rules.order_states import advance
from core.rules.reconciliation import (
    events_of,
    judge,
    listed,
    strangers,
    undecided,
)
from tests.builders import (
    FDMX,
    NOW,
    ORDER_ID,
    PERM_ID,
    a_completed_order,
    a_fill,
    a_fill_heard,
    a_held_position,
    a_sent_order,
    an_evidence,
    an_open_order,
    some_names,
)


REF = a_sent_order().ref
OPEN = an_evidence(open_orders=(an_open_order(),))
NOTHING = an_evidence()
PART = a_fill_heard(fill=a_fill(shares=Shares(40)))


def learned(order: Order, evidence: Evidence) -> Order:
    for event in events_of(order, evidence):
        order = advance(order, event)
    return order


def verdict(order: Order, evidence: Evidence, **named: Any) -> Sequence[OrderEvent]:
    """The second pass shows the same as the first, unless *earlier* is named."""
    return judge(order, evidence, **{"earlier": evidence, **named})


def reason_of(events: Sequence[OrderEvent]) -> str:
    (event,) = events
    assert isinstance(event, WentSilent), event
    return event.reason


# R1 to R5: what is shown.


@pytest.mark.parametrize("state", IN_DOUBT)
def test_r1_an_open_order_is_acknowledged(state: OrderState) -> None:
    assert events_of(a_sent_order(state=state), OPEN) == (
        Acked(ref=REF, perm_id=PERM_ID),
    )


def test_r1_an_open_order_is_found_by_its_ids_when_its_ref_is_gone() -> None:
    evidence = an_evidence(open_orders=(an_open_order(ref=""),))

    assert learned(a_sent_order(), evidence).state is OrderState.ACKED


def test_r1_another_order_is_not_ours() -> None:
    evidence = an_evidence(open_orders=(an_open_order(ref="tb-another000-1"),))

    assert events_of(a_sent_order(), evidence) == ()


def test_r14_changed_terms_of_an_open_order_are_noted() -> None:
    evidence = an_evidence(open_orders=(an_open_order(tif="DAY", shares=50),))

    assert events_of(a_sent_order(), evidence)[1] == Noted(
        ref=REF, reason="IB changed GTC to DAY; IB has it for 50 shares, not 100"
    )


def test_r2_fills_that_make_it_whole_are_a_filled_order() -> None:
    evidence = an_evidence(fills=(a_fill_heard(),))

    assert events_of(a_sent_order(), evidence) == (Filled(ref=REF, fill=a_fill()),)
    assert learned(a_sent_order(), evidence).state is OrderState.FILLED


def test_r2_a_completed_order_adds_nothing_to_its_fills() -> None:
    completed = a_completed_order(status="Filled", filled=100)
    evidence = an_evidence(completed=(completed,), fills=(a_fill_heard(),))

    assert events_of(a_sent_order(), evidence) == (Filled(ref=REF, fill=a_fill()),)


@pytest.mark.parametrize(
    "other",
    [
        {"con_id": FDMX.con_id},
        {"side": Side.SELL},
        {"names": some_names(ref="tb-another000-1")},
    ],
    ids=["stock", "side", "order"],
)
def test_r2_fills_of_another_trade_are_not_ours(other: Any) -> None:
    evidence = an_evidence(fills=(a_fill_heard(**other),))

    assert events_of(a_sent_order(), evidence) == ()


def test_r3_fills_of_an_open_order_are_a_part() -> None:
    evidence = an_evidence(open_orders=(an_open_order(),), fills=(PART,))

    after = learned(a_sent_order(), evidence)

    assert (after.state, after.filled) == (OrderState.PARTIAL, 40)
    assert not undecided(after, evidence)


@pytest.mark.parametrize("status", ["Cancelled", "ApiCancelled", "Inactive"])
def test_r4_fills_of_a_completed_order_are_all_there_will_be(status: str) -> None:
    completed = a_completed_order(status=status, filled=40)
    evidence = an_evidence(completed=(completed,), fills=(PART,))

    after = learned(a_sent_order(), evidence)

    assert (after.state, after.filled) == (OrderState.PARTIAL_DONE, 40)


@pytest.mark.parametrize(
    ("status", "reason", "event"),
    [
        ("Cancelled", "by hand", Cancelled(ref=REF, reason="by hand")),
        ("Cancelled", "", Cancelled(ref=REF, reason=None)),
        ("ApiCancelled", "", Cancelled(ref=REF, reason=None)),
        ("Inactive", "no funds", Rejected(ref=REF, reason="no funds")),
        ("Inactive", "", Rejected(ref=REF, reason="Inactive")),
        ("Rejected", "", Rejected(ref=REF, reason="Rejected")),
    ],
)
def test_r5_a_completed_order_without_fills_says_how_it_ended(
    status: str, reason: str, event: OrderEvent
) -> None:
    completed = a_completed_order(status=status, reason=reason)

    assert events_of(a_sent_order(), an_evidence(completed=(completed,))) == (event,)


def test_what_completed_during_the_pass_is_over_not_open() -> None:
    evidence = an_evidence(
        open_orders=(an_open_order(),), completed=(a_completed_order(),)
    )

    assert learned(a_sent_order(), evidence).state is OrderState.CANCELLED


def test_a_completed_order_is_not_ended_while_fills_of_it_are_missing() -> None:
    evidence = an_evidence(completed=(a_completed_order(filled=40),))
    order = a_sent_order()

    assert events_of(order, evidence) == ()
    assert undecided(order, evidence)
    assert "all of its fills" in reason_of(verdict(order, evidence))


@pytest.mark.parametrize("filled", [0, 100])
def test_an_order_filled_by_word_alone_is_asked_about(filled: int) -> None:
    completed = a_completed_order(status="Filled", filled=filled)
    evidence = an_evidence(completed=(completed,))
    order = learned(a_sent_order(), evidence)

    assert order.state is OrderState.SENDING
    assert "all of its fills" in reason_of(verdict(order, evidence))


def test_fills_that_the_journal_knows_need_not_be_listed_again() -> None:
    order = a_sent_order(state=OrderState.PARTIAL, fills=(a_fill(shares=Shares(40)),))
    evidence = an_evidence(completed=(a_completed_order(filled=40),))

    assert learned(order, evidence).state is OrderState.PARTIAL_DONE


# R6 to R10 and R15: what is not shown.


@pytest.mark.parametrize("state", IN_DOUBT)
def test_r6_complete_clean_fenced_evidence_of_nothing_is_absence(
    state: OrderState,
) -> None:
    assert verdict(a_sent_order(state=state), NOTHING) == (
        FoundAbsent(ref=REF, reason="It never reached IB."),
    )


def test_r6_one_pass_proves_nothing() -> None:
    assert verdict(a_sent_order(), NOTHING, earlier=None) == ()


def test_r6_passes_of_two_sessions_with_the_gateway_are_not_two_passes() -> None:
    assert verdict(a_sent_order(), NOTHING, earlier=an_evidence(epoch=3)) == ()


def test_r6_what_either_pass_shows_is_not_judged() -> None:
    order = a_sent_order()

    assert verdict(order, OPEN, earlier=NOTHING) == ()
    assert verdict(order, NOTHING, earlier=OPEN) == ()


def at(clock: str, *, day: int = 23) -> datetime:
    """UTC; New York is five hours behind."""
    return datetime.fromisoformat(f"2026-11-{day}T{clock}+00:00")


@pytest.mark.parametrize(
    ("sent", "seen", "same_day"),
    [
        (at("14:41"), at("23:59"), True),
        (at("23:59"), at("00:01", day=24), False),  # midnight in UTC
        (at("04:59"), at("05:01"), False),  # midnight in New York
        (at("00:01"), at("04:59"), True),
        (at("14:41"), at("14:41", day=24), False),
    ],
)
def test_r7_a_midnight_since_it_was_sent_leaves_it_unknown(
    sent: datetime, seen: datetime, *, same_day: bool
) -> None:
    events = verdict(
        a_sent_order(sent_at=sent), an_evidence(at=seen, gateway_time=seen)
    )

    if same_day:
        assert isinstance(events[0], FoundAbsent)
    else:
        assert "the day has changed" in reason_of(events)


@pytest.mark.parametrize("clock", ["at", "gateway_time"])
def test_r7_our_clock_counts_and_the_gateways(clock: str) -> None:
    evidence = an_evidence(**{clock: at("00:00", day=24)})

    assert "the day has changed" in reason_of(verdict(a_sent_order(), evidence))


def test_r7_the_gateways_own_zone_counts_when_it_is_known() -> None:
    berlin = timezone(timedelta(hours=1))
    order = a_sent_order(sent_at=at("22:59"))
    evidence = an_evidence(at=at("23:01"), gateway_time=at("23:01"))

    assert isinstance(verdict(order, evidence)[0], FoundAbsent)
    assert "the day has changed" in reason_of(
        verdict(order, evidence, zones=(UTC, berlin))
    )


def test_r7_an_order_that_does_not_know_when_it_was_sent_is_unknown() -> None:
    assert reason_of(verdict(a_sent_order(sent_at=None), NOTHING))


@pytest.mark.parametrize("shares", [100, -5])
def test_r8_a_position_that_moved_leaves_it_unknown(shares: int) -> None:
    evidence = an_evidence(positions=(a_held_position(shares=shares),))

    assert "the position has changed" in reason_of(verdict(a_sent_order(), evidence))


def test_who_is_asked_is_told_what_the_account_holds_now() -> None:
    evidence = an_evidence(positions=(a_held_position(shares=100),))

    (asked,) = verdict(a_sent_order(), evidence)

    assert isinstance(asked, WentSilent)
    assert asked.position_now == 100


def test_r8_a_position_that_was_there_before_moved_nowhere() -> None:
    evidence = an_evidence(positions=(a_held_position(),))

    events = verdict(a_sent_order(position_before=100), evidence)

    assert isinstance(events[0], FoundAbsent)


def test_r8_a_position_that_nobody_noted_before_proves_nothing() -> None:
    assert reason_of(verdict(a_sent_order(position_before=None), NOTHING))


@pytest.mark.parametrize(
    ("next_id", "absent"), [(ORDER_ID, True), (1, True), (ORDER_ID + 1, False)]
)
def test_r9_an_id_that_the_gateway_has_counted_leaves_it_unknown(
    next_id: int, *, absent: bool
) -> None:
    events = verdict(a_sent_order(), an_evidence(next_valid_id=next_id))

    if absent:
        assert isinstance(events[0], FoundAbsent)
    else:
        assert "counted its order id" in reason_of(events)


def test_r9_an_order_without_an_id_is_unknown() -> None:
    assert reason_of(verdict(a_sent_order(order_id=None), NOTHING))


def test_r15_on_the_socket_it_was_sent_on_nothing_proves_absence() -> None:
    evidence = an_evidence(epoch=1)

    assert "not confirmed" in reason_of(verdict(a_sent_order(epoch=1), evidence))


@pytest.mark.parametrize(
    "known", [{"perm_id": PERM_ID}, {"fills": (a_fill(shares=1),)}]
)
def test_what_ib_had_confirmed_cannot_be_absent(known: Any) -> None:
    for state in (OrderState.ACKED, OrderState.UNKNOWN):
        order = a_sent_order(state=state, **known)

        assert "lists it no more" in reason_of(verdict(order, NOTHING))


def test_absence_needs_every_condition_at_once() -> None:
    """Every combination of D, P, N, the fence and a name: one of 32 is absence."""
    absent = []
    for conditions in product([True, False], repeat=5):
        same_day, same_position, id_free, fenced, unnamed = conditions
        order = a_sent_order(
            sent_at=NOW if same_day else NOW - timedelta(days=1),
            position_before=0 if same_position else 7,
            perm_id=None if unnamed else PERM_ID,
        )
        evidence = an_evidence(
            next_valid_id=ORDER_ID if id_free else ORDER_ID + 1,
            epoch=2 if fenced else 1,
        )
        if isinstance(verdict(order, evidence)[0], FoundAbsent):
            absent.append(conditions)

    assert absent == [(True,) * 5]


# What needs a second pass.


@pytest.mark.parametrize("state", set(OrderState) - FINAL - {OrderState.PLANNED})
def test_an_order_that_should_be_there_and_is_not_shown_is_undecided(
    state: OrderState,
) -> None:
    assert undecided(a_sent_order(state=state), NOTHING)
    assert not undecided(a_sent_order(state=state), OPEN)


@pytest.mark.parametrize("state", FINAL | {OrderState.PLANNED})
def test_an_order_that_nobody_expects_is_not_missed(state: OrderState) -> None:
    assert not undecided(a_sent_order(state=state), NOTHING)
    assert verdict(a_sent_order(state=state), NOTHING) == ()


# R16 and R17: what nobody expects.


@pytest.mark.parametrize(
    "state",
    [
        OrderState.ABSENT,
        OrderState.LAPSED,
        OrderState.NEEDS_RECONFIRM,
        OrderState.CLOSED_BY_HUMAN,
        OrderState.PLANNED,
    ],
)
def test_r16_an_order_that_never_lived_here_and_is_open_there_lives(
    state: OrderState,
) -> None:
    assert learned(a_sent_order(state=state), OPEN).state is OrderState.ACKED


@pytest.mark.parametrize(
    "state", [OrderState.CANCELLED, OrderState.REJECTED, OrderState.PARTIAL_DONE]
)
def test_r16_an_order_that_ended_at_ib_is_reopened_by_two_passes(
    state: OrderState,
) -> None:
    order = a_sent_order(state=state)

    assert events_of(order, OPEN) == ()
    assert verdict(order, OPEN, earlier=None) == ()
    assert verdict(order, OPEN) == (Acked(ref=REF, perm_id=PERM_ID),)


def test_a_filled_order_that_is_still_listed_stays_filled() -> None:
    order = a_sent_order(state=OrderState.FILLED)

    assert learned(order, OPEN).state is OrderState.FILLED
    assert verdict(order, OPEN) == ()


def test_every_listing_names_orders_of_ours() -> None:
    evidence = an_evidence(
        open_orders=(an_open_order(ref="tb-a-1"), an_open_order(ref="by hand")),
        completed=(a_completed_order(names=some_names(ref="tb-b-1")),),
        fills=(a_fill_heard(names=some_names(ref="tb-c-1")), a_fill_heard()),
    )

    assert listed(evidence) == {"tb-a-1", "tb-b-1", "tb-c-1", REF}


def test_r17_an_order_with_our_prefix_that_the_journal_lacks_is_a_stranger() -> None:
    evidence = an_evidence(
        open_orders=(an_open_order(), an_open_order(ref="tb-open-1")),
        completed=(a_completed_order(names=some_names(ref="tb-over-1")),),
    )

    found = strangers(evidence, known=lambda ref: ref == REF)

    assert found == (
        (
            "tb-open-1",
            "IB holds an open order tb-open-1 that is not in the journal",
        ),
        (
            "tb-over-1",
            "IB lists an order tb-over-1 of today that is not in the journal",
        ),
    )
