"""Tick messages for what changed between two quotes, live or delayed."""

from collections.abc import Iterator
from operator import attrgetter
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


PRICES: Final = (  # ticks live and delayed, those of a size alone; told if nobody quotes
    ((1, 66), (0, 69), True),
    ((2, 67), (3, 70), True),
    ((4, 68), (5, 71), False),
    ((6, 72), (0, 0), False),
    ((7, 73), (0, 0), False),
    ((9, 75), (0, 0), False),
    ((14, 76), (0, 0), False),
)
OF_PRICES: Final = attrgetter("bid", "ask", "last", "high", "low", "close", "open")
OF_SIZES: Final = attrgetter("bid_size", "ask_size", "last_size")
SIZELESS: Final = (0.0,) * 4  # high, low, close, open
UNTOLD: Final = (None,) * len(PRICES)
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
    if quote is before or is_silent(quote):
        return []
    found = list(_prices(req_id, quote, before, delayed=delayed))
    if before is None or quote.last_time != before.last_time:
        found += _last_time(req_id, quote, delayed=delayed)
    if before is None or quote.volume != before.volume:
        found.append(tick_size(req_id, VOLUME[delayed], quote.volume))
    if before is None or quote.halted != before.halted:
        found.append(tick_generic(req_id, HALTED[delayed], quote.halted))
    return found


def _prices(
    req_id: int, quote: MarketQuote, before: MarketQuote | None, *, delayed: bool
) -> Iterator[Fields]:
    """A message for each price that changed; of its size alone where only that did."""
    told = (UNTOLD, UNTOLD) if before is None else _shown(before)
    shown = zip(PRICES, *_shown(quote), *told, strict=True)
    for (tick, size_tick, may_vanish), price, size, old, old_size in shown:
        if price != old:
            if price > 0 or may_vanish:
                auto = may_vanish and price > 0
                yield tick_price(req_id, tick[delayed], price, size, auto=auto)
        elif size != old_size:
            yield tick_size(req_id, size_tick[delayed], size)


def _shown(quote: MarketQuote) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The prices and their sizes, in the order of their messages."""
    return OF_PRICES(quote), (*OF_SIZES(quote), *SIZELESS)


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
    """21: an option's price, volatility and Greeks, from the gateway's model or for
    supposed values.
    """
    shown = known.price if price is None else price
    return fields(
        *(21, req_id, tick, 0, volatility, known.delta, shown, 0),
        *(known.gamma, known.vega, known.theta, spot),
    )


def _last_time(req_id: int, quote: MarketQuote, *, delayed: bool) -> list[Fields]:
    if quote.last_time is None:
        return []
    seconds = str(int(quote.last_time.timestamp()))
    return [tick_string(req_id, LAST_TIME[delayed], seconds)]
