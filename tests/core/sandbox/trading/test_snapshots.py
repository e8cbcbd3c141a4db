"""A gateway that was restarted goes on as if it had not been."""

import json
from dataclasses import replace

import pytest

from core.sandbox.trading.exchange import Exchange
from core.sandbox.trading.holdings import AccountSpec
from tests.harness.exchange import (
    LATER,
    MONDAY,
    NOW,
    TUESDAY,
    a_limit,
    a_ticket,
    an_exchange,
    codes,
    fills,
    ny,
    shaped,
)


def restarted(exchange: Exchange, fresh: Exchange) -> Exchange:
    """The fresh one, with the other's memory by way of a file."""
    fresh.restore(json.loads(json.dumps(exchange.snapshot())))
    return fresh


def a_busy_market() -> Exchange:
    """Something filled, filling, held, resting, parked, cancelled and refused."""
    market = shaped(ask_size=40, refill_seconds=30.0)
    market.place(a_ticket(market, quantity=40, raw={"openClose": "O"}), NOW)
    market.place(a_ticket(market, order_id=2, quantity=100), NOW)
    market.place(a_limit(market, 5.0, order_id=3, tif="DAY"), NOW)
    market.place(a_limit(market, 5.0, order_id=4), NOW)
    market.place(a_ticket(market, order_id=5, transmit=False), NOW)
    market.cancel(7, 4, NOW)
    market.place(a_ticket(market, order_id=6, quantity=1e6), NOW)
    return market


def test_orders_money_and_ids_survive() -> None:
    before = a_busy_market()

    after = restarted(before, shaped(ask_size=40, refill_seconds=30.0))

    assert after.open_orders() == before.open_orders()
    assert after.completed_orders(MONDAY) == before.completed_orders(MONDAY)
    assert after.executions(NOW) == before.executions(NOW)
    assert after.positions() == before.positions()
    account = AccountSpec().account
    assert after.account_values(account, LATER) == before.account_values(account, LATER)
    assert after.pnl(account, LATER) == before.pnl(account, LATER)
    assert after.next_order_id(7) == 7
    assert after.next_event_at() == before.next_event_at()


def test_what_was_to_happen_still_happens() -> None:
    before = a_busy_market()
    after = restarted(before, shaped(ask_size=40, refill_seconds=30.0))

    events = after.advance(ny("16:00"))

    assert events == before.advance(ny("16:00"))
    assert sum(shares for shares, _ in fills(events)) == 60


def test_a_held_order_is_filled_though_the_gateway_was_down_at_the_open() -> None:
    before = an_exchange()
    before.place(a_ticket(before), ny("20:00"))

    after = restarted(before, an_exchange())

    assert sum(s for s, _ in fills(after.advance(ny("11:00", TUESDAY)))) == 100


def test_new_permanent_ids_come_after_the_old_ones() -> None:
    before = a_busy_market()
    after = restarted(before, an_exchange())

    after.place(a_limit(after, 5.0, order_id=9), LATER)

    perm_ids = [order.perm_id for order in after.open_orders()]
    assert perm_ids == sorted(set(perm_ids))


def test_a_parked_order_can_be_transmitted_after_all() -> None:
    market = a_busy_market()
    after = restarted(market, an_exchange())

    ticket = replace(a_ticket(after), order_id=5)

    assert codes(after.place(ticket, LATER)) == []
    assert any(o.ticket.order_id == 5 for o in after.completed_orders(MONDAY))


def test_a_file_of_something_else_is_not_taken() -> None:
    market = an_exchange()

    with pytest.raises(KeyError):
        market.restore({"orders": []})
    assert market.accounts() == ("DU1234567",)
