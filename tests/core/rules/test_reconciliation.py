"""R1 to R5, R13, R16 and R17: what the listings show."""

from decimal import Decimal
from typing import Any

import pytest

from core.model.fills import BY_WORD
from core.model.market import Side
from core.model.money import Shares
from core.model.order import IN_DOUBT, OrderState
from core.model.order_events import (
    Acked,
    Amended,
    Cancelled,
    Filled,
    Noted,
    OrderEvent,
    Rejected,
)
from core.rules.listings.absence import undecided
from core.rules.listings.reconciliation import events_of
from core.rules.order_states import advance
from tests.builders import (
    FDMX,
    PERM_ID,
    a_completed_order,
    a_fill,
    a_fill_message,
    a_sent_order,
    an_evidence,
    an_open_order,
    some_names,
)
from tests.core.rules.passes import OPEN, PART, REF, learned, reason_of, verdict


@pytest.mark.parametrize("state", IN_DOUBT)
def test_r13_a_refused_order_that_no_listing_shows_is_rejected(
    state: OrderState,
) -> None:
    order = a_sent_order(state=state, refused="no funds (TWS 201)")

    after = learned(order, an_evidence())

    assert (after.state, after.reason) == (OrderState.REJECTED, "no funds (TWS 201)")


def test_r13_a_refused_order_that_is_listed_lives() -> None:
    order = a_sent_order(refused="no funds (TWS 201)")

    assert learned(order, OPEN).state is OrderState.ACKED


@pytest.mark.attack(10)
def test_r13_a_refused_order_that_is_listed_as_inactive_is_rejected() -> None:
    """Gateways from 10.48 on list what was refused among the open orders."""
    order = a_sent_order(refused="no funds (TWS 201)")
    inactive = an_evidence(open_orders=(an_open_order(status="Inactive"),))

    after = learned(order, inactive)

    assert (after.state, after.reason) == (OrderState.REJECTED, "no funds (TWS 201)")


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    "state", [OrderState.REJECTED, OrderState.CANCELLED, OrderState.PARTIAL_DONE]
)
def test_r16_an_order_that_has_ended_and_is_kept_as_inactive_is_not_reopened(
    state: OrderState,
) -> None:
    order = a_sent_order(state=state, perm_id=PERM_ID)
    inactive = an_evidence(open_orders=(an_open_order(status="Inactive"),))

    assert not undecided(order, inactive)
    assert learned(order, inactive) == order
    assert undecided(order, OPEN)


@pytest.mark.attack(19)
@pytest.mark.parametrize(
    "state", [OrderState.ACKED, OrderState.PARTIAL, OrderState.UNKNOWN]
)
def test_an_order_that_two_passes_list_as_inactive_does_not_work(
    state: OrderState,
) -> None:
    """A stop that an exchange turned down when it was triggered protects nothing."""
    order = a_sent_order(state=state, perm_id=PERM_ID)
    inactive = an_evidence(open_orders=(an_open_order(status="Inactive"),))

    assert learned(order, inactive).state is state
    assert "does not work" in reason_of(verdict(order, inactive))
    assert verdict(order, OPEN, earlier=inactive) == ()


@pytest.mark.parametrize("state", IN_DOUBT)
def test_an_order_that_is_first_seen_as_inactive_has_come(state: OrderState) -> None:
    order = a_sent_order(state=state)
    inactive = an_evidence(open_orders=(an_open_order(status="Inactive"),))

    seen = learned(order, inactive)

    assert (seen.state, seen.perm_id) == (OrderState.ACKED, PERM_ID)
    assert "does not work" in reason_of(verdict(seen, inactive))


def test_r13_a_refused_order_that_has_fills_was_not_refused() -> None:
    order = a_sent_order(refused="no funds (TWS 201)")

    assert learned(order, an_evidence(fills=(PART,))).state is OrderState.PARTIAL


def test_r13_no_refusal_no_rejection() -> None:
    assert events_of(a_sent_order(), an_evidence()) == ()


def test_r13_an_order_that_ib_had_named_is_not_rejected_by_its_absence() -> None:
    order = a_sent_order(refused="no funds (TWS 201)", perm_id=PERM_ID)

    assert events_of(order, an_evidence()) == ()


@pytest.mark.parametrize("status", ["Cancelled", "Inactive"])
def test_r5_a_refused_order_that_ib_lists_as_over_was_rejected_in_ibs_first_words(
    status: str,
) -> None:
    order = a_sent_order(refused="no funds (TWS 201)")
    completed = a_completed_order(status=status, reason="Rejected by system")
    evidence = an_evidence(completed=(completed,))

    after = learned(order, evidence)

    assert (after.state, after.reason) == (OrderState.REJECTED, "no funds (TWS 201)")


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
    evidence = an_evidence(open_orders=(an_open_order(order_type="LMT"),))

    assert events_of(a_sent_order(), evidence)[1] == Noted(
        ref=REF, reason="IB changed MKT to LMT"
    )


@pytest.mark.attack(10)
def test_r1_an_order_has_the_time_in_force_that_it_is_listed_with() -> None:
    evidence = an_evidence(open_orders=(an_open_order(tif="DAY"),))

    assert events_of(a_sent_order(), evidence)[1] == Amended(
        ref=REF, shares=Shares(100), tif="DAY", reason="IB changed GTC to DAY"
    )
    assert learned(a_sent_order(), evidence).tif == "DAY"


@pytest.mark.attack(10)
@pytest.mark.parametrize("shares", [50, 200])
def test_r1_an_order_that_is_listed_for_other_shares_is_for_these(shares: int) -> None:
    evidence = an_evidence(open_orders=(an_open_order(tif="DAY", shares=shares),))

    assert events_of(a_sent_order(), evidence)[1] == Amended(
        ref=REF,
        shares=Shares(shares),
        tif="DAY",
        reason=f"IB changed GTC to DAY; IB has it for {shares} shares, not 100",
    )
    assert learned(a_sent_order(), evidence).shares == shares


@pytest.mark.attack(10)
def test_r1_an_order_that_is_listed_without_a_size_keeps_its_own() -> None:
    """For none it would be filled with none, and work on unseen."""
    evidence = an_evidence(open_orders=(an_open_order(shares=0),))

    assert events_of(a_sent_order(), evidence) == (Acked(ref=REF, perm_id=PERM_ID),)
    after = learned(a_sent_order(), evidence)
    assert (after.state, after.shares) == (OrderState.ACKED, 100)


@pytest.mark.attack(10)
@pytest.mark.parametrize("shares", [40, 200])
def test_r2_filled_whole_in_a_size_that_was_changed_unheard_is_filled(
    shares: int,
) -> None:
    completed = a_completed_order(status="Filled", filled=shares)
    received = a_fill_message(fill=a_fill(shares=Shares(shares)))
    evidence = an_evidence(completed=(completed,), fills=(received,))

    after = learned(a_sent_order(), evidence)

    assert (after.state, after.shares, after.filled) == (
        OrderState.FILLED,
        shares,
        shares,
    )
    assert not undecided(after, evidence)


def test_r2_fewer_shares_of_a_filled_order_are_a_trade_taken_back() -> None:
    completed = a_completed_order(status="Filled", filled=40)
    order = a_sent_order(state=OrderState.FILLED, fills=(a_fill(),))

    assert events_of(order, an_evidence(completed=(completed,))) == ()


def test_r2_fills_that_make_it_whole_are_a_filled_order() -> None:
    evidence = an_evidence(fills=(a_fill_message(),))

    assert events_of(a_sent_order(), evidence) == (Filled(ref=REF, fill=a_fill()),)
    assert learned(a_sent_order(), evidence).state is OrderState.FILLED


def test_r2_a_completed_order_adds_nothing_to_its_fills() -> None:
    completed = a_completed_order(status="Filled", filled=100)
    evidence = an_evidence(completed=(completed,), fills=(a_fill_message(),))

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
    evidence = an_evidence(fills=(a_fill_message(**other),))

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
    assert verdict(order, OPEN) == (Acked(ref=REF, perm_id=PERM_ID, works=True),)


@pytest.mark.attack(9)
@pytest.mark.parametrize(
    ("by_word", "listed", "becomes"),
    [
        (True, 0, OrderState.ACKED),
        (True, 99, OrderState.ACKED),
        (True, 100, OrderState.FILLED),
        (False, 0, OrderState.FILLED),
    ],
    ids=["none", "fewer", "as many", "of an execution"],
)
def test_r16_the_owners_word_is_refuted_by_an_order_that_works_with_fewer(
    listed: int, becomes: OrderState, *, by_word: bool
) -> None:
    word = a_fill(exec_id=f"{BY_WORD}{REF}") if by_word else a_fill()
    order = a_sent_order(state=OrderState.FILLED, fills=(word,))
    evidence = an_evidence(open_orders=(an_open_order(filled=Decimal(listed)),))

    after = learned(order, evidence)
    for event in verdict(after, evidence):
        after = advance(after, event)

    assert (order.state, after.state) == (OrderState.FILLED, becomes)


@pytest.mark.attack(9)
@pytest.mark.parametrize(
    ("status", "counted", "said", "becomes"),
    [
        ("Cancelled", 40, 60, 40),
        ("Cancelled", 40, 20, 40),
        ("Inactive", 40, 60, 40),
        ("Filled", 40, 60, 40),
        ("Cancelled", 60, 20, 60),
        ("Filled", 100, 60, 100),
        ("Filled", 0, 60, 100),
        ("Cancelled", 80, 60, 100),
    ],
    ids=[
        *("fewer", "fewer than a part", "refused", "made smaller"),
        *("as many", "as many, filled", "not counted", "more than it lists"),
    ],
)
def test_the_owners_word_is_refuted_by_a_completed_order_with_fewer(
    status: str, counted: int, said: int, becomes: int
) -> None:
    """That is, once IB lists every share that it counts: else nothing is known."""
    assert PART.fill.shares == 40
    word = a_fill(exec_id=f"{BY_WORD}{REF}", shares=Shares(said))
    is_whole = said == 60
    state = OrderState.FILLED if is_whole else OrderState.PARTIAL_DONE
    order = a_sent_order(state=state, fills=(PART.fill, word))
    row = a_completed_order(status=status, filled=counted)

    after = learned(order, an_evidence(fills=(PART,), completed=(row,)))

    assert after.filled == becomes
    assert (after.state is OrderState.FILLED) is (becomes == 100)


def test_a_filled_order_that_is_still_listed_stays_filled() -> None:
    order = a_sent_order(state=OrderState.FILLED)

    assert learned(order, OPEN).state is OrderState.FILLED
    assert verdict(order, OPEN) == ()
