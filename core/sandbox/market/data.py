"""What can be asked of the market (scans, bars) and what it shows (quotes, bars)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from core.sandbox.refusal import RequestRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketQuote:
    """The top of the book: prices in the unit that the stock is quoted in (in London
    pence), sizes in shares; -1 and 0 where there is none, as on the wire. ``open``, ``high`` and ``low`` are the last session's until
    today's first trade.
    """

    bid: float
    bid_size: float
    ask: float
    ask_size: float
    last: float
    last_size: float
    last_time: datetime | None
    open: float
    high: float
    low: float
    close: float  # of the session before, all day
    volume: float  # shares
    halted: int  # 0 no, 1 generally, 2 by volatility


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketBar:
    """One bar, its prices in the same unit and ``volume`` in shares. ``wap`` is the average
    of its open, high, low and close, in place of the average price by volume; it,
    ``volume`` and ``count`` (of trades) are -1 where the bar is not made of trades.
    """

    day: date
    time: datetime | None  # the start, UTC; None for daily and longer bars
    open: float
    high: float
    low: float
    close: float
    volume: float
    wap: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """The fields of a reqScannerSubscription; ``filters`` are its TagValue list, values
    as text.
    """

    code: str
    rows: int = 50
    instrument: str = "STK"
    location: str = "STK.US.MAJOR"
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BarsRequest:
    """The fields of a reqHistoricalData, as text where the wire has text; ``end`` None
    means now.
    """

    con_id: int
    duration: str
    bar_size: str
    end: datetime | None = None
    what: str = "TRADES"
    use_rth: bool = True


class ScanRejected(RequestRefused):
    """A scan with a code, instrument, location or filter that IB does not know."""


class HistoryRejected(RequestRefused):
    """A history request that cannot be answered: 162, 200 or 321."""
