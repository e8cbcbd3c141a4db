"""Instruments, and market data about them at one moment."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, NewType

from core.model.money import Price


ConId = NewType("ConId", int)
"""Interactive Brokers' number for one instrument; the only safe way to compare two."""


class Side(StrEnum):
    """Whether an order buys or sells, in IB's words."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def done(self) -> str:
        """The past participle: bought or sold."""
        return "bought" if self is Side.BUY else "sold"


class OrderType(StrEnum):
    """How an order is priced, in IB's words
    (interactivebrokers.github.io/tws-api/basic_orders.html)."""

    MARKET = "MKT"
    LIMIT = "LMT"
    STOP = "STP"  # becomes a market order when the price comes to it
    TRAIL = "TRAIL"  # a stop that follows the best price at a distance


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailingDistance:
    """How far a trailing stop follows the best price: in ``percent`` of it, or by an
    ``amount`` in the stock's currency."""

    percent: Decimal | None = None
    amount: Price | None = None

    def __str__(self) -> str:
        if self.percent is not None:
            return f"{self.percent.normalize():f}%"
        return "unknown" if self.amount is None else f"{self.amount:f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One stock. ``exchange`` is where orders are routed, usually ``SMART``."""

    con_id: ConId
    symbol: str
    exchange: str = "SMART"
    currency: str = "USD"

    def is_named(self, text: str) -> bool:
        """Whether *text* is its symbol, in IB's spelling or the common one."""
        return ib_symbol(text) == ib_symbol(self.symbol)


_AMERICAN: Final = ("NYSE", "NASDAQ", "AMEX", "ARCA", "BATS", "IEX", "PINK", "OTC")
"""What IB's names of primary exchanges in the US begin with, like NASDAQ.NMS."""


def keeps_new_york_hours(listed_on: str) -> bool:
    """Whether a stock whose primary exchange is *listed_on* trades in the hours of New
    York's exchanges; assumed where IB names no exchange."""
    return not listed_on or listed_on.startswith(_AMERICAN)


def ib_symbol(text: str) -> str:
    """*text* in IB's spelling of symbols: a share class follows a space ("BRK B"),
    where others write "BRK.B" or "BRK-B"; of a cashtag ("$KO") without its sign."""
    return re.sub("[.-]", " ", text.removeprefix("$")).upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStock:
    """A stock that IB found for a symbol; ``listed_on`` is its primary exchange,
    ``company`` its name as IB writes it, empty where IB sent none."""

    instrument: Instrument
    listed_on: str
    company: str = ""


class Freshness(StrEnum):
    """How current a quote is."""

    LIVE = "live"
    FROZEN = "frozen"  # the last values at the close
    DELAYED = "delayed"  # 15 minutes old for US stocks
    DELAYED_FROZEN = "delayed, frozen"
    UNKNOWN = "freshness unknown"  # IB has not said


class Lending(StrEnum):
    """How easily shares can be borrowed for a short sale (IB's tick 46)."""

    EASY = "easy to borrow"  # at least 1,000 shares are there
    HARD = "hard to borrow"  # as far as shares can be located
    NONE = "not to be borrowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The top of the book and the day's figures of one stock.

    A value that IB did not send is None; prices are above zero. ``open`` is the open
    that IB calls today's: before 09:30 New York it is still the previous session's.
    ``close`` is the previous session's. ``volume`` is the day's volume so far,
    ``average_volume`` a day's average over 90 days, in the same unit. ``halted`` is
    None if IB has not said. ``at`` (UTC) is when the newest of ``bid``, ``ask`` and
    ``last`` was received; they may have changed after that. ``ask_size`` is in shares,
    ``vwap`` is the day's volume-weighted average price."""

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
    """The daily bar of one regular session; ``day`` is its New York date."""

    day: date
    open: Price
    high: Price
    low: Price
    close: Price
    volume: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What one scan learned about one row of the scanner's answer.

    ``rank`` counts from 1. ``bars`` is None if they were not requested. ``problem``
    says why something is missing, or is None. ``unfit`` says what the row is if it is
    not a stock that can be bought in dollars; nothing is requested for it then."""

    rank: int
    instrument: Instrument
    quote: Quote | None
    bars: tuple[Bar, ...] | None = None
    problem: str | None = None
    unfit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedRow:
    """One row of the scanner's answer. ``kind`` is IB's security type, ``STK`` for a
    stock; ``local_symbol`` is the exchange's own symbol, which distinguishes a warrant
    or a unit from its stock. The instrument's currency is "" if IB named none."""

    instrument: Instrument
    kind: str = "STK"
    local_symbol: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A news headline about a stock. ``at`` is the time that IB gives it, taken as UTC
    because IB does not name a zone."""

    at: datetime
    provider: str
    text: str


class RankBy(StrEnum):
    """Which five of the scanner's rows become the card."""

    SCANNER = "scanner"  # the scanner's own first five
    OPEN = "open"  # the five with the largest change since today's open, in %


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """A request to the market scanner.

    ``filters`` are IB's tags in the order sent; ``marketCapBelow1e6`` is in millions of
    dollars.
    """

    instrument: str
    location: str
    code: str
    rows: int
    filters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One regular session of the New York exchanges: New York date, UTC times."""

    day: date
    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Part of the exchange calendar: every session from one day to another.

    Outside ``first`` to ``last`` (New York dates) nothing is known.
    """

    first: date
    last: date
    all: tuple[Session, ...]
