"""What IB's words on an order are worth, and when only its listings will do."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.model.evidence import ChargeMessage, CodeMessage, Meaning, StatusMessage
from core.model.exits.plan import ExitKind
from core.model.fills import BY_WORD, Fill
from core.model.market import OrderType, Side
from core.model.money import Shares
from core.model.order import Order, OrderState
from core.model.order_events import (
    Acked,
    Cancelled,
    Charged,
    Filled,
    Held,
    Noted,
    Refused,
    Rejected,
)
from core.rules.order_messages import (
    FEWER_FILLED,
    counted_as_filled,
    events_of_message,
    wants_evidence,
)
from core.rules.order_states import advance
from tests.builders import (
    FDMX,
    NOW,
    PERM_ID,
    a_fill,
    a_fill_message,
    a_sent_order,
    money,
    price,
    some_names,
)


REF = a_sent_order().ref
ENDED_AT_IB = [OrderState.CANCELLED, OrderState.REJECTED, OrderState.PARTIAL_DONE]


def a_status(status: str, **named: Any) -> StatusMessage:
    return StatusMessage(**{"names": some_names(), "status": status, **named})


def a_code(meaning: Meaning, **named: Any) -> CodeMessage:
    code = {"order_id": 41, "code": 201, "text": "no funds", "meaning": meaning}
    return CodeMessage(**{**code, **named})


def learned(order: Order, received: Any) -> Order:
    for event in events_of_message(order, received):
        order = advance(order, event)
    return order


@pytest.mark.parametrize(
    "status",
    ["PreSubmitted", "Submitted", "PendingCancel", "PendingSubmit", "Filled", "News"],
)
def test_a_status_with_a_perm_id_says_that_the_order_exists(status: str) -> None:
    assert events_of_message(a_sent_order(), a_status(status)) == (
        Acked(ref=REF, perm_id=PERM_ID),
    )


def test_a_status_without_a_perm_id_says_nothing() -> None:
    received = a_status("PendingSubmit", names=some_names(perm_id=0))

    assert events_of_message(a_sent_order(), received) == ()


def test_a_perm_id_that_has_run_over_is_one() -> None:
    """It is a signed number of 32 bits on this wire; newer ones have 64."""
    received = a_status("Submitted", names=some_names(perm_id=-5))

    assert events_of_message(a_sent_order(), received) == (Acked(ref=REF, perm_id=-5),)


def test_the_servers_own_cancelled_is_believed() -> None:
    received = a_status("Cancelled", warning="price check")

    assert learned(a_sent_order(), received).state is OrderState.CANCELLED
    assert Cancelled(ref=REF, reason="price check") in events_of_message(
        a_sent_order(), received
    )


@pytest.mark.parametrize("status", ["Inactive", "ApiCancelled"])
def test_a_status_that_judges_nothing_asks_for_evidence(status: str) -> None:
    order = a_sent_order()

    assert events_of_message(order, a_status(status)) == ()
    assert wants_evidence(order, a_status(status))


@pytest.mark.parametrize("state", [OrderState.REJECTED, OrderState.FILLED])
def test_inactive_after_the_end_needs_no_evidence(state: OrderState) -> None:
    order = a_sent_order(state=state)

    assert not wants_evidence(order, a_status("Inactive"))


@pytest.mark.parametrize("state", ENDED_AT_IB)
def test_a_late_sign_of_life_reopens_nothing_and_asks(state: OrderState) -> None:
    order = a_sent_order(state=state)

    assert events_of_message(order, a_status("Submitted")) == ()
    assert wants_evidence(order, a_status("Submitted"))
    assert not wants_evidence(order, a_status("Cancelled"))


def test_an_order_that_lives_as_it_should_asks_for_nothing() -> None:
    assert not wants_evidence(a_sent_order(), a_status("Submitted"))


def test_changed_terms_are_noted() -> None:
    received = a_status(
        "PreSubmitted", tif="DAY", shares=50, account="DU7654321", warning="capped"
    )

    assert events_of_message(a_sent_order(), received)[1] == Noted(
        ref=REF,
        reason="IB changed GTC to DAY; IB has it for 50 shares, not 100;"
        " IB has it in the account DU7654321; capped",
    )


@pytest.mark.attack(10)
def test_what_an_echo_leaves_out_has_not_changed() -> None:
    received = a_status("PreSubmitted", tif="", order_type="", account="")

    assert [*map(type, events_of_message(a_sent_order(), received))] == [Acked]


TERMS = a_sent_order().terms


def test_a_size_that_is_no_echo_of_the_order_is_only_noted() -> None:
    """An orderStatus counts what is filled and what remains, and may be half old."""
    (_, noted) = events_of_message(a_sent_order(), a_status("PreSubmitted", shares=50))

    assert noted == Noted(ref=REF, reason="IB has it for 50 shares, not 100")


@pytest.mark.attack(10)
@pytest.mark.parametrize("shares", [50, 200])
def test_an_order_that_ib_has_for_other_shares_is_for_these(shares: int) -> None:
    size = Decimal(shares)
    terms = replace(TERMS, shares=size)
    received = a_status("Submitted", terms=terms, shares=size)

    order = learned(a_sent_order(), received)

    assert (order.shares, order.about) == (shares, a_sent_order().about)
    assert order.reason == f"IB has it for {shares} shares, not 100"
    assert learned(order, received) == order


@pytest.mark.attack(10)
def test_one_that_was_made_larger_is_not_filled_with_what_it_was_sent_for() -> None:
    more = replace(TERMS, shares=Decimal(200))
    received = a_status("Submitted", terms=more, shares=Decimal(200))
    late = learned(learned(a_sent_order(), a_fill_message()), received)

    assert learned(learned(a_sent_order(), received), a_fill_message()).rest == 100
    assert (late.state, late.rest) == (OrderState.PARTIAL, 100)


@pytest.mark.attack(10)
@pytest.mark.parametrize("shares", [100, 200])
def test_a_limit_that_is_changed_in_tws_is_the_orders_own(shares: int) -> None:
    """It counts against the caps at its limit."""
    order = a_sent_order(
        order_type=OrderType.LIMIT, limit=price("4.90"), estimate=money("490.00")
    )
    size = Decimal(shares)
    terms = replace(TERMS, shares=size)
    received = a_status("Submitted", terms=terms, shares=size, limit=price("5.50"))

    after = learned(order, received)

    assert (after.limit, after.estimate) == (price("5.50"), shares * price("5.50"))
    assert "IB has its limit at 5.50, not 4.90" in (after.reason or "")
    assert learned(after, received) == after


def test_an_exits_limit_is_where_it_was_moved() -> None:
    order = a_sent_order(limit=price("4.90"), exit=ExitKind.TARGET)
    received = a_status("Submitted", terms=TERMS, order_type="LMT", limit=price("5.50"))

    assert learned(order, received).limit == price("5.50")


@pytest.mark.attack(10)
def test_another_type_is_noted_with_its_price() -> None:
    received = a_status("Submitted", terms=TERMS, order_type="LMT", limit=price("4.00"))

    assert learned(a_sent_order(), received).reason == "IB changed MKT to LMT at 4.00"


def test_a_cancelled_order_is_no_larger_for_its_last_echo() -> None:
    more = replace(TERMS, shares=Decimal(200))
    filled = learned(a_sent_order(), a_fill_message())
    received = a_status("Cancelled", terms=more, shares=Decimal(200))

    assert learned(filled, received) == filled


@pytest.mark.parametrize("shares", ["0.5", "100.5"])
def test_parts_of_a_share_are_only_noted(shares: str) -> None:
    size = Decimal(shares)
    received = a_status("Submitted", terms=replace(TERMS, shares=size), shares=size)

    assert learned(a_sent_order(), received).shares == 100


def test_what_others_of_its_group_filled_makes_an_exit_no_smaller() -> None:
    exit_order = a_sent_order(oca_group="g")
    less = replace(TERMS, shares=Decimal(50))
    received = a_status("Submitted", terms=less, shares=Decimal(50))

    assert learned(exit_order, received).shares == 100


def test_unchanged_terms_are_not_worth_a_note() -> None:
    received = a_status("PreSubmitted", tif="GTC", shares=100, account="DU1234567")

    assert events_of_message(a_sent_order(), received) == (
        Acked(ref=REF, perm_id=PERM_ID),
    )


def test_a_fill_acknowledges_and_fills() -> None:
    assert events_of_message(a_sent_order(), a_fill_message()) == (
        Acked(ref=REF, perm_id=PERM_ID),
        Filled(ref=REF, fill=a_fill()),
    )


@pytest.mark.parametrize("state", ENDED_AT_IB)
def test_a_fill_of_an_ended_order_is_only_a_fill(state: OrderState) -> None:
    order = a_sent_order(state=state)

    assert events_of_message(order, a_fill_message()) == (
        Filled(ref=REF, fill=a_fill()),
    )


def test_a_fill_without_a_perm_id_is_still_a_fill() -> None:
    received = a_fill_message(names=some_names(perm_id=0))

    assert events_of_message(a_sent_order(), received) == (
        Filled(ref=REF, fill=a_fill()),
    )


@pytest.mark.parametrize(
    "other",
    [
        {"con_id": FDMX.con_id},
        {"side": Side.SELL},
        {"names": some_names(ref="tb-another00-1")},
    ],
    ids=["stock", "side", "order"],
)
def test_a_fill_of_another_trade_under_our_id_is_not_ours(other: Any) -> None:
    assert events_of_message(a_sent_order(), a_fill_message(**other)) == ()


def test_a_commission_report_charges() -> None:
    received = ChargeMessage(exec_id="aa.01", commission=money("1.00"))

    assert events_of_message(a_sent_order(), received) == (
        Charged(ref=REF, exec_id="aa.01", commission=money("1.00")),
    )
    assert not wants_evidence(a_sent_order(), received)


def test_a_fill_needs_no_further_evidence() -> None:
    assert not wants_evidence(a_sent_order(), a_fill_message())


def test_a_held_order_is_held() -> None:
    received = a_code(Meaning.HELD, code=399, text="until the open", until=NOW)

    assert events_of_message(a_sent_order(), received) == (
        Held(ref=REF, until=NOW, text="until the open (TWS 399)"),
    )


def test_a_cancellation_notice_cancels() -> None:
    received = a_code(
        Meaning.CANCELLED, code=202, text="by the owner", names=some_names()
    )

    assert events_of_message(a_sent_order(), received) == (
        Cancelled(ref=REF, reason="by the owner (TWS 202)"),
    )


@pytest.mark.parametrize("state", [OrderState.SENDING, OrderState.UNKNOWN])
def test_a_dead_code_on_a_new_order_refuses_it_and_asks_for_evidence(
    state: OrderState,
) -> None:
    """R13."""
    order = a_sent_order(state=state)
    received = a_code(Meaning.DEAD)

    assert events_of_message(order, received) == (
        Refused(ref=REF, reason="no funds (TWS 201)"),
    )
    assert learned(order, received).state is state
    assert wants_evidence(learned(order, received), received)


@pytest.mark.parametrize(
    "received",
    [
        a_status("Cancelled"),
        a_code(Meaning.CANCELLED, code=202, text="gone", names=some_names()),
    ],
    ids=["status", "notice"],
)
def test_what_ib_calls_cancelled_after_it_had_refused_it_was_refused(
    received: StatusMessage | CodeMessage,
) -> None:
    refused = learned(a_sent_order(), a_code(Meaning.DEAD))

    assert events_of_message(refused, received) == (
        Rejected(ref=REF, reason="no funds (TWS 201)"),
    )


def test_a_sign_of_life_outlives_a_refusal() -> None:
    refused = learned(a_sent_order(), a_code(Meaning.DEAD))

    alive = learned(refused, a_status("Submitted"))

    assert (alive.state, alive.refused) == (OrderState.ACKED, None)
    assert learned(alive, a_status("Cancelled")).state is OrderState.CANCELLED


@pytest.mark.parametrize(
    "order",
    [
        a_sent_order(state=OrderState.ACKED, perm_id=PERM_ID),
        a_sent_order(perm_id=PERM_ID),
        a_sent_order(state=OrderState.UNKNOWN, fills=(a_fill(shares=1),)),
    ],
    ids=["acknowledged", "named", "part filled"],
)
def test_a_dead_code_on_an_order_that_ib_knows_is_no_verdict(order: Order) -> None:
    received = a_code(Meaning.DEAD)

    assert events_of_message(order, received) == (
        Noted(ref=REF, reason="no funds (TWS 201)"),
    )
    assert wants_evidence(learned(order, received), received)


@pytest.mark.parametrize("state", [OrderState.PLANNED, OrderState.ABSENT])
def test_a_dead_code_rejects_nothing_that_is_not_on_its_way(state: OrderState) -> None:
    order = a_sent_order(state=state)

    assert learned(order, a_code(Meaning.DEAD)).state is state


def test_a_code_that_is_no_verdict_only_asks_for_evidence() -> None:
    """R11, R12."""
    received = a_code(Meaning.LOOK, code=10148)

    assert events_of_message(a_sent_order(), received) == ()
    assert wants_evidence(a_sent_order(), received)
    assert not wants_evidence(a_sent_order(state=OrderState.FILLED), received)


def test_any_other_code_is_a_note() -> None:
    """R14."""
    received = a_code(Meaning.NOTE, code=10349, text="TIF was set to DAY")

    assert events_of_message(a_sent_order(), received) == (
        Noted(ref=REF, reason="TIF was set to DAY (TWS 10349)"),
    )
    assert not wants_evidence(a_sent_order(), received)


@pytest.mark.parametrize("meaning", Meaning)
@pytest.mark.parametrize(
    "state", [OrderState.ACKED, OrderState.PARTIAL, OrderState.FILLED]
)
def test_no_code_but_the_cancellation_notice_ends_an_order_that_ib_knows(
    state: OrderState, meaning: Meaning
) -> None:
    fills = () if state is OrderState.ACKED else (a_fill(shares=40),)
    order = a_sent_order(state=state, perm_id=PERM_ID, fills=fills)

    after = learned(order, a_code(meaning))

    if meaning is not Meaning.CANCELLED:
        assert after.state is state


WORD = a_fill(exec_id=f"{BY_WORD}{REF}", shares=Shares(60))
SPOKEN = [
    (OrderState.FILLED, (a_fill(shares=Shares(40)), WORD)),
    (OrderState.PARTIAL_DONE, (WORD,)),
]
"""What the owner said was filled: the rest of an order, and a part of another."""


@pytest.mark.attack(9)
@pytest.mark.parametrize(("state", "fills"), SPOKEN, ids=["the rest", "a part"])
def test_a_cancel_with_the_shares_that_ib_listed_refutes_the_owners_word(
    state: OrderState, fills: tuple[Fill, ...]
) -> None:
    """IB's own count shows that nothing more was filled. It changed nothing."""
    order = a_sent_order(state=state, fills=fills)

    after = learned(order, a_status("Cancelled", filled=Decimal(order.listed)))

    assert after.filled == order.listed
    assert after.reason == FEWER_FILLED
    assert not wants_evidence(after, a_status("Cancelled"))


@pytest.mark.attack(9)
@pytest.mark.parametrize(("state", "fills"), SPOKEN, ids=["the rest", "a part"])
@pytest.mark.parametrize(
    "message",
    [
        a_status("Cancelled"),
        a_status("Cancelled", filled=Decimal(70)),
        a_code(Meaning.CANCELLED),
        a_code(Meaning.CANCELLED, names=some_names()),
    ],
    ids=["uncounted", "more than listed", "code", "named code"],
)
def test_a_cancel_of_what_the_owner_called_filled_asks_for_evidence(
    state: OrderState, fills: tuple[Fill, ...], message: StatusMessage | CodeMessage
) -> None:
    order = a_sent_order(state=state, fills=fills)

    after = learned(order, message)

    assert (after.state, after.fills) == (state, fills)
    assert wants_evidence(after, message)


@pytest.mark.attack(7)
def test_an_execution_that_is_known_shows_no_life() -> None:
    known = a_fill_message()
    order = a_sent_order(state=OrderState.UNKNOWN, fills=(known.fill,))

    assert learned(order, known) == order


@pytest.mark.attack(9)
@pytest.mark.parametrize("meaning", [Meaning.NOTE, Meaning.LOOK])
def test_only_a_cancel_is_against_the_owners_word(meaning: Meaning) -> None:
    order = a_sent_order(state=OrderState.FILLED, fills=(WORD,))

    assert not wants_evidence(order, a_code(meaning))


@pytest.mark.parametrize(
    ("status", "filled", "oca_group", "counted"),
    [
        ("Filled", None, "", 100),
        ("Filled", None, "of-exits", 0),
        ("Filled", Decimal(40), "", 40),
        ("Submitted", Decimal(30), "", 30),
        ("Submitted", None, "", 0),
    ],
)
def test_what_ib_counts_as_filled_is_its_count_or_all_of_an_order_that_is_filled(
    status: str, filled: Decimal | None, oca_group: str, counted: int
) -> None:
    """Another exit of its group may have sold what is left of one of a group."""
    order = a_sent_order(oca_group=oca_group)
    anothers = some_names(ref="tb-0-other-1", perm_id=PERM_ID + 1)

    assert counted_as_filled(order, a_status(status, filled=filled)) == counted
    assert counted_as_filled(order, a_status("Filled", names=anothers)) == 0
