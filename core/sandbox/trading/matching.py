"""Whether an order trades against a quote, and how much of it at what price."""

from dataclasses import dataclass, replace
from typing import Final

from core.sandbox.market.data import MarketQuote
from core.sandbox.market.paths import Candle
from core.sandbox.market.stockday import tick
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.tickets import Side


STOPS: Final = frozenset({"STP", "STP LMT", "TRAIL"})
LIMITS: Final = frozenset({"LMT", "STP LMT"})
AT_CLOSE: Final = frozenset({"MOC"})
MARKETS: Final = frozenset({"MKT", "STP", "TRAIL"})
ORDER_TYPES: Final = frozenset({"MKT", *STOPS, *LIMITS, *AT_CLOSE})

CAPPED: Final = (
    "In accordance with our regulatory obligations as a broker, we will initially cap"
    " (or limit) the price of your Order to {:.2f} or a more aggressive price still"
    " within your specified limit price. If this happens, you may not receive a fill."
)

_PERCENT = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """So many shares at a price in dollars."""

    shares: float
    price: float


def waits_for_trigger(order: BookOrder) -> bool:
    """Whether a stop is not triggered yet."""
    return order.ticket.order_type in STOPS and not order.triggered


def limit_of(order: BookOrder) -> float | None:
    """The worst price the order accepts or is let trade at, None for any."""
    limit = order.ticket.limit_price if order.ticket.order_type in LIMITS else None
    if not order.market_cap_price:
        return limit
    if limit is None:
        return order.market_cap_price
    stricter = min if order.ticket.side is Side.BUY else max
    return stricter(limit, order.market_cap_price)


def capped(order: BookOrder, cap: float | None) -> BookOrder:
    """The order with IB's price cap on it, if it would go further by itself."""
    marked = replace(order, market_cap_price=cap or 0.0)
    if cap is None or limit_of(marked) == limit_of(order):
        return order
    return replace(marked, warning=CAPPED.format(cap))


def match(order: BookOrder, quote: MarketQuote) -> Match | None:
    """What the visible size on the other side gives the order; None for nothing."""
    buys = order.ticket.side is Side.BUY
    price, size = (quote.ask, quote.ask_size) if buys else (quote.bid, quote.bid_size)
    limit = limit_of(order)
    if price <= 0 or size <= 0:
        return None
    if limit is not None and (price > limit if buys else price < limit):
        return None
    shares = float(min(order.remaining, size))
    if order.ticket.tif == "FOK" and shares < order.remaining:
        return None
    return Match(shares=shares, price=price)


def out_of_reach(order: BookOrder, candle: Candle) -> bool:
    """Whether nothing in that minute can trigger or fill a waiting order.

    The ask is never below the last price and the bid never above it, so the candle's
    ends, a tick wider for the rounding, bound what may happen.
    """
    buys = order.ticket.side is Side.BUY
    low, high = candle.low - tick(candle.low), candle.high + tick(candle.high)
    if waits_for_trigger(order):
        if order.ticket.order_type == "TRAIL" or order.stop_price is None:
            return False
        return high < order.stop_price if buys else low > order.stop_price
    limit = limit_of(order)
    if limit is None:
        return False
    return low > limit if buys else high < limit


def first_stop(order: BookOrder, last: float) -> float | None:
    """The stop price an order begins with, from the market when it names none."""
    ticket = order.ticket
    if ticket.order_type != "TRAIL":
        return ticket.aux_price if ticket.order_type in STOPS else None
    if ticket.trail_stop is not None:
        return ticket.trail_stop
    return _trailing(order, last)


def _trailing(order: BookOrder, last: float) -> float:
    ticket = order.ticket
    distance = ticket.aux_price or 0.0
    if ticket.trail_percent is not None:
        distance = last * ticket.trail_percent / _PERCENT
    return round(last + ticket.sign * distance, 4)


def trailed(order: BookOrder, last: float) -> BookOrder:
    """The order with its stop pulled along; it never moves away from the market."""
    if order.ticket.order_type != "TRAIL" or order.triggered:
        return order
    closer = min if order.ticket.side is Side.BUY else max
    wanted = _trailing(order, last)
    stop = wanted if order.stop_price is None else closer(order.stop_price, wanted)
    return order if stop == order.stop_price else replace(order, stop_price=stop)


def trips(order: BookOrder, last: float) -> bool:
    """Whether the last price triggers a stop."""
    if not waits_for_trigger(order) or order.stop_price is None or last <= 0:
        return False
    if order.ticket.side is Side.BUY:
        return last >= order.stop_price
    return last <= order.stop_price
