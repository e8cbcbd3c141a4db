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
    assert codes(market.cancel(7, 1, LATER)) == []


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


def test_exits_sleep_while_their_parent_works_and_die_with_it() -> None:
    market = shaped(ask_size=40, refill_seconds=60.0)
    a_bracket(market)

    asleep = [o.ticket.order_id for o in market.open_orders() if o.filled == 0]
    assert asleep == [2, 3]

    market.cancel(7, 1, LATER - timedelta(seconds=5))
    assert market.open_orders() == []


def test_one_fill_cancels_all_in_its_group() -> None:
    market = an_exchange()
    market.place(a_limit(market, 5.0, oca_group="either", oca_type=1), NOW)

    events = market.place(
        a_ticket(market, order_id=2, oca_group="either", oca_type=1), NOW
    )

    assert "Cancelled" in statuses(events)
    assert market.open_orders() == []


def test_a_group_that_reduces_leaves_the_rest() -> None:
    market = an_exchange()
    market.place(a_limit(market, 5.0, oca_group="less", oca_type=3), NOW)

    market.place(
        a_ticket(market, order_id=2, quantity=30, oca_group="less", oca_type=3), NOW
    )

    assert the_order(market).ticket.quantity == 70


def test_a_child_needs_a_parent_that_is_still_there() -> None:
    market = an_exchange()
    market.place(a_ticket(market), NOW)

    for parent in (1, 99):
        child = a_ticket(market, action="SELL", order_id=2, parent_id=parent)
        assert codes(market.place(child, NOW)) == [10006]


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
