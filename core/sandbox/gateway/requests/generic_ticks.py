"""Generic ticks: what a client asks for by number besides a stock's quote.

Which are legal, and the texts of the refusals, are as captured of a gateway
(https://github.com/deephaven-examples/deephaven-ib/issues/46, and message 414 of IB's
table, which comes as 321 today). Legal ones that are not served bring nothing.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from core.sandbox.market.data import MarketQuote
from core.sandbox.market.facts import Facts
from core.sandbox.protocol import replies
from core.sandbox.protocol.replies import (
    tick_generic,
    tick_price,
    tick_size,
    tick_string,
)
from core.sandbox.protocol.wire import Fields
from core.sandbox.refusal import RequestRefused


LEGAL: Final = (
    "100(Option Volume),101(Option Open Interest),105(Average Opt Volume),106(impvolat)"
    ",165(Misc. Stats),221/220(Creditman Mark Price),225(Auction),232/221(Pl Price)"
    ",233(RTVolume),236(inventory),258/47(Fundamentals),292(Wide_news),293(TradeCount)"
    ",294(TradeRate),295(VolumeRate),318(LastRTHTrade),375(RTTrdVolume),411(rthistvol)"
    ",456/59(IBDividends),460(Bond Factor Multiplier)"
    ",576(EtfNavBidAsk(navbidask)),577(EtfNavLast(navlast)),578(EtfNavClose(navclose))"
    ",586(IPOHLMPRC),587(Pl Price Delayed),588(Futures Open Interest)"
    ",595(Short-Term Volume X Mins),614(EtfNavMisc(high/low))"
    ",619(Creditman Slow Mark Price),623(EtfFrozenNavLast(fznavlast))"
)
NUMBERS: Final = frozenset(
    {100, 101, 105, 106, 165, 221, 220, 225, 232, 233, 236, 258, 47, 292, 293, 294, 295}
    | {318, 375, 411, 456, 59, 460, 576, 577, 578, 586, 587, 588, 595, 614, 619, 623},
)
INVALID: Final = "Error validating request.-'bQ' : cause"

Tick = Callable[[int, Facts, MarketQuote], Iterable[Fields]]


def wanted(text: str, *, snapshot: bool) -> frozenset[int]:
    """The numbers in a generic tick list.

    Raises:
        RequestRefused: 321, one of them is not legal, or it is for a snapshot.
    """
    named = [each.strip() for each in text.split(",") if each.strip()]
    if any(not each.isdecimal() or int(each) not in NUMBERS for each in named):
        cause = f"Incorrect generic tick list of {text}.  Legal ones for (STK) are: "
        raise RequestRefused(321, f"{INVALID} - {cause}{LEGAL}")
    if named and snapshot:
        cause = "Snapshot market data subscription is not applicable to generic ticks"
        raise RequestRefused(321, f"{INVALID} - {cause}")
    return frozenset(map(int, named))


def generic_ticks(
    req_id: int, numbers: frozenset[int], known: Facts, quote: MarketQuote
) -> list[Fields]:
    """The messages of those ticks as they are now."""
    served = _served(numbers)
    return [message for tick in served for message in tick(req_id, known, quote)]


@lru_cache(maxsize=256)
def _served(numbers: frozenset[int]) -> tuple[Tick, ...]:
    return tuple(TICKS[number] for number in sorted(numbers & TICKS.keys()))


def _average_volume(
    req_id: int, known: Facts, _quote: MarketQuote
) -> tuple[Fields, ...]:
    return _average(req_id, known.average_volume)


@lru_cache(maxsize=1024)
def _average(req_id: int, shares: int) -> tuple[Fields, ...]:
    """Cached: it does not change with the quote."""
    return (tick_size(req_id, 21, shares),)


def _mark(req_id: int, _known: Facts, quote: MarketQuote) -> list[Fields]:
    middle = min(max(quote.last, quote.bid), quote.ask) if quote.bid > 0 else quote.last
    return [tick_price(req_id, 37, middle, 0)]


def _trades(tick: int) -> Tick:
    """RTVolume: price;size;milliseconds;volume;VWAP;by one market maker."""

    def told(req_id: int, known: Facts, quote: MarketQuote) -> list[Fields]:
        average = known.vwap
        if quote.last_time is None or not average:
            return []
        milliseconds = int(quote.last_time.timestamp() * 1000)
        numbers = (quote.last, quote.last_size, milliseconds, quote.volume, average)
        text = ";".join((*replies.fields(*numbers), "true"))
        return [tick_string(req_id, tick, text)]

    return told


def _shortable(req_id: int, known: Facts, _quote: MarketQuote) -> tuple[Fields, ...]:
    return _lending(req_id, known.shortable, known.shortable_shares)


@lru_cache(maxsize=1024)
def _lending(req_id: int, difficulty: float, shares: int) -> tuple[Fields, ...]:
    """Cached: it does not change with the quote."""
    return tick_generic(req_id, 46, difficulty), tick_size(req_id, 89, shares)


def _count(req_id: int, known: Facts, _quote: MarketQuote) -> list[Fields]:
    return [tick_generic(req_id, 54, known.trades)]


def _last_regular(req_id: int, known: Facts, _quote: MarketQuote) -> list[Fields]:
    return [tick_price(req_id, 57, known.last_regular, 0)]


def _dividends(req_id: int, known: Facts, _quote: MarketQuote) -> list[Fields]:
    if known.dividends is None:
        return []
    past, coming, day, amount = known.dividends
    shown = (*replies.fields(past, coming), f"{day:%Y%m%d}", *replies.fields(amount))
    return [tick_string(req_id, 59, ",".join(shown))]


TICKS: Final = MappingProxyType[int, Tick](
    {
        165: _average_volume,
        221: _mark,
        232: _mark,
        233: _trades(48),
        236: _shortable,
        293: _count,
        318: _last_regular,
        375: _trades(77),
        456: _dividends,
    },
)
