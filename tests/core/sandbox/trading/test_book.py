"""Orders that belong together live and die together."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.sandbox.trading.exchange import Exchange
from core.sandbox.trading.holdings import AccountSpec
from tests.harness.exchange import (
    LATER,
    MONDAY,
    NOW,
    PLAIN,
    a_limit,
    a_ticket,
    an_exchange,
    codes,
    fills,
    shaped,
    statuses,
    the_order,
)


def a_bracket(market: Exchange) -> list[Any]:
    """Buy 100, then sell them at 11.50 or below 10.50."""
    exit_ = {"action": "SELL", "parent_id": 1}
    events = market.place(a_ticket(market, transmit=False), NOW)
    target = a_limit(market, 11.50, order_id=2, transmit=False, **exit_)
    events += market.place(target, NOW)
    stop = a_ticket(market, order_id=3, order_type="STP", aux_price=10.50, **exit_)
    return events + market.place(stop, NOW)


def test_nothing_of_a_bracket_moves_before_it_is_transmitted() -> None:
    market = an_exchange()

    assert market.place(a_ticket(market, transmit=False), NOW) == []
    assert market.open_orders() == []
    assert codes(market.cancel(7, 1, LATER)) == [202]


@pytest.mark.parametrize(("drift", "winner", "loser"), [(0.01, 2, 3), (-0.01, 3, 2)])
def test_one_exit_of_a_bracket_cancels_the_other(
    drift: float, winner: int, loser: int
) -> None:
    market = shaped(open=11.0, last=11.0 / 2.718281828 ** (drift * 4.67), drift=drift)
    assert fills(a_bracket(market))

    market.advance(NOW + timedelta(minutes=30))

    ended = {o.ticket.order_id: o.status.value for o in market.completed_orders(MONDAY)}
    assert ended == {1: "Filled", winner: "Filled", loser: "Cancelled"}
    assert market.positions() == []


def test_exits_sleep_until_something_is_filled_and_die_with_their_parent() -> None:
    market = an_exchange()
    market.place(a_limit(market, 5.0, transmit=False), NOW)
    exit_ = {"action": "SELL", "parent_id": 1}
    market.place(a_limit(market, 9.0, order_id=2, transmit=False, **exit_), NOW)
    stop = a_ticket(market, order_id=3, order_type="STP", aux_price=12.0, **exit_)
    market.place(stop, NOW)
    market.advance(LATER)

    assert [o.why_held for o in market.open_orders()] == ["", "child", "trigger"]
    assert not market.executions(NOW)

    market.cancel(7, 1, LATER)
    assert market.open_orders() == []


def part_filled(**changes: Any) -> Exchange:
    """A market in which 40 of the 100 of a bracket are bought, and no more for hours."""
    market = shaped(ask_size=40, refill_seconds=7200.0, **changes)
    a_bracket(market)
    return market


def test_the_exits_of_a_part_work_for_that_part() -> None:
    market = part_filled(jump_at=LATER, jump_to=10.0)

    events = market.advance(LATER + timedelta(minutes=5))

    assert fills(events) == [(40, 9.99)]  # the stop, with what it protects
    assert market.positions() == []
    assert the_order(market, 2).ticket.quantity == 60  # for what is still to come
    assert the_order(market, 3).remaining == 60


def test_exits_stay_for_what_was_filled_of_a_parent_that_is_cancelled() -> None:
    market = part_filled()

    market.cancel(7, 1, LATER)

    assert [o.ticket.quantity for o in market.open_orders()] == [40, 40]


def test_children_are_the_oca_group_that_ib_makes_of_them() -> None:
    market = part_filled()

    parent = str(the_order(market).perm_id)
    assert [o.ticket.oca_group for o in market.open_orders()] == ["", parent, parent]

    changed = replace(the_order(market, 3).ticket, aux_price=10.40, oca_group="")
    market.place(changed, LATER)
    assert the_order(market, 3).ticket.oca_group == parent


def test_one_fill_cancels_all_in_its_group() -> None:
    market = an_exchange()
    market.place(a_limit(market, 5.0, oca_group="either", oca_type=1), NOW)

    events = market.place(
        a_ticket(market, order_id=2, oca_group="either", oca_type=1), NOW
    )

    assert "Cancelled" in statuses(events)
    assert market.open_orders() == []


@pytest.mark.parametrize(("oca_type", "left"), [(0, 70), (1, None), (2, 70), (3, 70)])
def test_a_part_reduces_its_group_or_cancels_it(
    oca_type: int, left: int | None
) -> None:
    market = shaped(ask_size=30, refill_seconds=7200.0)
    group = {"oca_group": "less", "oca_type": oca_type}
    market.place(a_limit(market, 5.0, **group), NOW)

    market.place(a_ticket(market, order_id=2, **group), NOW)

    live = {o.ticket.order_id: o.ticket.quantity for o in market.open_orders()}
    assert live == ({2: 100} if left is None else {1: left, 2: 100})


@pytest.mark.parametrize("oca_type", [1, 2, 3])
def test_whatever_is_filled_whole_cancels_its_group(oca_type: int) -> None:
    market = an_exchange()
    group = {"oca_group": "less", "oca_type": oca_type}
    market.place(a_limit(market, 5.0, **group), NOW)

    market.place(a_ticket(market, order_id=2, quantity=30, **group), NOW)

    assert market.open_orders() == []


def test_a_group_is_of_one_account() -> None:
    market = an_exchange(accounts=[AccountSpec(), AccountSpec(account="DU7654321")])
    group = {"oca_group": "less", "oca_type": 3}
    market.place(a_limit(market, 5.0, account="DU1234567", **group), NOW)

    other = a_limit(market, 5.0, order_id=2, account="DU7654321", **group)

    assert codes(market.place(other, NOW)) == [10224]
    assert len(market.open_orders()) == 1


def test_who_cancels_one_leg_cancels_the_group() -> None:
    market = an_exchange()
    group = {"oca_group": "less", "oca_type": 3}
    market.place(a_limit(market, 5.0, **group), NOW)
    market.place(a_limit(market, 6.0, order_id=2, **group), NOW)
    market.place(a_limit(market, 5.0, order_id=3), NOW)

    market.cancel(7, 2, LATER)

    assert [o.ticket.order_id for o in market.open_orders()] == [3]


def test_a_child_needs_a_parent_that_is_still_there() -> None:
    market = an_exchange()
    market.place(a_ticket(market), NOW)

    for parent in (1, 99):
        child = a_ticket(market, action="SELL", order_id=2, parent_id=parent)
        assert codes(market.place(child, NOW)) == [10006]


@pytest.mark.parametrize(("parent", "code"), [("MKT", [328]), ("LMT", [])])
def test_a_trailing_stop_is_attached_to_a_limit_only(
    parent: str, code: list[int]
) -> None:
    market = an_exchange()
    wish = a_limit(market, 5.0, transmit=False)
    market.place(replace(wish, order_type=parent), NOW)
    trail = {"action": "SELL", "order_type": "TRAIL", "aux_price": 0.5}

    events = market.place(a_ticket(market, order_id=2, parent_id=1, **trail), NOW)

    assert codes(events) == code
    assert len(market.open_orders()) == (0 if code else 2)


def test_two_sales_of_the_same_shares_do_not_overdraw_a_cash_account() -> None:
    holding = AccountSpec(kind="CASH", positions=(("QKTZ", 100.0, 8.0),))
    market = an_exchange(accounts=[holding])
    market.place(a_limit(market, 12.0, action="SELL"), NOW)
    market.place(a_ticket(market, action="SELL", order_id=2, quantity=60), NOW)

    market.reshape("QKTZ", replace(PLAIN, last=13.0))
    events = market.advance(LATER)

    assert fills(events) == [(40, 12.99)]
    assert statuses(events)[-1] == "Cancelled"
    assert market.positions() == []
