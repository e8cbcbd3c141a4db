"""Fills and their arithmetic, and what holds after any events at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, strategies as st

from core.model.fills import Fill, is_told_twice
from core.model.money import Shares
from core.model.order import FINAL, WORKING, OrderState as S
from core.model.order_events import (
    Acked,
    Cancelled,
    Charged,
    Filled,
    FilledByWord,
    OrderEvent,
    Rejected,
    WordOfFill,
)
from core.rules.order_states import advance, changed_fill, filled_by
from tests.builders import (
    NOW,
    a_fill,
    a_sent_order,
    an_order,
    money,
    price,
)
from tests.core.rules.learning import (
    ABSENT,
    ACKED,
    CANCELLED,
    EVIDENCE,
    FIRST,
    REF,
    REJECTED,
    SECOND,
    SENT,
    SILENT,
    WITH_FILLS,
    after,
    filled,
    others,
)


def test_fills_stand_in_the_order_of_their_time() -> None:
    same_time = replace(FIRST, exec_id="zz.01.01", shares=Shares(1))

    order = after(a_sent_order(), filled(SECOND), filled(same_time), filled(FIRST))

    assert order.fills == (FIRST, same_time, SECOND)


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

    assert (order.state, order.filled) == (S.PARTIAL_DONE, 90)
    assert (again := after(order, filled(replace(whole, exec_id="aa.01.03")))).filled
    assert (again.state, again.filled) == (S.FILLED, 100)


def test_a_trade_that_was_taken_back_bought_nothing() -> None:
    """A bust comes as a correction to no shares; told twice, and late, it stays one."""
    whole = a_fill(exec_id="aa.01.01", shares=Shares(100))
    bust = replace(whole, exec_id="aa.01.02", shares=Shares(0))

    order = after(a_sent_order(), filled(whole), filled(bust), filled(whole))

    assert (order.state, order.filled, order.average_price) == (S.CANCELLED, 0, None)
    assert "changed its fills" in (order.reason or "")
    alive = after(a_sent_order(shares=Shares(200)), filled(whole), filled(bust))
    assert (alive.state, alive.filled) == (S.ACKED, 0)


def test_a_charge_goes_to_its_own_execution() -> None:
    charge = Charged(ref=REF, exec_id="aa.01.01", commission=money("1.00"))

    order = after(a_sent_order(), filled(FIRST), filled(SECOND), charge)

    assert [fill.commission for fill in order.fills] == [money("1.00"), None]


CHARGE = Charged(ref=REF, exec_id="aa.01.01", commission=money("1.00"))
REBATE = replace(CHARGE, commission=money("-0.35"))
EUROS = replace(CHARGE, commission=money("0.92"), currency="EUR")
PRICED_ANEW = filled(replace(FIRST, exec_id="aa.01.02", price=price("4.80")))
TAKEN_BACK = filled(replace(FIRST, exec_id="aa.01.02", shares=Shares(0)))
CHARGED_ANEW = replace(CHARGE, exec_id="aa.01.02", commission=money("1.10"))


@pytest.mark.attack(23)
@pytest.mark.parametrize(
    ("story", "fees"),
    [
        ([CHARGE, PRICED_ANEW], {"USD": "1.00"}),
        ([REBATE, PRICED_ANEW], {"USD": "-0.35"}),
        ([EUROS, PRICED_ANEW], {"EUR": "0.92"}),
        ([CHARGE, PRICED_ANEW, CHARGED_ANEW], {"USD": "1.10"}),
        ([PRICED_ANEW, CHARGED_ANEW], {"USD": "1.10"}),
        ([PRICED_ANEW, CHARGE], {}),
        ([CHARGE, EUROS], {"EUR": "0.92"}),
        ([CHARGE, TAKEN_BACK], {}),
        ([CHARGE, PRICED_ANEW, filled(FIRST)], {"USD": "1.00"}),
    ],
    ids=[
        "its price is corrected",
        "a rebate",
        "euros",
        "charged anew",
        "only charged anew",
        "late, of the version before",
        "in another currency by the newer report",
        "taken back",
        "the first version again",
    ],
)
def test_a_fee_outlives_the_correction_of_its_trade(
    story: Sequence[OrderEvent], fees: dict[str, str]
) -> None:
    order = after(a_sent_order(), filled(FIRST), *story)

    assert {currency: str(fee) for currency, fee in order.fees.items()} == fees


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
    if order.fills:
        assert order.state in WITH_FILLS
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


def counted(exec_id: str, shares: int, cumulative: int | None, **named: Any) -> Filled:
    """An execution, with what IB counts as filled of the order by then."""
    fill = a_fill(
        exec_id=exec_id, shares=Shares(shares), cumulative=cumulative, **named
    )
    return Filled(ref=REF, fill=fill)


LATER = NOW + timedelta(seconds=1)

PARTS = [counted("aa.01.01", 40, 40), counted("bb.01.01", 60, 100, at=LATER)]
AGAIN = [counted("cc.01.01", 40, 40), counted("dd.01.01", 60, 100, at=LATER)]


@pytest.mark.attack(7)
@pytest.mark.parametrize("events", [*permutations([*PARTS, *AGAIN])])
def test_a_fill_under_two_ids_is_booked_once_in_whatever_order_they_come(
    events: Sequence[OrderEvent],
) -> None:
    order = after(a_sent_order(), *events)

    assert (order.state, order.filled) == (S.FILLED, 100)


@pytest.mark.attack(7)
@pytest.mark.parametrize(
    ("events", "shares"),
    [
        ([counted("aa.01.01", 100, 100), counted("bb.01.01", 60, 60)], 100),
        ([counted("aa.01.01", 40, 40), counted("bb.01.01", 40, 80)], 80),
        ([counted("aa.01.01", 40, 40), counted("aa.01.02", 50, 40)], 50),
        (
            [
                *(counted("aa.01.01", 40, 40), counted("aa.01.02", 0, 40)),
                counted("bb.01.01", 40, 40),
            ],
            40,
        ),
        ([counted("aa.01.01", 40, None), counted("bb.01.01", 40, None)], 80),
        (
            [
                counted("aa.01.01", 40, 40),
                counted("bb.01.01", 40, 40, at=NOW + timedelta(days=1)),
            ],
            80,
        ),
    ],
    ids=[
        "split anew",
        "two alike",
        "a correction",
        "behind a bust",
        "not counted",
        "another day's count",
    ],
)
def test_no_more_is_booked_of_a_day_than_ib_counts(
    events: Sequence[OrderEvent], shares: int
) -> None:
    assert after(a_sent_order(), *events).filled == shares


NEXT_DAY = NOW + timedelta(days=1)


@pytest.mark.attack(7)
@pytest.mark.parametrize(
    ("first", "beside", "correction"),
    [
        (
            counted("aa.01.01", 40, 40),
            counted("bb.01.01", 40, 40, at=NEXT_DAY),
            counted("aa.01.02", 40, 40, at=NEXT_DAY),
        ),
        (
            counted("aa.01.01", 40, None),
            counted("bb.01.01", 60, 100),
            counted("aa.01.02", 50, 50),
        ),
    ],
    ids=["made on another day", "of one that had no count"],
)
def test_a_correction_is_of_a_trade_that_is_known(
    first: Filled, beside: Filled, correction: Filled
) -> None:
    """It takes the place of that; as a trade told twice it would halt."""
    fills = after(a_sent_order(), first, beside).fills

    assert not is_told_twice(correction.fill, fills)


SAID = FilledByWord(
    ref=REF, shares=Shares(60), price=price("4.80"), at=NOW, reason="it was filled"
)
SPOKEN = after(a_sent_order(), filled(FIRST), SILENT, SAID)


@pytest.mark.attack(9)
@pytest.mark.parametrize(
    "said", [SAID, replace(SAID, shares=Shares(20))], ids=["all", "a part"]
)
def test_what_ib_had_told_before_the_owner_spoke_does_not_take_back_his_word(
    said: FilledByWord,
) -> None:
    """Each new connection of that day tells the executions again."""
    spoken = after(a_sent_order(), filled(FIRST), SILENT, said)

    assert after(spoken, filled(FIRST)) == spoken


@pytest.mark.attack(7)
@pytest.mark.parametrize("until", [ACKED, SILENT, CANCELLED, REJECTED])
def test_an_execution_that_is_told_again_changes_nothing(until: OrderEvent) -> None:
    """Each new connection of the day tells it: it made an order in doubt one that
    works."""
    order = after(a_sent_order(), ACKED, filled(FIRST), until)

    assert after(order, filled(FIRST)) == order


@pytest.mark.attack(9)
@pytest.mark.parametrize(
    "news",
    [replace(SECOND, shares=Shares(20)), replace(FIRST, exec_id="aa.01.02")],
    ids=["another execution", "a correction"],
)
def test_what_ib_tells_anew_takes_the_place_of_the_owners_word(news: Fill) -> None:
    order = after(SPOKEN, filled(news))

    assert (SPOKEN.state, order.state) == (S.FILLED, S.PARTIAL_DONE)
    assert not any(fill.by_word for fill in order.fills)


@pytest.mark.attack(9)
@pytest.mark.parametrize(
    ("at_first", "at_last", "becomes"),
    [(20, 60, S.FILLED), (60, 20, S.PARTIAL_DONE), (20, 30, S.PARTIAL_DONE)],
    ids=["more", "fewer", "other"],
)
def test_a_second_word_takes_the_place_of_the_first(
    at_first: int, at_last: int, becomes: S
) -> None:
    """IB worked the order after the first word and then listed it no more. The second
    had the name of the first and was lost."""
    first = replace(SAID, shares=Shares(at_first))
    asked_again = after(a_sent_order(), filled(FIRST), SILENT, first, ACKED)
    asked_again = replace(asked_again, state=S.UNKNOWN)
    word = WordOfFill(ref=REF, shares=Shares(40 + at_last), price=price("4.90"))

    order = after(asked_again, filled_by(word, asked_again, by="Ada", at=NOW))

    assert (order.state, order.filled) == (becomes, 40 + at_last)
    assert [fill.price for fill in order.fills if fill.by_word] == [price("4.90")]
    assert FIRST in order.fills
    assert changed_fill(asked_again, order) is None
