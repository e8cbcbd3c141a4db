"""R6 to R9 and R15: what two passes over the listings do not show."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from typing import Any

import pytest

from core.model.order import FINAL, IN_DOUBT, OrderState
from core.model.order_events import FoundAbsent, WentSilent
from core.rules.listings.absence import undecided
from tests.builders import (
    NOW,
    ORDER_ID,
    PERM_ID,
    a_fill,
    a_held_position,
    a_sent_order,
    an_evidence,
)
from tests.core.rules.passes import NOTHING, OPEN, REF, reason_of, verdict


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
