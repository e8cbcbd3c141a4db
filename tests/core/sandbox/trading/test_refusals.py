"""Bad orders are turned down with the code and the words that the real one uses."""

from dataclasses import replace
from typing import Any

import pytest

from core.sandbox.trading.events import ExchangeEvent, Notice
from core.sandbox.trading.exchange import Exchange
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trading.tickets import OrderRefused
from tests.core.sandbox.trading.published import is_as_published
from tests.harness.exchange import (
    MONDAY,
    NOW,
    a_ticket,
    an_exchange,
    codes,
    ny,
    shaped,
    statuses,
)


@pytest.fixture(scope="module")
def market() -> Exchange:
    return an_exchange()


def told_as_published(events: list[ExchangeEvent]) -> bool:
    notices = [e for e in events if isinstance(e, Notice)]
    return all(is_as_published(each.code, each.text) for each in notices)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"con_id": 1}, 200),
        ({"action": "HOLD"}, 321),
        ({"quantity": 0}, 434),
        ({"quantity": -5}, 321),
        ({"quantity": 0.5}, 10243),
        ({"account": "DU7654321"}, 321),
        ({"raw": {"eTradeOnly": "1"}}, 10268),
        ({"raw": {"firmQuoteOnly": "1"}}, 10269),
        ({"order_type": "PEG MID"}, 387),
        ({"tif": "OPG"}, 321),
        ({"order_type": "MOC", "tif": "GTC"}, 113),
        ({"order_type": "STP", "aux_price": 12.0, "tif": "IOC"}, 111),
        ({"order_type": "LMT"}, 321),
        ({"order_type": "LMT", "limit_price": 11.005}, 110),
        ({"order_type": "STP LMT", "limit_price": 11.0}, 321),
        ({"order_type": "TRAIL"}, 321),
        ({"quantity": 100_000}, 201),
    ],
)
def test_each_broken_rule_has_its_code(
    market: Exchange, wrong: dict[str, Any], code: int
) -> None:
    ticket = a_ticket(market, **wrong)

    with pytest.raises(OrderRefused) as refused:
        market.what_if(ticket, NOW)

    assert refused.value.code == code
    assert is_as_published(code, refused.value.text)


@pytest.mark.parametrize(
    "good",
    [
        {},
        {"order_type": "LMT", "limit_price": 11.01, "tif": "FOK"},
        {"order_type": "LMT", "limit_price": 0.5055},
        {"order_type": "STP LMT", "aux_price": 12.0, "limit_price": 12.05},
        {"order_type": "TRAIL", "trail_percent": 1.234},
        {"order_type": "MOC", "tif": "DAY"},
        {"raw": {"eTradeOnly": "0"}},
        {"action": "SELL"},
    ],
)
def test_good_orders_break_none(market: Exchange, good: dict[str, Any]) -> None:
    assert market.what_if(a_ticket(market, **good), NOW).commission > 0


def test_a_halted_stock_takes_no_orders() -> None:
    market = shaped(halted=2)

    events = market.place(a_ticket(market), NOW)

    assert codes(events) == [154]
    assert told_as_published(events)
    assert market.open_orders() == []


def test_a_stock_can_be_scripted_to_refuse() -> None:
    market = shaped(refuse=(460, "No trading permissions."))

    assert codes(market.place(a_ticket(market), NOW)) == [460]


def test_missing_money_is_201_and_leaves_an_inactive_order(market: Exchange) -> None:
    market = an_exchange(accounts=[AccountSpec(cash=500.0)])

    events = market.place(a_ticket(market), NOW)

    assert (codes(events), statuses(events)) == ([201], ["Inactive"])
    assert "MUST EXCEED THE INITIAL MARGIN" in str(events[0])
    assert [o.status for o in market.completed_orders(MONDAY)] == ["Inactive"]


def test_money_that_working_orders_need_is_not_spent_twice() -> None:
    market = an_exchange(accounts=[AccountSpec(cash=1000.0)])
    resting = a_ticket(market, order_type="LMT", limit_price=5.0)
    market.place(resting, NOW)

    second = market.place(replace(resting, order_id=2), NOW)

    assert codes(second) == [201]


def test_a_cash_account_neither_borrows_nor_sells_short() -> None:
    market = an_exchange(accounts=[AccountSpec(cash=1000.0, kind="CASH")])

    assert codes(market.place(a_ticket(market, quantity=91), NOW)) == [201]
    short = a_ticket(market, order_id=2, action="SELL", quantity=1)
    assert codes(market.place(short, NOW)) == [201]


def test_with_two_accounts_one_must_be_named() -> None:
    both = [AccountSpec(), AccountSpec(account="DU7654321")]
    market = an_exchange(accounts=both)

    assert codes(market.place(a_ticket(market), NOW)) == [435]
    named = a_ticket(market, account="DU7654321")
    assert codes(market.place(named, NOW)) == []
    assert [p.account for p in market.positions()] == ["DU7654321"]


def test_twenty_orders_a_side_are_enough(market: Exchange) -> None:
    market = an_exchange()
    resting = a_ticket(market, order_type="LMT", limit_price=5.0, quantity=1)
    for number in range(1, 21):
        assert codes(market.place(replace(resting, order_id=number), NOW)) == []

    assert codes(market.place(replace(resting, order_id=21), NOW)) == [201]


def test_orders_for_the_close_have_a_last_moment(market: Exchange) -> None:
    ticket = a_ticket(market, order_type="MOC", tif="DAY")

    with pytest.raises(OrderRefused, match="closed"):
        market.what_if(ticket, ny("15:51"))
    assert market.what_if(ticket, ny("16:30")).commission > 0


def test_an_id_is_used_once(market: Exchange) -> None:
    market = an_exchange()
    market.place(a_ticket(market, order_id=5), NOW)

    known = market.place(a_ticket(market, order_id=4), NOW)
    filled = market.place(a_ticket(market, order_id=5), NOW)
    assert (codes(known), codes(filled)) == ([103], [104])
    assert told_as_published([*known, *filled])
    assert codes(market.place(a_ticket(market, order_id=4, client_id=8), NOW)) == []
    assert (market.next_order_id(7), market.next_order_id(9)) == (6, 1)


def test_rolled_back_ids_are_issued_again() -> None:
    market = an_exchange()
    market.place(a_ticket(market, order_id=5), NOW)

    market.roll_back_ids(7, 3)

    assert market.next_order_id(7) == 3
    assert codes(market.place(a_ticket(market, order_id=3), NOW)) == []
