"""Orders trade when the other side is there at their price, and not otherwise."""

from dataclasses import replace
from typing import Any

import pytest

from core.sandbox.market.data import MarketQuote
from core.sandbox.market.paths import Candle
from core.sandbox.trading.matching import (
    Match,
    capped,
    first_stop,
    limit_of,
    match,
    out_of_reach,
    trailed,
    trips,
)
from core.sandbox.trading.order_state import BookOrder, OrderStatus
from core.sandbox.trading.tickets import OrderTicket
from tests.harness.exchange import NOW


QUOTE = MarketQuote(
    bid=10.99,
    bid_size=300,
    ask=11.01,
    ask_size=40,
    last=11.0,
    last_size=100,
    last_time=NOW,
    open=10.0,
    high=11.0,
    low=10.0,
    close=9.5,
    volume=1e5,
    halted=0,
)


def an_order(**changes: Any) -> BookOrder:
    ticket = OrderTicket(client_id=1, order_id=1, con_id=1, action="BUY", quantity=100)
    return BookOrder(
        ticket=replace(ticket, **changes),
        perm_id=1,
        status=OrderStatus.SUBMITTED,
        placed_at=NOW,
    )


@pytest.mark.parametrize(
    ("wishes", "found"),
    [
        ({}, Match(shares=40, price=11.01)),
        ({"action": "SELL"}, Match(shares=100, price=10.99)),
        ({"order_type": "LMT", "limit_price": 11.01}, Match(shares=40, price=11.01)),
        ({"order_type": "LMT", "limit_price": 12.0}, Match(shares=40, price=11.01)),
        ({"order_type": "LMT", "limit_price": 11.0}, None),
        (
            {"action": "SELL", "order_type": "LMT", "limit_price": 10.99},
            Match(shares=100, price=10.99),
        ),
        ({"action": "SELL", "order_type": "LMT", "limit_price": 11.0}, None),
        ({"tif": "FOK"}, None),
        ({"tif": "IOC"}, Match(shares=40, price=11.01)),
        ({"tif": "FOK", "quantity": 40}, Match(shares=40, price=11.01)),
    ],
)
def test_an_order_takes_what_is_visible_at_its_price(
    wishes: dict[str, Any], found: Match | None
) -> None:
    order = an_order(**wishes)

    assert match(order, QUOTE, order.remaining) == found


def test_only_the_rest_of_an_order_trades() -> None:
    order = replace(an_order(action="SELL"), filled=70.0)

    assert match(order, QUOTE, order.remaining) == Match(shares=30, price=10.99)


def test_no_more_trades_than_may_work_now() -> None:
    order = an_order(action="SELL")

    assert match(order, QUOTE, 20) == Match(shares=20, price=10.99)
    assert match(order, QUOTE, 0) is None


@pytest.mark.parametrize("nothing", [{"ask": -1.0}, {"ask_size": 0}])
def test_nobody_on_the_other_side_means_no_trade(nothing: dict[str, Any]) -> None:
    assert match(an_order(), replace(QUOTE, **nothing), 100) is None


@pytest.mark.parametrize(
    ("side", "last", "triggers"),
    [
        ("SELL", 9.99, True),
        ("SELL", 10.0, True),
        ("SELL", 10.01, False),
        ("BUY", 9.99, False),
        ("BUY", 10.0, True),
        ("BUY", -1.0, False),
    ],
)
def test_a_stop_triggers_at_its_price(
    side: str, last: float, *, triggers: bool
) -> None:
    order = an_order(action=side, order_type="STP", aux_price=10.0)

    waiting = replace(order, stop_price=first_stop(order, 11.0))

    assert trips(waiting, last, QUOTE) is triggers
    assert trips(replace(waiting, triggered=True), last, QUOTE) is False


def test_a_trailing_stop_follows_and_never_retreats() -> None:
    order = an_order(action="SELL", order_type="TRAIL", aux_price=0.50)
    order = replace(order, stop_price=first_stop(order, 10.0))
    assert order.stop_price == 9.5

    order = trailed(order, 11.0)
    assert order.stop_price == 10.5

    assert trailed(order, 10.6) is order


def test_a_trail_can_be_a_percentage_or_begin_at_a_price() -> None:
    percent = an_order(action="BUY", order_type="TRAIL", trail_percent=10.0)
    begun = an_order(action="BUY", order_type="TRAIL", aux_price=1, trail_stop=12.5)

    assert first_stop(percent, 10.0) == 11.0
    assert first_stop(begun, 10.0) == 12.5


def test_other_orders_have_no_stop() -> None:
    assert first_stop(an_order(aux_price=3.0), 10.0) is None
    assert trailed(an_order(), 10.0).stop_price is None


@pytest.mark.parametrize(
    ("wishes", "matters"),
    [
        ({"order_type": "LMT", "limit_price": 9.98}, False),
        ({"order_type": "LMT", "limit_price": 9.99}, True),
        ({"action": "SELL", "order_type": "LMT", "limit_price": 11.02}, False),
        ({"action": "SELL", "order_type": "LMT", "limit_price": 11.01}, True),
        ({"order_type": "STP", "aux_price": 11.02}, False),
        ({"order_type": "STP", "aux_price": 11.01}, True),
        ({"action": "SELL", "order_type": "STP", "aux_price": 9.98}, False),
        ({"action": "SELL", "order_type": "TRAIL", "aux_price": 5.0}, True),
        ({}, True),
    ],
)
def test_a_minute_is_skipped_only_if_it_cannot_matter(
    wishes: dict[str, Any], *, matters: bool
) -> None:
    order = an_order(**wishes)
    order = replace(order, stop_price=first_stop(order, 10.5))

    candle = Candle(open=10.5, high=11.0, low=10.0, close=10.6)

    assert out_of_reach(order, candle) is not matters


@pytest.mark.parametrize(
    ("wishes", "cap", "limit"),
    [
        ({}, 11.0, 11.0),
        ({"order_type": "LMT", "limit_price": 12.0}, 11.0, 11.0),
        ({"order_type": "LMT", "limit_price": 10.5}, 11.0, 10.5),
        ({"action": "SELL"}, 11.0, 11.0),
        ({"action": "SELL", "order_type": "LMT", "limit_price": 10.0}, 11.0, 11.0),
        ({"action": "SELL", "order_type": "LMT", "limit_price": 11.5}, 11.0, 11.5),
        ({}, None, None),
    ],
)
def test_a_cap_is_a_limit_for_what_would_go_further(
    wishes: dict[str, Any], cap: float | None, limit: float | None
) -> None:
    plain = an_order(**wishes)
    order = capped(plain, cap)

    assert limit_of(order) == limit
    assert bool(order.market_cap_price) == (limit == cap and cap is not None)
    assert bool(order.warning) == bool(order.market_cap_price)


def test_a_capped_market_order_does_not_trade_past_its_cap() -> None:
    assert match(capped(an_order(), 11.0), QUOTE, 100) is None
    assert match(capped(an_order(), 11.01), QUOTE, 100) == Match(shares=40, price=11.01)
