"""IB's messages of one order, in any order and repeated: one end, the gateway's own."""

from dataclasses import dataclass, field, replace
from itertools import islice, permutations
from random import Random

import pytest

from core.model.evidence import (
    ChargeMessage,
    CodeMessage,
    CompletedOrder,
    Evidence,
    Meaning,
    StatusMessage,
)
from core.model.money import Shares
from core.model.order import Order, OrderState
from core.rules.listings.absence import judge, undecided
from core.rules.listings.reconciliation import events_of
from core.rules.order_messages import OrderMessage, events_of_message, wants_evidence
from core.rules.order_states import advance
from tests.builders import (
    a_completed_order,
    a_fill,
    a_fill_message,
    a_sent_order,
    an_evidence,
    an_open_order,
    money,
    some_names,
)


FIRST = a_fill_message(fill=a_fill(exec_id="aa.01.01", shares=Shares(40)))
SECOND = a_fill_message(fill=a_fill(exec_id="bb.01.01", shares=Shares(60)))
CORRECTED = a_fill_message(fill=a_fill(exec_id="aa.01.02", shares=Shares(40)))


def status(word: str, *, perm_id: int = some_names().perm_id) -> StatusMessage:
    return StatusMessage(names=some_names(perm_id=perm_id), status=word)


def code(number: int, meaning: Meaning) -> CodeMessage:
    return CodeMessage(order_id=41, code=number, text="words", meaning=meaning)


@dataclass(frozen=True, kw_only=True)
class OrderHistory:
    """All that IB says of one order, what its book shows afterwards, and the truth."""

    says: tuple[OrderMessage, ...]
    ends: OrderState
    filled: int = 0
    book: Evidence = field(default_factory=an_evidence)


def over(word: str, filled: int = 0) -> tuple[CompletedOrder, ...]:
    return (a_completed_order(status=word, filled=filled),)


STORIES = {
    "filled": OrderHistory(
        says=(
            status("PendingSubmit", perm_id=0),
            status("PreSubmitted"),
            status("Submitted"),
            FIRST,
            SECOND,
            status("Filled"),
            ChargeMessage(exec_id="aa.01.01", commission=money("1")),
        ),
        book=an_evidence(completed=over("Filled", 100), fills=(FIRST, SECOND)),
        ends=OrderState.FILLED,
        filled=100,
    ),
    "corrected": OrderHistory(
        says=(status("PreSubmitted"), FIRST, CORRECTED, SECOND, status("Filled")),
        book=an_evidence(completed=over("Filled", 100), fills=(CORRECTED, SECOND)),
        ends=OrderState.FILLED,
        filled=100,
    ),
    "preset changed the time in force": OrderHistory(
        says=(
            status("PreSubmitted"),
            code(10349, Meaning.NOTE),
            status("Submitted"),
            FIRST,
            SECOND,
        ),
        book=an_evidence(completed=over("Filled", 100), fills=(FIRST, SECOND)),
        ends=OrderState.FILLED,
        filled=100,
    ),
    "part, then cancelled": OrderHistory(
        says=(
            status("PreSubmitted"),
            status("Submitted"),
            FIRST,
            status("PendingCancel"),
            code(202, Meaning.CANCELLED),
            status("Cancelled"),
        ),
        book=an_evidence(completed=over("Cancelled", 40), fills=(FIRST,)),
        ends=OrderState.PARTIAL_DONE,
        filled=40,
    ),
    "cancelled": OrderHistory(
        says=(
            status("PreSubmitted"),
            code(399, Meaning.HELD),
            status("PendingCancel"),
            status("Cancelled"),
        ),
        book=an_evidence(completed=over("Cancelled")),
        ends=OrderState.CANCELLED,
    ),
    "refused before it had a name": OrderHistory(
        says=(
            status("PendingSubmit", perm_id=0),
            code(201, Meaning.DEAD),
            status("Inactive", perm_id=0),
            code(2109, Meaning.NOTE),
        ),
        book=an_evidence(completed=over("Inactive")),
        ends=OrderState.REJECTED,
    ),
    "refused after it had a name": OrderHistory(
        says=(
            status("PreSubmitted"),
            code(201, Meaning.DEAD),
            status("Inactive"),
            code(399, Meaning.HELD),
        ),
        book=an_evidence(completed=over("Inactive")),
        ends=OrderState.REJECTED,
    ),
    "cancelled too late": OrderHistory(
        says=(
            status("Submitted"),
            FIRST,
            SECOND,
            code(10148, Meaning.LOOK),
            code(161, Meaning.LOOK),
        ),
        book=an_evidence(completed=over("Filled", 100), fills=(FIRST, SECOND)),
        ends=OrderState.FILLED,
        filled=100,
    ),
    "working, with warnings": OrderHistory(
        says=(
            status("PreSubmitted"),
            status("Submitted"),
            code(404, Meaning.NOTE),
            code(10147, Meaning.LOOK),
            FIRST,
        ),
        book=an_evidence(open_orders=(an_open_order(),), fills=(FIRST,)),
        ends=OrderState.PARTIAL,
        filled=40,
    ),
    "refused by mistake of ours": OrderHistory(
        says=(code(103, Meaning.LOOK), status("Submitted"), FIRST, SECOND),
        book=an_evidence(completed=over("Filled", 100), fills=(FIRST, SECOND)),
        ends=OrderState.FILLED,
        filled=100,
    ),
}


def end_of(says: tuple[OrderMessage, ...], book: Evidence) -> Order:
    """Where the words lead, and the listings when the words ask for them."""
    order, asked = a_sent_order(), False
    for received in says:
        for event in events_of_message(order, received):
            order = advance(order, event)
        asked = asked or wants_evidence(order, received)
    return reconciled(order, book) if asked else order


def reconciled(order: Order, book: Evidence) -> Order:
    for event in events_of(order, book):
        order = advance(order, event)
    if undecided(order, book):
        for event in judge(order, book, earlier=book):
            order = advance(order, event)
    return order


def shuffled(says: tuple[OrderMessage, ...]) -> list[tuple[OrderMessage, ...]]:
    """Every order of the messages, and as many again with some of them repeated."""
    dice = Random(20261123)
    plain = list(islice(permutations(says), 5040))
    repeated = []
    for _ in range(600):
        more = [*says, *dice.choices(says, k=3)]
        dice.shuffle(more)
        repeated.append(tuple(more))
    return [*plain, *repeated]


def test_these_are_thousands_of_orders() -> None:
    assert sum(len(shuffled(history.says)) for history in STORIES.values()) > 10_000


@pytest.mark.parametrize("history", STORIES.values(), ids=STORIES.keys())
def test_any_order_of_messages_ends_as_the_gateways_book_says(
    history: OrderHistory,
) -> None:
    ends = {
        (order.state, order.filled)
        for order in (end_of(says, history.book) for says in shuffled(history.says))
    }

    assert ends == {(history.ends, history.filled)}


@pytest.mark.parametrize("history", STORIES.values(), ids=STORIES.keys())
def test_the_book_alone_tells_the_same_when_every_word_was_lost(
    history: OrderHistory,
) -> None:
    order = reconciled(a_sent_order(), history.book)

    assert (order.state, order.filled) == (history.ends, history.filled)


@pytest.mark.parametrize("history", STORIES.values(), ids=STORIES.keys())
@pytest.mark.parametrize("state", [OrderState.UNKNOWN, OrderState.ABSENT])
def test_the_book_corrects_what_was_thought_in_the_meantime(
    history: OrderHistory, state: OrderState
) -> None:
    order = reconciled(replace(a_sent_order(), state=state), history.book)

    assert (order.state, order.filled) == (history.ends, history.filled)
