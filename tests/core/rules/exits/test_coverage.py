"""Of how many shares an exit plan speaks, by the order in which they were traded."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.model.exits.plan import ExitKind
from core.model.market import Side
from core.model.order import Order, OrderState, order_ref
from core.rules.exits.coverage import approved_shares, need
from core.rules.exits.written import plan_in
from tests.builders import JOURNAL, NOW, PROPOSAL_ID, an_exit
from tests.values import a_fill, a_protection, a_sent_order


def traded(leg: int, side: Side, shares: int, *, minute: int) -> Order:
    at = NOW + timedelta(minutes=minute)
    fill = a_fill(exec_id=f"0000e1a7.{leg}.01.01", shares=shares, at=at)
    return a_sent_order(
        ref=order_ref(JOURNAL, PROPOSAL_ID, leg),
        leg=leg,
        side=side,
        shares=shares,
        state=OrderState.FILLED,
        fills=(fill,),
    )


FIRST, SECOND = (order_ref(JOURNAL, PROPOSAL_ID, leg) for leg in (1, 2))


@pytest.mark.parametrize(
    ("sold", "left"),
    [(0, 200), (50, 150), (100, 100), (300, 100)],
    ids=["nothing", "a part", "all of it", "more than it"],
)
def test_what_is_bought_after_a_sale_is_protected_whatever_that_sold(
    sold: int, left: int
) -> None:
    protection = a_protection(entries=(FIRST, SECOND))
    orders = [
        traded(2, Side.BUY, 100, minute=3),
        traded(3, Side.SELL, sold, minute=2),
        traded(1, Side.BUY, 100, minute=1),
    ]

    assert approved_shares(protection, orders, room=1000) == left


def test_a_sale_in_the_second_of_a_purchase_sells_what_it_bought() -> None:
    protection = a_protection(entries=(FIRST,))
    orders = [
        traded(3, Side.SELL, 100, minute=1),
        traded(1, Side.BUY, 100, minute=1),
    ]

    assert approved_shares(protection, orders, room=1000) == 0


def test_a_sale_that_left_after_the_approval_counts_though_its_stamp_is_older() -> None:
    """IB's clock is a minute behind."""
    protection = a_protection(entries=(FIRST,))
    sale = replace(
        traded(3, Side.SELL, 100, minute=-1), sent_at=NOW + timedelta(seconds=2)
    )

    orders = [traded(1, Side.BUY, 100, minute=-1), sale]

    assert approved_shares(protection, orders, room=1000) == 0


@pytest.mark.parametrize(
    ("lost", "sold", "ends"),
    [
        (ExitKind.STOP, 0, True),
        (ExitKind.STOP, 40, True),
        (ExitKind.TARGET, 0, False),
        (ExitKind.TARGET, 40, False),
    ],
)
def test_a_group_ends_that_lacks_its_stop_and_stays_without_its_target(
    lost: ExitKind, sold: int, *, ends: bool
) -> None:
    """A target alone is no protection, and a stop alone is."""
    plan = plan_in("stop 5% target 10%")
    assert plan is not None
    exits = [_an_exit(kind, lost, sold) for kind in (ExitKind.STOP, ExitKind.TARGET)]
    bought = traded(1, Side.BUY, 100, minute=1)

    needed = need(
        a_protection(plan=plan, entries=(FIRST,)),
        (bought, *exits),
        room=100 - sold,
        closing=False,
        now=NOW + timedelta(minutes=9),
    )

    alive = [order for order in exits if order.exit is not lost]
    assert needed.cancel == (tuple(alive) if ends else ())
    assert bool(needed.incomplete) == (not ends and not sold)


@pytest.mark.parametrize(("room", "joins"), [(200, True), (199, False), (100, False)])
def test_a_target_joins_only_once_what_ends_can_sell_no_more(
    room: int, *, joins: bool
) -> None:
    """Else its guard refuses it, it lapses, and the group lacks it at once again."""
    plan = plan_in("stop 5% target 10%")
    assert plan is not None
    both = (ExitKind.STOP, ExitKind.TARGET)
    stays = [_an_exit(kind, ExitKind.TARGET, 0) for kind in both]
    ends = [_an_exit(kind, ExitKind.STOP, 0, leg=21, group="h") for kind in both]
    bought = [traded(leg, Side.BUY, 100, minute=1) for leg in (1, 2)]

    needed = need(
        a_protection(plan=plan, entries=(FIRST, SECOND)),
        (*bought, *stays, *ends),
        room=room,
        closing=False,
        now=NOW + timedelta(minutes=9),
    )

    assert needed.cancel == (ends[1],)
    assert [group.name for group in needed.incomplete] == (["g"] if joins else [])


def _an_exit(
    kind: ExitKind, lost: ExitKind, sold: int, *, leg: int = 11, group: str = "g"
) -> Order:
    is_lost = kind is lost
    fill = a_fill(shares=sold, at=NOW + timedelta(minutes=2))
    return an_exit(
        leg=leg if kind is ExitKind.STOP else leg + 1,
        exit=kind,
        shares=100,
        state=OrderState.ABSENT if is_lost else OrderState.ACKED,
        oca_group=group,
        fills=() if is_lost or not sold else (fill,),
    )
