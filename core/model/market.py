"""What can be traded, and what was known about it at one moment."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from core.model.money import Price


ConId = NewType("ConId", int)
"""Interactive Brokers' number for one instrument; the only safe way to compare two."""


class Side(StrEnum):
    """What an order does, by IB's words."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def done(self) -> str:
        """What it has done at its end, in a word."""
        return "bought" if self is Side.BUY else "sold"


class OrderType(StrEnum):
    """How an order is priced, by IB's words
    (interactivebrokers.github.io/tws-api/basic_orders.html)."""

    MARKET = "MKT"
    LIMIT = "LMT"
    STOP = "STP"  # becomes a market order when the price comes to it
    TRAIL = "TRAIL"  # a stop that follows the best price at a distance


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One stock. ``exchange`` is where orders are routed, ``SMART`` as a rule."""

    con_id: ConId
    symbol: str
    exchange: str = "SMART"
    currency: str = "USD"

    def is_named(self, text: str) -> bool:
        """Whether *text* is its symbol, as IB writes it or as others do."""
        return ib_symbol(text) == ib_symbol(self.symbol)


def ib_symbol(text: str) -> str:
    """*text* as IB writes a symbol: a class of shares stands behind a space, "BRK B",
    where others write "BRK.B" or "BRK-B"."""
    return re.sub("[.-]", " ", text).upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStock:
    """A stock that IB finds by a symbol; ``listed_on`` is its primary exchange."""

    instrument: Instrument
    listed_on: str


class Freshness(StrEnum):
    """How a quote relates to the market of this moment."""

    LIVE = "live"
    FROZEN = "frozen"  # the last values at the close
    DELAYED = "delayed"  # 15 minutes old for US stocks
    DELAYED_FROZEN = "delayed, frozen"
    UNKNOWN = "freshness unknown"  # IB has not said


class Lending(StrEnum):
    """How easily shares can be borrowed for a short sale, by IB's tick 46."""

    EASY = "easy to borrow"  # at least 1,000 shares are there
    HARD = "hard to borrow"  # as far as shares can be located
    NONE = "not to be borrowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The top of the book and the day's figures of one stock.

    A value that IB did not send is None. Every price that is here is above zero.
    ``open`` is the regular session's open that IB calls today's: before 09:30 New
    York it is still the previous session's. ``close`` is the previous session's.
    ``volume`` is the day's so far, ``average_volume`` a day's over 90 days, in the same
    unit. ``halted`` is None when IB has not said. ``at`` (UTC) is when the newest of
    ``bid``, ``ask`` and ``last`` was heard here: nothing says that they were still so
    any later than that. ``ask_size`` is shares at the ask, ``vwap`` the day's average
    price of a share.
    """

    at: datetime
    freshness: Freshness
    bid: Price | None = None
    ask: Price | None = None
    last: Price | None = None
    open: Price | None = None
    close: Price | None = None
    high: Price | None = None
    low: Price | None = None
    volume: int | None = None
    halted: bool | None = None
    average_volume: int | None = None
    ask_size: int | None = None
    vwap: Price | None = None
    lending: Lending | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One regular session of one stock. ``day`` is New York's date of it."""

    day: date
    open: Price
    high: Price
    low: Price
    close: Price
    volume: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that one scan learned about one row of the scanner's answer.

    ``rank`` counts from 1. ``bars`` is None when nobody asked for them.
    ``problem`` says in words why something is missing, or is None. ``unfit`` says in
    words what it is when it is no stock to be bought in dollars: then nothing was asked.
    """

    rank: int
    instrument: Instrument
    quote: Quote | None
    bars: tuple[Bar, ...] | None = None
    problem: str | None = None
    unfit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedRow:
    """One row of the scanner's answer, as IB names it. ``kind`` is IB's security type,
    ``STK`` for a stock; ``local_symbol`` is the exchange's own, which tells a warrant or
    a unit from its stock. The instrument's currency is "" where IB named none."""

    instrument: Instrument
    kind: str = "STK"
    local_symbol: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What somebody wrote about a stock; ``at`` is the moment that IB gives it, taken as
    UTC: IB does not say in which zone it is."""

    at: datetime
    provider: str
    text: str


class RankBy(StrEnum):
    """Which five of the scanner's rows become the card."""

    SCANNER = "scanner"  # the scanner's own first five
    OPEN = "open"  # the five with the largest change since today's open, in %


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """What the market scanner is asked for.

    ``filters`` are IB's own tags in the order sent; ``marketCapBelow1e6`` is in
    millions of dollars.
    """

    instrument: str
    location: str
    code: str
    rows: int
    filters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One regular session of the New York exchanges: its date there, and UTC times."""

    day: date
    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """A stretch of the exchange calendar: every session from one day to another.

    Outside ``first`` to ``last`` (New York dates) nothing is known.
    """

    first: date
    last: date
    all: tuple[Session, ...]
