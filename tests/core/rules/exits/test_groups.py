"""Each part of the rules of coverage by its numbers: what a group may still sell, which
groups stay, what is approved, and what others have taken off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.model.exits.plan import NO_EXITS, ExitKind, ExitPlan
from core.model.market import Side
from core.model.order import Order, OrderState
from core.model.proposal import ProposalId
from core.rules.exits.coverage import (
    NOTHING,
    SETTLING,
    Group,
    Need,
    basis_of,
    due_kinds,
    group_has_sold,
    groups_of,
    need,
    taken_off,
    unseen_exits,
)
from core.rules.exits.covered import approved_shares
from core.rules.exits.written import plan_in
from core.rules.new_york import day_of
from tests.builders import NOW, an_exit, an_open_order, price
from tests.core.rules.exits.test_covered import FIRST, SECOND, traded
from tests.values import a_fill, a_protection


STOP, TARGET, TRAIL, CLOSE = (
    *(ExitKind.STOP, ExitKind.TARGET),
    *(ExitKind.TRAIL, ExitKind.CLOSE),
)
ACKED, CLOSED, CANCELLED, FILLED = (
    *(OrderState.ACKED, OrderState.CLOSED_BY_HUMAN),
    *(OrderState.CANCELLED, OrderState.FILLED),
)
TODAY = day_of(NOW)
LATER = NOW + timedelta(minutes=9)


def planned(text: str = "stop 5% target 10%") -> ExitPlan:
    plan = plan_in(text)
    assert plan is not None
    return plan


def stop(**named: Any) -> Order:
    """A stop of group "g" for 100, which works."""
    sold = named.pop("sold", 0)
    fills = (a_fill(shares=sold, at=NOW + timedelta(minutes=2)),) if sold else ()
    order = {"state": ACKED, "oca_group": "g", "shares": 100, "fills": fills}
    return an_exit(**{**order, **named})


def target(**named: Any) -> Order:
    return stop(**{"leg": 12, "exit": TARGET, **named})


def closed(**named: Any) -> Order:
    return stop(state=CLOSED, closed_at=NOW, sent_day=TODAY, **named)


def needed(*orders: Order, room: int = 100, **named: Any) -> Need:
    """With an approval for the first purchase, which bought 100."""
    bought = traded(1, Side.BUY, 100, minute=1)
    approval = named.pop("protection", a_protection(plan=planned(), entries=(FIRST,)))
    rest = {"closing": False, "now": LATER, **named}
    return need(approval, (bought, *orders), room=room, **rest)


@pytest.mark.parametrize(
    ("orders", "rest"),
    [
        ((stop(),), 100),
        ((stop(), target()), 100),
        ((stop(sold=40), target()), 60),
        ((stop(sold=40), target(sold=60)), 0),
        ((stop(sold=70), target(sold=70)), 0),
        ((stop(shares=40), target()), 100),
        ((stop(state=CANCELLED), target(state=CANCELLED)), 0),
        ((stop(state=CANCELLED), target()), 100),
        ((closed(),), 100),
        ((closed(replaced=True),), 0),
        ((closed(sold=30),), 70),
        ((stop(state=OrderState.PLANNED),), 100),
    ],
    ids=[
        "a stop",
        "two exits sell once",
        "less what one sold",
        "all is sold",
        "more than all",
        "the largest counts",
        "both have ended",
        "one has",
        "closed by word today",
        "others were approved since",
        "closed, and a part sold",
        "not sent yet",
    ],
)
def test_what_a_group_may_still_sell(orders: tuple[Order, ...], rest: int) -> None:
    assert Group(orders, TODAY).rest == rest


@pytest.mark.parametrize(("days", "rest"), [(0, 100), (1, 0)])
def test_one_closed_by_word_counts_for_the_day_of_the_word(
    days: int, rest: int
) -> None:
    later = TODAY + timedelta(days=days)
    group = Group((closed(),), later)

    assert (group.rest, len(group.unseen)) == (rest, int(rest > 0))
    assert Group((closed(),)).rest == 0


def test_a_groups_last_fill_name_and_kinds() -> None:
    early = replace(target(), fills=(a_fill(shares=10, at=NOW),))
    group = Group((stop(sold=5), early, closed(leg=13, exit=CLOSE)), TODAY)

    assert group.last_fill == NOW + timedelta(minutes=2)
    assert Group((stop(),)).last_fill == datetime.min.replace(tzinfo=UTC)
    assert group.kinds == {STOP, TARGET, CLOSE}
    assert group.name == "g"
    assert Group((stop(oca_group=""),)).name == stop().ref


@pytest.mark.parametrize(("sold", "lacks"), [(0, {TARGET}), (1, set())])
def test_what_a_group_lacks_may_join_until_one_of_it_has_sold(
    sold: int, lacks: set[ExitKind]
) -> None:
    assert Group((stop(sold=sold),)).lacks(frozenset({STOP, TARGET})) == lacks


def test_exits_are_grouped_and_other_orders_are_not() -> None:
    alone, sale = stop(leg=13, oca_group=""), traded(3, Side.SELL, 100, minute=1)
    other = stop(leg=14, oca_group="")
    found = groups_of((stop(), sale, alone, target(), other), TODAY)

    both, *rest = (group.orders for group in found)
    assert both == (stop(), target())
    assert rest == [(alone,), (other,)]


@pytest.mark.parametrize(
    ("room", "shares"), [(100, 100), (60, 60), (0, 0), (-5, 0), (500, 100)]
)
def test_bare_shares_get_exits_for_what_is_held_and_approved(
    room: int, shares: int
) -> None:
    assert needed(room=room) == Need(shares=shares)
    assert needed(room=room).places is (shares > 0)


@pytest.mark.parametrize(
    ("room", "ends"),
    [(200, []), (199, ["h"]), (100, ["h"]), (99, ["g", "h"]), (0, ["g", "h"])],
)
def test_what_is_too_much_ends_the_newest_first(room: int, ends: list[str]) -> None:
    newer = (stop(leg=21, oca_group="h"), target(leg=22, oca_group="h"))
    approval = a_protection(plan=planned(), entries=(FIRST, SECOND))
    more = traded(2, Side.BUY, 100, minute=1)
    found = needed(stop(), target(), *newer, more, room=room, protection=approval)

    assert sorted({order.oca_group for order in found.cancel}) == ends
    assert found.shares == 0  # as long as what ends may still sell


def test_a_cancel_that_is_wanted_is_not_wanted_twice() -> None:
    asked = stop(cancel_asked=True)
    found = needed(asked, target())

    assert found.cancel == (target(),)
    assert found.shares == 0


@pytest.mark.parametrize("protection", [None, a_protection(plan=NO_EXITS)])
def test_without_an_approval_every_exit_ends(protection: Any) -> None:
    found = needed(stop(), target(), protection=protection)

    assert found == Need(cancel=(stop(), target()))
    assert not found.places


@pytest.mark.parametrize(
    ("orders", "stays"),
    [
        ((stop(), target()), True),
        ((stop(),), True),
        ((target(),), False),
        ((stop(proposal_id=ProposalId("older23456")),), False),
        ((stop(), target(), stop(leg=13, exit=TRAIL)), False),
        ((stop(leg=14, exit=CLOSE),), False),
    ],
    ids=["both", "no target", "no stop", "another card's", "one more", "the close's"],
)
def test_which_group_stays(orders: tuple[Order, ...], *, stays: bool) -> None:
    assert (needed(*orders).cancel == ()) is stays


def test_a_timed_exit_alone_leaves_nothing_to_do_before_its_close() -> None:
    approval = a_protection(plan=planned("close 1"), entries=(FIRST,))

    assert needed(protection=approval) == Need(shares=0)
    assert needed(stop(), protection=approval).cancel == (stop(),)
    assert needed(protection=approval, closing=True) == Need(shares=100)


def test_before_the_close_only_the_timed_exit_is_due() -> None:
    approval = a_protection(plan=planned("stop 5% close 1"), entries=(FIRST,))
    timed = stop(leg=14, exit=CLOSE)

    assert due_kinds(approval, closing=True) == {CLOSE}
    assert due_kinds(approval, closing=False) == {STOP}
    assert needed(stop(), protection=approval, closing=True).cancel == (stop(),)
    assert needed(timed, protection=approval, closing=True) == Need()


def test_an_exit_that_somebody_took_off_is_not_due() -> None:
    approval = a_protection(plan=planned("stop 5% trail 3%"), off=(STOP,))

    assert approval.open_kinds == {TRAIL}
    assert replace(approval, off=(STOP, TRAIL)).open_kinds == set()
    assert approved_shares(replace(approval, off=(STOP, TRAIL)), (), 100) == 0
    nothing = replace(approval, off=(STOP, TRAIL), entries=())
    assert approved_shares(nothing, (), 100) == 0
    assert approved_shares(None, (), 100) == 0
    assert approved_shares(replace(approval, entries=()), (), 100) == 100


@pytest.mark.parametrize(
    ("since", "ends"),
    [(timedelta(), False), (SETTLING, False), (SETTLING * 1.01, True)],
)
def test_ib_has_five_seconds_to_end_the_rest_of_a_group_that_sold(
    since: timedelta, *, ends: bool
) -> None:
    rest, now = target(), NOW + timedelta(minutes=2) + since
    found = needed(stop(sold=100, state=OrderState.FILLED), rest, room=0, now=now)

    assert timedelta(seconds=5) == SETTLING
    assert found.cancel == ((rest,) if ends else ())


def test_a_group_of_which_a_trade_was_taken_back_ends() -> None:
    busted = replace(stop(), fills=(a_fill(shares=0),))

    assert needed(busted, target()).cancel == (busted, target())


def test_what_was_closed_by_word_takes_its_room() -> None:
    assert needed(closed(), now=NOW) == Need()
    assert unseen_exits((closed(), target(oca_group="h")), NOW) == 100
    assert unseen_exits((closed(), target()), NOW) == 0  # its group is followed
    assert unseen_exits((closed(),), NOW + timedelta(days=1)) == 0


@pytest.mark.parametrize(
    ("orders", "found"),
    [
        ((stop(state=CANCELLED), target()), [STOP]),
        ((stop(state=OrderState.REJECTED),), [STOP]),
        ((stop(state=OrderState.PARTIAL_DONE, sold=40), target()), [STOP]),
        ((stop(state=CANCELLED, cancel_asked=True), target()), []),
        ((stop(state=OrderState.ABSENT), target()), []),
        ((stop(state=OrderState.LAPSED), target()), []),
        ((stop(state=CANCELLED, proposal_id=ProposalId("older23456")),), []),
        ((stop(state=CANCELLED), target(sold=100, state=FILLED)), []),
        (
            (stop(state=CANCELLED), target(sold=60, state=OrderState.PARTIAL_DONE)),
            [STOP, TARGET],
        ),
        (
            (stop(state=CANCELLED), target(shares=40, sold=40, state=FILLED)),
            [STOP],
        ),
        (
            (target(sold=100, state=FILLED), stop(state=CANCELLED, oca_group="h")),
            [STOP],
        ),
        ((target(state=CANCELLED, leg=15, exit=TRAIL),), []),
    ],
    ids=[
        "cancelled by others",
        "refused",
        "part sold",
        "cancelled by us",
        "never arrived",
        "never left",
        "another approval's",
        "the other sold all",
        "the other sold a part",
        "the other was made smaller, and sold that",
        "another group sold all",
        "taken off already",
    ],
)
def test_what_others_have_ended_is_taken_off(
    orders: tuple[Order, ...], found: list[ExitKind]
) -> None:
    approval = a_protection(plan=planned(), entries=(FIRST,), off=(TRAIL,))

    assert [kind for _, kind in taken_off(approval, orders)] == found


def test_where_nothing_is_needed_nothing_is_placed() -> None:
    assert Need(shares=1).places
    assert needed(stop(), target()) == NOTHING
    assert (NOTHING.cancel, NOTHING.places) == ((), False)


def test_a_group_with_an_exit_of_an_older_approval_ends() -> None:
    older = target(proposal_id=ProposalId("older23456"))

    assert needed(stop(), older).cancel == (stop(), older)


def test_distances_count_from_what_was_paid_or_approved() -> None:
    first = traded(1, Side.BUY, 100, minute=1)
    second = replace(
        traded(2, Side.BUY, 300, minute=2),
        fills=(a_fill(exec_id="2.01", shares=300, price=price("8.00")),),
    )
    paid = first.fills[0].price
    approval = a_protection(entries=(FIRST, SECOND))

    assert basis_of(approval, (first, second)) == (paid + 3 * price("8.00")) / 4
    assert basis_of(replace(approval, basis=price("7.00")), (first,)) == price("7.00")
    assert basis_of(approval, ()) is None
    assert basis_of(replace(approval, entries=(SECOND,)), (first,)) is None


@pytest.mark.parametrize(
    ("other", "listed", "has_sold"),
    [
        (stop(), True, False),
        (stop(), False, True),
        (stop(sold=1), True, True),
        (stop(oca_group="h", sold=1), False, False),
        (stop(state=OrderState.PLANNED), False, False),
        (stop(state=OrderState.UNKNOWN), False, False),
    ],
)
def test_whether_another_of_the_group_has_sold(
    other: Order, *, listed: bool, has_sold: bool
) -> None:
    row = an_open_order(ref=other.ref, side=Side.SELL, perm_id=other.perm_id or 0)
    joins = target(state=OrderState.PLANNED)
    rows = [row] if listed else []

    assert group_has_sold(joins, (other, joins), rows) is has_sold
    alone = replace(joins, oca_group="")
    assert not group_has_sold(alone, (replace(other, oca_group=""), alone), [])


def test_a_group_is_incomplete_only_where_ib_lists_its_stop_as_it_was() -> None:
    row = an_open_order(ref=stop().ref, side=Side.SELL)

    assert [g.name for g in needed(stop(), listed=[row]).incomplete] == ["g"]
    assert [g.name for g in needed(stop()).incomplete] == ["g"]
    assert needed(stop(), listed=[]).incomplete == ()
    assert needed(stop(), listed=[replace(row, filled=Decimal(1))]).incomplete == ()
    assert needed(stop(), listed=[row]).places
    sold = needed(stop(sold=100), room=0, now=NOW + timedelta(minutes=2))
    assert sold.incomplete == ()


@pytest.mark.parametrize("sold", [0, 1])
def test_one_of_two_that_has_sold_makes_the_group_one_that_sells(sold: int) -> None:
    rows = [
        an_open_order(ref=stop().ref, side=Side.SELL),
        an_open_order(ref=target().ref, side=Side.SELL, filled=Decimal(sold)),
    ]

    assert Group((stop(), target())).sells_at(rows) is bool(sold)
    assert Need().shares == 0
