"""Market orders fill, wait for the open, and show up in the account."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.sandbox.trading.events import Commission, Executed, Notice, OrderChanged
from core.sandbox.trading.holdings import AccountSpec
from tests.harness.exchange import (
    LATER,
    MONDAY,
    NOW,
    PLAIN,
    SHORT_FRIDAY,
    THANKSGIVING,
    TUESDAY,
    a_limit,
    a_ticket,
    an_exchange,
    codes,
    fees,
    fills,
    ny,
    shaped,
    statuses,
    the_order,
    the_stock,
    value_of,
)


def test_a_market_order_is_acknowledged_executed_filled_and_charged() -> None:
    market = an_exchange()

    events = market.place(a_ticket(market, order_ref="ob-1"), NOW)

    assert [type(e) for e in events] == [
        OrderChanged,
        Executed,
        OrderChanged,
        Commission,
    ]
    assert statuses(events) == ["PreSubmitted", "Filled"]
    assert fills(events) == [(100, 11.01)]
    assert fees(events) == [1.0]
    assert market.completed_orders(MONDAY)[0].ticket.order_ref == "ob-1"
    assert market.completed_orders(TUESDAY) == []


def test_a_sale_takes_the_bid() -> None:
    market = an_exchange(accounts=[AccountSpec(positions=(("QKTZ", 100.0, 8.0),))])

    events = market.place(a_ticket(market, action="SELL"), NOW)

    assert fills(events) == [(100, 10.99)]
    reports = [e for e in events if isinstance(e, Commission)]
    assert reports[0].amount == pytest.approx(1.0 + 0.022639 + 0.0195, abs=1e-6)
    assert reports[0].realized_pnl == pytest.approx(299.0 - reports[0].amount)
    assert market.positions() == []


def test_a_thin_book_fills_in_parts_as_it_comes_back() -> None:
    market = shaped(ask_size=40, refill_seconds=2.0)

    first = market.place(a_ticket(market), NOW)
    assert statuses(first) == ["PreSubmitted", "Submitted"]
    assert the_order(market).remaining == 60
    assert market.next_event_at() == NOW + timedelta(seconds=2)

    rest = market.advance(NOW + timedelta(seconds=4))
    assert fills([*first, *rest]) == [(40, 11.01), (40, 11.01), (20, 11.01)]
    assert statuses(rest) == ["Submitted", "Filled"]
    assert sum(fees([*first, *rest])) == 1.0, "one order, one least commission"
    assert market.next_event_at() is None


def test_steps_take_the_time_that_the_profile_gives_them() -> None:
    waits = {"ack": 0.1, "fill": 1.0, "commission": 2.0}
    market = an_exchange(delay=lambda kind: waits.get(kind, 0.0))

    assert market.place(a_ticket(market), NOW) == []
    events = market.advance(LATER)

    passed = [(e.at - NOW).total_seconds() for e in events]
    assert passed == pytest.approx([0.1, 1.1, 1.1, 3.1])


@pytest.mark.parametrize("steps", [1, 7, 600])
def test_what_happens_does_not_depend_on_how_often_one_looks(steps: int) -> None:
    market = shaped(ask_size=7, drift=-0.01)
    market.place(a_limit(market, 10.50, quantity=30), NOW)
    seen = []

    for step in range(1, steps + 1):
        seen += market.advance(NOW + timedelta(minutes=10) * step / steps)

    once = shaped(ask_size=7, drift=-0.01)
    once.place(a_limit(once, 10.50, quantity=30), NOW)
    assert seen == once.advance(NOW + timedelta(minutes=10))
    assert statuses(seen)[-1] == "Filled"


def test_an_order_at_night_is_held_until_the_open() -> None:
    market = an_exchange()
    stock = the_stock(market)

    held = market.place(a_ticket(market), ny("20:00"))

    assert (codes(held), statuses(held)) == ([399], ["PreSubmitted"])
    notice = held[0]
    assert isinstance(notice, Notice)
    assert notice.text == (
        f"Order Message:\nBUY 100 QKTZ {stock.primary_exchange}.{stock.market_name}\n"
        "Warning: your order will not be placed at the exchange until "
        "2026-11-24 09:30:00 US/Eastern"
    )
    assert market.next_event_at() == ny("09:30", TUESDAY)
    assert market.advance(ny("09:29:59", TUESDAY)) == []


def test_a_held_order_fills_after_the_stocks_first_print() -> None:
    market = an_exchange()
    market.place(a_ticket(market), ny("20:00"))

    events = market.advance(ny("09:45", TUESDAY))

    assert sum(shares for shares, _ in fills(events)) == 100
    assert all(e.at > ny("09:30", TUESDAY) for e in events)
    quote = market.quote(the_stock(market).con_id, events[0].at)
    assert fills(events)[0][1] == quote.ask


def test_a_holiday_holds_orders_until_the_next_session() -> None:
    market = an_exchange()
    market.place(a_ticket(market), ny("11:00", THANKSGIVING))

    assert market.next_event_at() == ny("09:30", SHORT_FRIDAY)


def test_a_stock_that_never_opens_fills_nothing() -> None:
    market = shaped(open=None, last=None, no_bar_today=True)
    market.place(a_ticket(market), NOW)

    assert fills(market.advance(ny("15:59"))) == []
    assert len(market.open_orders()) == 1


def test_an_order_working_when_the_halt_comes_waits_it_out() -> None:
    market = an_exchange(delay=lambda kind: 5.0 if kind == "fill" else 0.0)
    market.place(a_ticket(market), NOW)

    market.reshape("QKTZ", replace(PLAIN, halted=2))
    assert market.advance(LATER) == []

    market.reshape("QKTZ", PLAIN)
    assert fills(market.advance(LATER + timedelta(seconds=2))) == [(100, 11.01)]


def test_a_preview_changes_nothing() -> None:
    market = an_exchange()

    preview = market.what_if(a_ticket(market), NOW)

    assert preview.init_margin == (0.0, 550.0, 550.0)
    assert preview.maint_margin == (0.0, 275.0, 275.0)
    assert preview.equity_with_loan == (100_000.0, -1.0, 99_999.0)
    assert preview.commission == 1.0
    assert market.open_orders() == []
    assert market.next_order_id(7) == 1


def test_the_account_window_shows_what_was_bought() -> None:
    market = an_exchange()
    market.place(a_ticket(market), NOW)

    assert value_of(market, "TotalCashValue") == pytest.approx(100_000 - 1101 - 1)
    assert value_of(market, "GrossPositionValue") == pytest.approx(1100)
    assert value_of(market, "NetLiquidation") == pytest.approx(99_998)
    assert value_of(market, "AvailableFunds") == pytest.approx(99_998 - 550)
    item = market.portfolio("DU1234567", NOW)[0]
    assert (item.market_price, item.market_value) == (11.0, 1100.0)
    assert item.unrealized_pnl == pytest.approx(-2.0)
    profit = market.pnl("DU1234567", NOW)
    assert profit.daily == pytest.approx(-2.0)
    assert profit.realized == 0


def test_executions_are_kept_with_ids_of_their_own() -> None:
    market = shaped(ask_size=40)
    market.place(a_ticket(market), NOW)
    market.advance(LATER)

    kept = market.executions(NOW)

    assert len({e.execution.exec_id for e in kept}) == 3
    assert [e.execution.cumulative for e in kept] == [40, 80, 100]
    assert market.executions(LATER) == []


def test_a_trade_that_is_taken_back_is_told_again_of_no_shares() -> None:
    market = an_exchange()
    before = market.account_values("DU1234567", NOW)
    events = market.place(a_ticket(market), NOW)
    assert market.positions() != []

    told = market.correct(LATER, shares=0)

    assert fills(told) == [(0, 11.01)]
    first, again = (
        next(e.execution.exec_id for e in each if isinstance(e, Executed))
        for each in (events, told)
    )
    assert (first[:-2], first[-2:], again[-2:]) == (again[:-2], "01", "02")
    assert market.positions() == []
    assert [e.execution.shares for e in market.executions(NOW)] == [0]
    after = market.account_values("DU1234567", NOW)
    cash = [
        next(float(v.value) for v in values if v.tag == "TotalCashValue")
        for values in (before, after)
    ]
    assert cash[0] - cash[1] == pytest.approx(1.0)  # the fee


def test_a_trade_that_is_corrected_is_told_again_and_the_account_follows() -> None:
    market = an_exchange()
    market.place(a_ticket(market), NOW)
    cash = value_of(market, "TotalCashValue", NOW)

    told = market.correct(LATER, shares=60, price=10.5)

    assert fills(told) == [(60, 10.5)]
    [held] = market.positions()
    assert (held.quantity, held.avg_cost) == (60, 10.5)
    after = value_of(market, "TotalCashValue", LATER)
    assert after - cash == pytest.approx(100 * 11.01 - 60 * 10.5)


def test_an_accepted_order_that_is_turned_down_ends_as_inactive_with_a_201() -> None:
    market = an_exchange()
    market.place(a_ticket(market, order_type="LMT", limit_price=1.0), NOW)

    told = market.turn_down(LATER)

    assert [e.code for e in told if isinstance(e, Notice)] == [201]
    assert market.open_orders() == []
    [ended] = market.ended_after(0)
    assert (ended.status, ended.completed_status) == ("Inactive", "Inactive")


def test_where_no_order_lives_none_is_turned_down() -> None:
    assert an_exchange().turn_down(NOW) == []


def test_where_nothing_was_traded_nothing_is_taken_back() -> None:
    assert an_exchange().correct(NOW, shares=0) == []


@pytest.mark.parametrize(("ratio", "shares"), [(10.0, 1000), (0.1, 10), (1.5, 150)])
def test_a_split_changes_shares_cost_prices_and_bars_together(
    ratio: float, shares: int
) -> None:
    """What a holder has is worth what it was, and its history is in the new shares."""
    market = an_exchange()
    market.place(a_ticket(market), NOW)
    (held,), con_id = market.positions(), the_stock(market).con_id
    before = market.quote(con_id, LATER)
    closes = market.closes(con_id, sessions=5, now=LATER)
    cash = value_of(market, "TotalCashValue", LATER)
    worth = market.pnl("DU1234567", LATER)

    market.split(ratio, LATER)
    cent = 0.01 * max(1, 1 / ratio)  # of the price before, on its own step

    (now,) = market.positions()
    after = market.quote(con_id, LATER)
    assert now.quantity == shares
    assert now.avg_cost == pytest.approx(held.avg_cost / ratio)
    assert after.last == pytest.approx(before.last / ratio, abs=cent)
    assert after.close == pytest.approx(before.close / ratio, abs=cent)
    assert [close for _, close in market.closes(con_id, sessions=5, now=LATER)] == [
        pytest.approx(close / ratio, abs=cent) for _, close in closes
    ]
    assert value_of(market, "TotalCashValue", LATER) == cash
    again = market.pnl("DU1234567", LATER)
    assert again.daily == pytest.approx(worth.daily, abs=cent * shares)


def test_a_split_ends_the_stock_s_orders_and_pays_out_what_is_left_of_a_share() -> None:
    market = an_exchange()
    market.place(a_ticket(market, quantity=105), NOW)
    limit = a_limit(market, 5.0, order_id=2)
    market.place(limit, NOW)
    cash = float(value_of(market, "TotalCashValue", LATER))

    told = market.split(0.1, LATER)

    (now,) = market.positions()
    price = market.quote(now.con_id, LATER).last
    assert now.quantity == 10
    assert float(value_of(market, "TotalCashValue", LATER)) - cash == pytest.approx(
        0.5 * price, abs=0.01
    )
    assert statuses(told) == ["Cancelled"]
    assert codes(told) == [202]
    assert market.open_orders() == []


@pytest.mark.parametrize(("shares", "left"), [(-40, 60), (-100, 0), (50, 150)])
def test_shares_that_move_without_a_trade_cost_and_bring_nothing(
    shares: int, left: int
) -> None:
    market = an_exchange()
    market.place(a_ticket(market), NOW)
    (held,) = market.positions()
    cash = value_of(market, "TotalCashValue", LATER)

    market.move(held.account, the_stock(market).symbol, shares)

    costs = {each.quantity: each.avg_cost for each in market.positions()}
    assert costs == ({left: held.avg_cost} if left else {})
    assert value_of(market, "TotalCashValue", LATER) == cash
    assert len(market.executions(NOW)) == 1


def test_a_split_survives_a_restart_of_the_gateway_and_names_no_unknown_stock() -> None:
    market = an_exchange()
    market.place(a_ticket(market), NOW)
    con_id = the_stock(market).con_id
    assert market.split(2.0, NOW, symbol="NONE") == []
    market.split(10.0, NOW, symbol=the_stock(market).symbol)
    again = an_exchange()
    again.restore(market.snapshot())

    assert again.quote(con_id, LATER) == market.quote(con_id, LATER)
    assert again.positions() == market.positions()
