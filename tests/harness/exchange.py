"""An exchange for tests: one morning, one shaped stock, and short ways to make tickets."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from core.sandbox.market.data import BarsRequest
from core.sandbox.market.hours import NEW_YORK
from core.sandbox.market.shapes import Shape
from core.sandbox.market.universe import DEFAULT_SEED, Stock
from core.sandbox.trading.events import (
    Commission,
    ExchangeEvent,
    Executed,
    Notice,
    OrderChanged,
)
from core.sandbox.trading.exchange import Exchange
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.tickets import OrderTicket


MONDAY: Final = date(2026, 11, 23)
FRIDAY_BEFORE: Final = date(2026, 11, 20)
TUESDAY: Final = date(2026, 11, 24)
THANKSGIVING: Final = date(2026, 11, 26)
SHORT_FRIDAY: Final = date(2026, 11, 27)

PRODUCT_FILTERS: Final = {
    "volumeAbove": "10000",
    "marketCapBelow1e6": "1000",
    "priceAbove": "1",
}

PLAIN: Final = Shape(
    on=MONDAY,
    open=10.0,
    last=11.0,
    prior_open=9.0,
    prior_close=9.5,
    spread=0.02,
    bid_size=500,
    ask_size=500,
    refill_seconds=1.0,
)
"""Stands at 11.00 all Monday, 10.99 bid and 11.01 asked, 500 shares a side."""


def ny(clock: str, day: date = MONDAY) -> datetime:
    """A New York time of *day*, in UTC."""
    return datetime.combine(day, time.fromisoformat(clock), NEW_YORK).astimezone(UTC)


NOW: Final = ny("09:34:40")
LATER: Final = NOW + timedelta(minutes=1)


def an_exchange(**changes: Any) -> Exchange:
    """The default seed's exchange, with QKTZ shaped without extras."""
    settings: dict[str, Any] = {"seed": DEFAULT_SEED, "shapes": {"QKTZ": PLAIN}}
    return Exchange(**(settings | changes))


def shaped(**changes: Any) -> Exchange:
    """An exchange in which QKTZ's shape has those changes."""
    return an_exchange(shapes={"QKTZ": replace(PLAIN, **changes)})


def the_stock(exchange: Exchange, symbol: str = "QKTZ") -> Stock:
    return exchange.universe.by_symbol[symbol]


def a_ticket(exchange: Exchange, **changes: Any) -> OrderTicket:
    """BUY 100 QKTZ at the market, good till cancelled, order 1 of client 7."""
    plain = OrderTicket(
        client_id=7,
        order_id=1,
        con_id=the_stock(exchange).con_id,
        action="BUY",
        quantity=100,
        tif="GTC",
    )
    return replace(plain, **changes)


def a_limit(exchange: Exchange, price: float, **changes: Any) -> OrderTicket:
    """The same as a limit order."""
    return a_ticket(exchange, order_type="LMT", limit_price=price, **changes)


def bars_of(exchange: Exchange, now: datetime = NOW, **wanted: Any) -> list[Any]:
    """Daily bars of QKTZ for two days unless told otherwise."""
    plain: dict[str, Any] = {
        "con_id": the_stock(exchange).con_id,
        "duration": "2 D",
        "bar_size": "1 day",
    }
    return exchange.bars(BarsRequest(**(plain | wanted)), now)


def statuses(events: list[ExchangeEvent]) -> list[str]:
    """The statuses in the events, in order."""
    return [e.order.status.value for e in events if isinstance(e, OrderChanged)]


def codes(events: list[ExchangeEvent]) -> list[int]:
    """The error codes in the events, in order."""
    return [e.code for e in events if isinstance(e, Notice)]


def fills(events: list[ExchangeEvent]) -> list[tuple[float, float]]:
    """Shares and prices of the executions in the events."""
    return [
        (e.execution.shares, e.execution.price)
        for e in events
        if isinstance(e, Executed)
    ]


def fees(events: list[ExchangeEvent]) -> list[float]:
    return [e.amount for e in events if isinstance(e, Commission)]


def the_order(exchange: Exchange, order_id: int = 1) -> BookOrder:
    """The live order with that id."""
    return next(o for o in exchange.open_orders() if o.ticket.order_id == order_id)


def value_of(exchange: Exchange, tag: str, now: datetime = NOW) -> float:
    """An account value in dollars."""
    rows = exchange.account_values(AccountSpec().account, now)
    return float(next(row.value for row in rows if row.tag == tag))
