"""Of two orders under one ref, the one whose permId is known is ours: the copy that
somebody made of it in TWS says nothing about it."""

from decimal import Decimal
from typing import Any

import pytest

from core.model.market import Side
from core.model.money import Shares
from core.model.order import OrderState
from core.model.order_events import Acked
from core.rules.exits.reduced import cut_by_hand
from core.rules.order_states import advance
from core.rules.reconciliation import events_of, undecided
from tests.builders import (
    PERM_ID,
    a_completed_order,
    a_sent_order,
    an_evidence,
    an_exit,
    an_open_order,
    some_names,
)


COPY = PERM_ID + 1
OVER = a_completed_order(names=some_names(order_id=0, client_id=0, perm_id=COPY))


@pytest.mark.attack(7)
@pytest.mark.parametrize(
    ("listed", "state", "is_left_open"),
    [
        ({"completed": (OVER,), "open_orders": (an_open_order(),)}, "acked", False),
        ({"completed": (OVER,)}, "acked", True),
        ({"open_orders": (an_open_order(perm_id=COPY),)}, "acked", True),
        (
            {
                "completed": (a_completed_order(),),
                "open_orders": (an_open_order(perm_id=COPY),),
            },
            "cancelled",
            False,
        ),
        (
            {"open_orders": (an_open_order(perm_id=COPY), an_open_order())},
            "acked",
            False,
        ),
    ],
    ids=[
        "cancelled while ours works",
        "cancelled, and ours is nowhere",
        "working, and ours is nowhere",
        "working while ours is cancelled",
        "working beside ours",
    ],
)
def test_a_copy_neither_ends_nor_keeps_the_order(
    listed: dict[str, Any], state: str, *, is_left_open: bool
) -> None:
    order = a_sent_order(state=OrderState.ACKED, perm_id=PERM_ID)
    evidence = an_evidence(**listed)
    for event in events_of(order, evidence):
        order = advance(order, event)

    assert (order.state, order.perm_id) == (state, PERM_ID)
    assert undecided(order, evidence) is is_left_open


@pytest.mark.attack(7)
def test_a_copy_that_works_does_not_reopen_what_has_ended() -> None:
    order = a_sent_order(state=OrderState.CANCELLED, perm_id=PERM_ID)
    evidence = an_evidence(open_orders=(an_open_order(perm_id=COPY),))

    assert events_of(order, evidence) == ()
    assert not undecided(order, evidence)


def test_a_first_sign_of_an_order_is_its_own() -> None:
    order = a_sent_order(state=OrderState.SENDING)
    evidence = an_evidence(open_orders=(an_open_order(),))

    assert Acked(ref=order.ref, perm_id=PERM_ID) in events_of(order, evidence)


@pytest.mark.attack(7)
def test_a_smaller_copy_of_a_stop_leaves_the_stop_its_size() -> None:
    stop = an_exit(state=OrderState.ACKED, perm_id=PERM_ID, shares=Shares(100))
    ours = an_open_order(ref=stop.ref, side=Side.SELL, perm_id=PERM_ID)
    copy = an_open_order(
        ref=stop.ref, side=Side.SELL, perm_id=COPY, shares=Decimal(40), client_id=0
    )
    for rows in ((ours, copy), (copy, ours)):
        assert list(cut_by_hand((stop,), an_evidence(open_orders=rows))) == []
