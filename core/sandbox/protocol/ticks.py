"""Turns what changed in a quote into tick messages, live or delayed."""

from collections.abc import Iterator
from operator import attrgetter
from types import MappingProxyType
from typing import Final

from core.sandbox.market.data import MarketQuote
from core.sandbox.market.others.pricing import VOLATILITY, Greeks
from core.sandbox.protocol.replies import (
    fields,
    tick_generic,
    tick_price,
    tick_size,
    tick_string,
)
from core.sandbox.protocol.wire import Fields


PRICES: Final = MappingProxyType(  # live tick, delayed tick, price, size
    {
        "bid": (1, 66, "bid_size"),
        "ask": (2, 67, "ask_size"),
        "last": (4, 68, "last_size"),
        "high": (6, 72, ""),
        "low": (7, 73, ""),
        "close": (9, 75, ""),
        "open": (14, 76, ""),
    },
)
SIZES: Final = MappingProxyType(
    {"bid": (0, 69), "ask": (3, 70), "last": (5, 71)},
)
OF_PRICES: Final = attrgetter(*PRICES)
SIZE_NAMES: Final = tuple(size for _, _, size in PRICES.values())
MAY_VANISH: Final = frozenset({"bid", "ask"})  # -1 says that nobody quotes
VOLUME: Final = (8, 74)
LAST_TIME: Final = (45, 88)
HALTED: Final = (49, 90)


def is_silent(quote: MarketQuote) -> bool:
    """Whether nothing at all is known about the stock."""
    return max(quote.bid, quote.ask, quote.last, quote.close) <= 0


def ticks(
    req_id: int, quote: MarketQuote, before: MarketQuote | None, *, delayed: bool
) -> list[Fields]:
    """Return the messages that bring a client from *before* to *quote*."""
    if quote is before or is_silent(quote) or quote == before:
        return []
    found: list[Fields] = []
    for name in PRICES if before is None else _changed(quote, before):
        found += _price(req_id, name, quote, before, delayed=delayed)
    if before is None or quote.last_time != before.last_time:
        found += _last_time(req_id, quote, delayed=delayed)
    if before is None or quote.volume != before.volume:
        found.append(tick_size(req_id, VOLUME[delayed], quote.volume))
    if before is None or quote.halted != before.halted:
        found.append(tick_generic(req_id, HALTED[delayed], quote.halted))
    return found


def _changed(quote: MarketQuote, before: MarketQuote) -> Iterator[str]:
    """The names of the prices that changed, they or their sizes."""
    now, then = OF_PRICES(quote), OF_PRICES(before)
    for name, new, old, size in zip(PRICES, now, then, SIZE_NAMES, strict=True):
        if new != old or (size and getattr(quote, size) != getattr(before, size)):
            yield name


MODEL, CUSTOM = 13, 53


def option_tick(
    req_id: int,
    known: Greeks,
    spot: float,
    *,
    price: float | None = None,
    tick: int = MODEL,
    volatility: float = VOLATILITY,
) -> Fields:
    """21: what an option's price hangs on, by the gateway's model or as supposed."""
    shown = known.price if price is None else price
    return fields(
        *(21, req_id, tick, 0, volatility, known.delta, shown, 0),
        *(known.gamma, known.vega, known.theta, spot),
    )


def _price(
    req_id: int,
    name: str,
    quote: MarketQuote,
    before: MarketQuote | None,
    *,
    delayed: bool,
) -> list[Fields]:
    live, late, size_name = PRICES[name]
    price: float = getattr(quote, name)
    size: float = getattr(quote, size_name) if size_name else 0.0
    if before is not None and getattr(before, name) == price:
        if size_name and getattr(before, size_name) != size:
            return [tick_size(req_id, SIZES[name][delayed], size)]
        return []
    if price <= 0 and name not in MAY_VANISH:
        return []
    auto = name in MAY_VANISH and price > 0
    tick = late if delayed else live
    return [tick_price(req_id, tick, price, size, auto=auto)]


def _last_time(req_id: int, quote: MarketQuote, *, delayed: bool) -> list[Fields]:
    if quote.last_time is None:
        return []
    seconds = str(int(quote.last_time.timestamp()))
    return [tick_string(req_id, LAST_TIME[delayed], seconds)]
