"""What a pass or a message says of an exit's size, against what the others of its group
have sold: IB reduces an exit by that, and somebody else by anything."""

from decimal import Decimal
from typing import Any

import pytest

from core.model.evidence import Evidence
from core.model.exits.plan import ExitKind
from core.model.order import Order, OrderState
from core.model.portfolio import OpenOrder
from core.rules.exits.reduced import (
    bare_beside,
    cut_by_hand,
    grown,
    grown_by_hand,
    is_cut,
    is_grown,
)
from tests.builders import a_fill, an_evidence, an_exit, an_open_order, price


def stop(**named: Any) -> Order:
    return an_exit(**{"state": OrderState.ACKED, "perm_id": 1, **named})


STOP = stop()
OTHER_GROUP = an_exit(
    leg=14,
    state=OrderState.PARTIAL,
    perm_id=4,
    oca_group="another",
    fills=(a_fill(shares=50),),
)
NO_SIZE = [None, Decimal(0)]


def target(sold: int = 0, **named: Any) -> Order:
    fills = (a_fill(shares=sold),) if sold else ()
    order = {"leg": 12, "state": OrderState.ACKED, "perm_id": 2, "fills": fills}
    return an_exit(**{"exit": ExitKind.TARGET, **order, **named})


def row(order: Order, shares: int, filled: int = 0) -> OpenOrder:
    return an_open_order(
        ref=order.ref,
        perm_id=order.perm_id,
        side="SELL",
        shares=Decimal(shares),
        filled=Decimal(filled),
    )


def listed(*rows: OpenOrder, **named: Any) -> Evidence:
    return an_evidence(open_orders=rows, **named)


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("sold", "cut", "as_it_is", "enlarged"),
    [(0, 99, 100, 101), (40, 59, 60, 61), (100, None, 0, 1)],
)
def test_ib_reduces_an_exit_by_what_the_others_sold_and_by_no_more(
    sold: int, cut: int | None, as_it_is: int, enlarged: int
) -> None:
    group = (STOP, target(sold), OTHER_GROUP)

    assert not is_cut(STOP, Decimal(as_it_is), group)
    assert not is_grown(STOP, Decimal(as_it_is), group)
    assert is_grown(STOP, Decimal(enlarged), group)
    assert not is_cut(STOP, Decimal(enlarged), group)
    if cut is not None:
        assert is_cut(STOP, Decimal(cut), group)
        assert not is_grown(STOP, Decimal(cut), group)


@pytest.mark.parametrize(
    ("order", "size"),
    [
        *((STOP, each) for each in NO_SIZE),
        (stop(oca_group=""), Decimal(60)),
        (stop(oca_group=""), Decimal(140)),
        (stop(state=OrderState.CANCELLED), Decimal(60)),
        (stop(state=OrderState.CANCELLED), Decimal(140)),
    ],
)
def test_what_no_group_reduces_and_what_does_not_work_has_no_size_to_judge(
    order: Order, size: Decimal | None
) -> None:
    assert not is_cut(order, size, (order, target()))
    assert not is_grown(order, size, (order, target(120)))


def test_ib_gives_no_share_back_for_a_sale_that_was_taken_back() -> None:
    taken_back = target(fills=(a_fill(shares=0),))

    assert not is_cut(STOP, Decimal(60), (STOP, taken_back))
    assert list(cut_by_hand((STOP, taken_back), listed(row(STOP, 60)))) == []


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("rows", "known", "sizes"),
    [
        ((row(STOP, 60), row(target(), 100)), 0, [60]),
        ((row(STOP, 60), row(target(), 100, 40)), 0, []),
        ((row(STOP, 50), row(target(), 100, 40)), 0, [90]),
        ((row(STOP, 50), row(target(), 100, 0)), 40, [90]),
        ((row(STOP, 60),), 40, []),
        ((row(STOP, 50),), 40, [90]),
        ((row(target(), 60),), 0, [60]),
        ((), 0, []),
    ],
    ids=[
        "none was sold",
        "sold as IB lists it",
        "more than was sold, by IB",
        "more than was sold, as is known here",
        "sold by one that is not listed",
        "more than that sold",
        "the target, and the stop is not listed",
        "none is listed",
    ],
)
def test_an_exit_is_cut_where_ib_lists_it_for_less_than_the_sales_leave(
    rows: tuple[OpenOrder, ...], known: int, sizes: list[int]
) -> None:
    found = list(cut_by_hand((STOP, target(known)), listed(*rows)))

    assert [event.shares for event in found] == sizes


@pytest.mark.attack(10)
def test_a_cut_says_what_ib_has_and_what_was_sold() -> None:
    order = stop(limit=price("4.40"))
    [alone] = cut_by_hand((order, target()), listed(row(STOP, 60)))
    [beside] = cut_by_hand((order, target(40)), listed(row(STOP, 50)))

    assert (alone.ref, alone.limit) == (STOP.ref, price("4.40"))
    assert alone.reason == "IB has it for 60 shares, not 100, and none was sold"
    assert beside.reason == (
        "IB has it for 50 shares, not 100, and others of its group have sold 40"
    )


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("order", "rows", "known", "sizes"),
    [
        (STOP, (row(STOP, 120),), 0, [120]),
        (STOP, (row(STOP, 100),), 0, []),
        (STOP, (row(target(), 120),), 0, [120]),
        (STOP, (row(STOP, 90), row(target(), 100, 40)), 0, [130]),
        (STOP, (row(STOP, 60), row(target(), 100, 40)), 0, []),
        (STOP, (row(STOP, 100), row(target(), 100, 0)), 40, []),
        (stop(oca_group=""), (row(STOP, 120),), 0, []),
        (stop(state=OrderState.CANCELLED), (row(STOP, 120),), 0, []),
    ],
    ids=[
        "enlarged",
        "as it is",
        "the target, and the stop is not listed",
        "enlarged, and a part is sold",
        "a part is sold",
        "a sale that IB does not list yet reduces nothing",
        "of no group",
        "ended here",
    ],
)
def test_an_exit_is_grown_where_ib_lists_it_for_more_than_the_sales_leave(
    order: Order, rows: tuple[OpenOrder, ...], known: int, sizes: list[int]
) -> None:
    found = grown((order, target(known)), listed(*rows))

    assert [event.shares for event in found] == sizes


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("state", "sizes"), [(OrderState.FILLED, [130]), (OrderState.UNKNOWN, [])]
)
def test_what_one_that_is_listed_no_more_has_sold_counts_once_it_has_ended(
    state: OrderState, sizes: list[int]
) -> None:
    ended = target(40, state=state)
    found = grown((STOP, ended), listed(row(STOP, 90)))

    assert [event.shares for event in found] == sizes


@pytest.mark.attack(10)
def test_of_two_passes_the_smaller_size_counts_and_only_of_what_both_show() -> None:
    both = (row(STOP, 140), row(target(), 120))
    earlier = listed(row(STOP, 120), row(target(), 100))

    [event] = grown_by_hand((STOP, target()), listed(*both), earlier=earlier)

    assert (event.ref, event.shares) == (STOP.ref, 120)


@pytest.mark.parametrize(
    ("order", "others", "bare"),
    [
        (stop(shares=60), (target(),), 40),
        (stop(shares=60, exit=ExitKind.TRAIL), (target(),), 40),
        (STOP, (target(shares=60),), 0),
        (target(shares=60), (STOP,), 0),
        (stop(shares=60), (target(state=OrderState.CANCELLED),), 0),
        (stop(shares=20), (OTHER_GROUP,), 0),
        (stop(shares=20), (), 0),
        (stop(shares=60), (target(shares=70), target(leg=13)), 40),
    ],
    ids=[
        "a stop that was cut",
        "a trailing stop",
        "a stop as large",
        "a target",
        "beside one that has ended",
        "beside another group",
        "alone",
        "beside two",
    ],
)
def test_what_a_stop_that_was_cut_protects_no_longer(
    order: Order, others: tuple[Order, ...], bare: int
) -> None:
    assert bare_beside(order, (order, *others)) == bare
