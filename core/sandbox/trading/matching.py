"""Whether an order trades against a quote, and how much of it at what price."""

from dataclasses import dataclass, replace
from typing import Final

from core.sandbox.market.data import MarketQuote
from core.sandbox.market.paths import Candle
from core.sandbox.market.stockday import tick
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.terms.attributes import is_set
from core.sandbox.trading.tickets import Side


TRAILING: Final = frozenset({"TRAIL", "TRAIL LIMIT"})
TOUCHED: Final = frozenset({"MIT", "LIT"})
STOPS: Final = frozenset({"STP", "STP LMT", *TRAILING})
TRIGGERED: Final = STOPS | TOUCHED
LIMITS: Final = frozenset({"LMT", "STP LMT", "TRAIL LIMIT", "LIT", "LOC"})
AT_CLOSE: Final = frozenset({"MOC", "LOC"})
ORDER_TYPES: Final = frozenset(
    {"MKT", "MTL", "MIDPRICE", *TRIGGERED, *LIMITS, *AT_CLOSE},
)

BY_LAST: Final = frozenset({"", "0", "2", "3"})  # trigger methods
SLICED: Final = frozenset({"Twap", "Vwap"})
SLICES: Final = 10  # assumed: of an algo that spreads an order over time
UNSET_INTEGER: Final = "2147483647"

CAPPED: Final = (
    "In accordance with our regulatory obligations as a broker, we will initially cap"
    " (or limit) the price of your Order to {:.2f} or a more aggressive price still"
    " within your specified limit price. If this happens, you may not receive a fill."
)

_PERCENT = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A trade: shares, and the price in the unit that the stock is quoted in (in London
    pence)."""

    shares: float
    price: float


def waits_for_trigger(order: BookOrder) -> bool:
    """Whether the order is of a triggered type (such as a stop) and not triggered yet."""
    return order.ticket.order_type in TRIGGERED and not order.triggered


def limit_of(order: BookOrder) -> float | None:
    """The worst price that the order may trade at, its own limit and IB's price cap
    together, in the unit that the stock is quoted in; None for any.
    """
    limit = _own_limit(order)
    if not order.market_cap_price:
        return limit
    if limit is None:
        return order.market_cap_price
    stricter = min if order.ticket.side is Side.BUY else max
    return stricter(limit, order.market_cap_price)


def _own_limit(order: BookOrder) -> float | None:
    ticket = order.ticket
    if ticket.order_type == "TRAIL LIMIT":
        offset = ticket.sign * (ticket.limit_offset or 0.0)
        return None if order.stop_price is None else round(order.stop_price + offset, 4)
    if ticket.order_type == "MIDPRICE":
        return ticket.limit_price or None
    return ticket.limit_price if ticket.order_type in LIMITS else None


def capped(order: BookOrder, cap: float | None) -> BookOrder:
    """The order with IB's price cap, if its own limit does not already keep within it."""
    marked = replace(order, market_cap_price=cap or 0.0)
    if cap is None or limit_of(marked) == limit_of(order):
        return order
    return replace(marked, warning=CAPPED.format(cap))


def match(order: BookOrder, quote: MarketQuote, workable: float) -> Match | None:
    """The trade of the order against the quote's visible size, of at most *workable*
    shares; None for none.
    """
    buys = order.ticket.side is Side.BUY
    price, size = (quote.ask, quote.ask_size) if buys else (quote.bid, quote.bid_size)
    if order.ticket.order_type == "MIDPRICE" and min(quote.bid, quote.ask) > 0:
        price = round((quote.bid + quote.ask) / 2, 4)
    if price <= 0 or size <= 0 or beyond_limit(order, price):
        return None
    shares = float(min(workable, size, most_at_once(order)))
    if shares <= 0 or shares < _least(order):
        return None
    return Match(shares=shares, price=price)


def beyond_limit(order: BookOrder, price: float) -> bool:
    """Whether *price* is worse than the order's limit."""
    limit = limit_of(order)
    if limit is None:
        return False
    return price > limit if order.ticket.side is Side.BUY else price < limit


def most_at_once(order: BookOrder) -> float:
    """The most shares of one fill: the slice of its algo, else the whole order."""
    ticket = order.ticket
    if ticket.algo in SLICED:
        return max(1.0, ticket.quantity // SLICES)
    return ticket.quantity


def _least(order: BookOrder) -> float:
    """The fewest shares of one fill: all, the minimum quantity, or any."""
    ticket = order.ticket
    if ticket.tif == "FOK" or is_set(ticket.raw, "allOrNone"):
        return order.remaining
    least = ticket.raw.get("minQty", "")
    wanted = float(least) if least.isdecimal() and least != UNSET_INTEGER else 0.0
    return 0.0 if order.filled else min(wanted, order.remaining)


def out_of_reach(order: BookOrder, candle: Candle) -> bool:
    """Whether nothing in the minute of *candle* can trigger or fill a waiting order.

    The ask is never below the last price and the bid never above it, so the candle's
    ends, a tick wider for the rounding, bound what may happen.
    """
    buys = order.ticket.side is Side.BUY
    low, high = candle.low - tick(candle.low), candle.high + tick(candle.high)
    if waits_for_trigger(order):
        follows = order.ticket.order_type in TRAILING or order.stop_price is None
        if follows or _method(order) not in BY_LAST:
            return False
        stop = order.stop_price or 0.0
        return high < stop if _triggered_rising(order) else low > stop
    limit = limit_of(order)
    if limit is None or order.ticket.order_type == "MIDPRICE":
        return False
    return low > limit if buys else high < limit


def first_stop(order: BookOrder, last: float) -> float | None:
    """The stop price an order begins with, computed from the last price where it names
    none.
    """
    ticket = order.ticket
    if ticket.order_type not in TRAILING:
        return ticket.aux_price if ticket.order_type in TRIGGERED else None
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
    """The order with its stop moved after the last price: only ever closer to it."""
    if order.ticket.order_type not in TRAILING or order.triggered:
        return order
    closer = min if order.ticket.side is Side.BUY else max
    wanted = _trailing(order, last)
    stop = wanted if order.stop_price is None else closer(order.stop_price, wanted)
    return order if stop == order.stop_price else replace(order, stop_price=stop)


def trips(order: BookOrder, last: float, quote: MarketQuote) -> bool:
    """Whether the market triggers a stop, or reaches the price of an MIT or LIT order."""
    stop = order.stop_price
    if not waits_for_trigger(order) or stop is None:
        return False
    looked_at = [price for price in _trigger_prices(order, last, quote) if price > 0]
    if _triggered_rising(order):
        return any(price >= stop for price in looked_at)
    return any(price <= stop for price in looked_at)


def _trigger_prices(order: BookOrder, last: float, quote: MarketQuote) -> list[float]:
    """By the order's trigger method: the last price, bid or ask, both, or the middle."""
    method = _method(order)
    side = quote.ask if order.ticket.side is Side.BUY else quote.bid
    if method in BY_LAST:
        return [last]
    if method == "7":
        return [last, side]
    middle = (quote.bid + quote.ask) / 2 if min(quote.bid, quote.ask) > 0 else 0.0
    return [middle if method == "8" else side]


def _method(order: BookOrder) -> str:
    return order.ticket.raw.get("triggerMethod", "")


def _triggered_rising(order: BookOrder) -> bool:
    """Stops trigger on a move against the order, "if touched" on one in its favour."""
    buys = order.ticket.side is Side.BUY
    return buys is not (order.ticket.order_type in TOUCHED)
