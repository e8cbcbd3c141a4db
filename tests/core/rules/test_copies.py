"""Of two orders under one ref, the one whose permId is known is ours: the copy that
somebody made of it in TWS says nothing about it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.model.evidence import FillMessage
from core.model.exits.plan import ExitKind
from core.model.market import Side
from core.model.money import Shares
from core.model.order import OrderState
from core.model.order_events import Acked
from core.rules.exits.coverage import group_has_sold, groups_of
from core.rules.exits.reduced import cut_by_hand
from core.rules.listings.absence import undecided
from core.rules.listings.reconciliation import events_of
from core.rules.order_states import advance
from tests.builders import (
    PERM_ID,
    a_completed_order,
    a_fill,
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
def test_a_listing_counts_what_a_copy_has_filled_by_the_copys_own_count() -> None:
    """Both are of 100 and filled at once: IB counts 100 for each."""
    order = a_sent_order(state=OrderState.ACKED, perm_id=PERM_ID)
    own = some_names(ref=order.ref, perm_id=PERM_ID)
    rows = [
        FillMessage(
            names=replace(own, perm_id=perm_id),
            con_id=order.instrument.con_id,
            side=order.side,
            fill=a_fill(exec_id=stem, shares=order.shares, cumulative=order.shares),
        )
        for perm_id, stem in ((PERM_ID, "aa.01.01"), (COPY, "cc.01.01"))
    ]
    for event in events_of(order, an_evidence(fills=tuple(rows))):
        order = advance(order, event)

    assert (order.filled, order.perm_id) == (2 * order.shares, PERM_ID)


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


@pytest.mark.attack(7)
@pytest.mark.parametrize("copy_comes", ["first", "last"])
@pytest.mark.parametrize(
    ("ours", "copy", "has_sold"),
    [
        ({}, {}, False),
        ({}, {"filled": Decimal(40)}, False),
        ({"filled": Decimal(40)}, {}, True),
        (None, {}, True),
        (None, {"client_id": 0, "order_id": 0}, True),
        ({"ref": ""}, {}, False),
        ({"ref": "", "filled": Decimal(1)}, {"client_id": 0}, True),
    ],
    ids=[
        "both work",
        "the copy sold",
        "ours sold",
        "ours is gone",
        "ours is gone, the copy is another client's",
        "ours without a ref",
        "ours without a ref sold",
    ],
)
def test_whether_an_exit_has_sold_is_read_in_its_own_row(
    ours: dict[str, Any] | None,
    copy: dict[str, Any],
    copy_comes: str,
    *,
    has_sold: bool,
) -> None:
    """A target that joins a stop that sold would sell these shares once more; one that
    a copy keeps away leaves the shares without it."""
    stop = an_exit(state=OrderState.ACKED, perm_id=PERM_ID, oca_group="g")
    target = an_exit(
        leg=12, exit=ExitKind.TARGET, state=OrderState.PLANNED, oca_group="g"
    )
    row = {"ref": stop.ref, "side": Side.SELL}
    rows = [an_open_order(**{**row, "perm_id": COPY, **copy})]
    if ours is not None:
        own = an_open_order(**{**row, "perm_id": PERM_ID, **ours})
        rows = [*rows, own] if copy_comes == "first" else [own, *rows]

    assert group_has_sold(target, (stop, target), rows) is has_sold
    assert groups_of((stop,))[0].sells_at(rows) is has_sold
