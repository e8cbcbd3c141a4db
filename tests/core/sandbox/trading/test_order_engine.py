"""Every kind of order lives as it does at the real exchange."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.sandbox.trading.events import OrderChanged
from core.sandbox.trading.holdings import AccountSpec
from tests.harness.exchange import (
    LATER,
    MONDAY,
    NOW,
    PLAIN,
    TUESDAY,
    a_limit,
    a_ticket,
    an_exchange,
    codes,
    fills,
    ny,
    shaped,
    statuses,
    the_order,
)


def test_a_limit_order_works_until_the_market_comes() -> None:
    market = shaped(drift=-0.01)

    placed = market.place(a_limit(market, 10.30), NOW)
    assert statuses(placed) == ["PreSubmitted", "Submitted"]

    events = market.advance(NOW + timedelta(minutes=5))
    assert len(fills(events)) == 1
    assert fills(events)[0][1] <= 10.30


def test_a_limit_order_may_trade_early_only_if_it_says_so() -> None:
    market = an_exchange()
    apple = market.universe.by_symbol["AAPL"].con_id
    early = ny("08:00")
    patient = a_limit(market, 1000.0, con_id=apple, quantity=1)

    assert codes(market.place(patient, early)) == [399]
    eager = replace(patient, order_id=2, outside_rth=True)
    assert statuses(market.place(eager, early))[-1] == "Filled"


def test_a_market_order_cannot_trade_early_whatever_it_says() -> None:
    market = an_exchange()

    events = market.place(a_ticket(market, outside_rth=True), ny("08:00"))

    assert codes(events) == [2109, 399]
    assert the_order(market).ticket.outside_rth is False


def test_a_day_order_ends_with_the_day_and_gtc_does_not() -> None:
    market = an_exchange()
    market.place(a_limit(market, 5.0, tif="DAY"), NOW)
    market.place(a_limit(market, 5.0, order_id=2), NOW)

    events = market.advance(ny("16:00"))

    assert statuses(events) == ["Cancelled"]
    assert [o.ticket.order_id for o in market.open_orders()] == [2]
    assert market.next_event_at() == ny("09:30", TUESDAY)


def test_an_order_without_tif_becomes_day_and_is_told_so() -> None:
    market = an_exchange()

    events = market.place(a_limit(market, 5.0, tif=""), NOW)

    assert codes(events) == [10349]
    assert the_order(market).ticket.tif == "DAY"


def test_immediate_orders_take_what_is_there_and_leave() -> None:
    market = shaped(ask_size=40)

    events = market.place(a_ticket(market, tif="IOC"), NOW)
    cancelled = ["PendingCancel", "Cancelled"]
    assert statuses(events) == ["PreSubmitted", "Submitted", *cancelled]
    assert fills(events) == [(40, 11.01)]

    all_or_none = market.place(a_ticket(market, order_id=2, tif="FOK"), NOW)
    assert statuses(all_or_none) == ["PreSubmitted", "Inactive"]


def test_a_stop_sleeps_until_its_price_and_then_trades() -> None:
    market = shaped(drift=-0.01)
    stop = a_ticket(market, action="SELL", order_type="STP", aux_price=10.20)

    placed = market.place(stop, NOW)
    assert statuses(placed) == ["PreSubmitted"]

    events = market.advance(NOW + timedelta(minutes=10))
    assert statuses(events) == ["Submitted", "Filled"]
    assert fills(events)[0][1] == pytest.approx(10.19, abs=0.01)


def test_a_trailing_stop_sells_after_the_turn() -> None:
    market = shaped(drift=0.01, jump_at=NOW + timedelta(minutes=5), jump_to=10.8)
    trail = a_ticket(market, action="SELL", order_type="TRAIL", aux_price=0.5)
    market.place(trail, NOW)

    market.advance(NOW + timedelta(minutes=4))
    climbed = the_order(market).stop_price
    assert climbed is not None
    assert climbed > 11.0

    events = market.advance(NOW + timedelta(minutes=6))
    assert fills(events) == [(100, 10.79)]


def test_an_order_for_the_close_gets_the_close() -> None:
    market = an_exchange()
    market.place(a_ticket(market, order_type="MOC", tif="DAY"), NOW)

    events = market.advance(ny("16:00"))

    assert fills(events) == [(100, 11.0)]
    assert events[0].at == ny("16:00")


def test_a_cancel_is_confirmed_and_told_with_202() -> None:
    market = an_exchange()
    market.place(a_limit(market, 5.0), NOW)

    events = market.cancel(7, 1, LATER)

    assert statuses(events) == ["PendingCancel", "Cancelled"]
    assert codes(events) == [202]
    assert not any(e.terms for e in events if isinstance(e, OrderChanged))
    assert market.open_orders() == []
    assert market.next_event_at() is None


def test_a_cancel_of_what_is_held_is_not_pending() -> None:
    market, night = an_exchange(), ny("03:00")
    market.place(a_ticket(market), night)

    assert statuses(market.cancel(7, 1, night)) == ["Cancelled"]


def test_what_waits_for_its_cancel_can_still_be_filled() -> None:
    waits = {"cancel": 60.0}
    market = an_exchange(delay=lambda kind: waits.get(kind, 0.0))
    market.place(a_limit(market, 10.5), NOW)
    asked = market.cancel(7, 1, NOW)

    market.reshape("QKTZ", replace(PLAIN, last=10.0, ask_size=40, refill_seconds=99.0))
    events = market.advance(LATER + timedelta(minutes=5))

    assert statuses(asked) == ["PendingCancel"]
    assert fills(events) == [(40, 10.01)]
    assert statuses(events) == ["PendingCancel", "Cancelled"]


def test_a_cancel_judges_itself_when_there_is_nothing_to_cancel() -> None:
    market = an_exchange()
    market.place(a_ticket(market), NOW)

    assert codes(market.cancel(7, 1, LATER)) == [10148]
    assert codes(market.cancel(7, 2, LATER)) == [10147]
    assert codes(market.cancel(8, 1, LATER)) == [10147]


def test_everything_can_be_cancelled_at_once() -> None:
    market = an_exchange()
    for client in (1, 2, 3):
        market.place(a_limit(market, 5.0, client_id=client), NOW)

    told = statuses(market.global_cancel(LATER))
    assert told == ["PendingCancel"] * 3 + ["Cancelled"] * 3


def test_a_live_order_can_be_changed() -> None:
    market = an_exchange()
    market.place(a_limit(market, 5.0), NOW)
    perm_id = the_order(market).perm_id

    events = market.place(a_limit(market, 11.01, quantity=60), LATER)

    assert fills(events) == [(60, 11.01)]
    assert market.completed_orders(MONDAY)[0].perm_id == perm_id


def test_a_change_must_be_of_the_same_order() -> None:
    market = an_exchange()
    market.place(a_limit(market, 5.0), NOW)

    other = a_ticket(market, con_id=265598)
    assert codes(market.place(other, LATER)) == [105]
    assert codes(market.place(a_limit(market, 5.0, action="SELL"), LATER)) == [105]


def test_a_day_order_changed_to_gtc_outlives_the_day() -> None:
    market = an_exchange()
    market.place(a_limit(market, 5.0, tif="DAY"), NOW)
    market.place(a_limit(market, 5.0), LATER)

    market.advance(ny("20:00"))

    assert len(market.open_orders()) == 1


def test_a_resting_order_notices_at_once_that_the_market_was_bent() -> None:
    market = an_exchange()
    market.place(a_limit(market, 5.0), NOW)
    market.advance(LATER)

    market.reshape("QKTZ", replace(PLAIN, last=4.5))

    assert market.next_event_at() == LATER
    assert fills(market.advance(LATER)) == [(100, 4.51)]


def test_orders_held_over_night_fill_whatever_the_stock() -> None:
    market = an_exchange(accounts=[AccountSpec(cash=1e8)])
    stocks = market.universe.stocks[::9]
    for number, stock in enumerate(stocks, 1):
        one = a_ticket(market, con_id=stock.con_id, order_id=number, quantity=1)
        market.place(one, ny("20:00"))

    market.advance(ny("10:15", TUESDAY))

    assert market.open_orders() == []
    assert len(market.completed_orders(TUESDAY)) == len(stocks)
