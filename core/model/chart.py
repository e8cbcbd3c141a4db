"""What a picture shows: the prices of a card's five stocks over two sessions, or the
candles of one stock."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from core.model.fills import Trade
from core.model.market import Instrument, Quote
from core.model.money import Price
from core.model.proposal import Mode, Pick
from core.model.ranking import Change


Course: TypeAlias = tuple[tuple[datetime, Price], ...]
"""When each 5-minute bar began (UTC) and its closing price, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One of the five.

    ``last`` is the close of the newest bar, or the card's last price while the session
    has no bar; the changes run from the two opens on the card to it. ``problem`` says
    why there is no course, or is None.
    """

    instrument: Instrument
    picks: tuple[Pick, ...]
    prior: Course
    today: Course
    open: Price | None
    prior_open: Price | None
    last: Price | None
    since_open: Change | None
    since_prior_open: Change | None
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charts:
    """The charts of one card, in the card's order, as of ``at`` (UTC).

    ``session_day`` and ``prior_day`` are the New York dates that the card compared.
    """

    at: datetime
    mode: Mode
    account: str
    session_day: date
    prior_day: date | None
    charts: tuple[Chart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candle:
    """One bar of a stock's regular hours, beginning ``at`` (UTC). ``volume`` is in
    shares; ``average`` is the volume-weighted mean price of its trades, None if IB has
    not sent it."""

    at: datetime
    open: Price
    high: Price
    low: Price
    close: Price
    volume: Decimal | None
    average: Price | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StockChart:
    """One stock's session as of ``at`` (UTC), in candles of ``minutes``.

    ``session_day`` and ``prior_day`` are New York dates; ``prior_open`` is the open of
    the prior session's first candle. ``vwap`` has a price for each candle: the average
    of all trades of the session up to its end. ``trades`` are the account's own.
    """

    instrument: Instrument
    mode: Mode
    at: datetime
    session_day: date
    prior_day: date | None
    minutes: int
    candles: tuple[Candle, ...]
    vwap: tuple[Price | None, ...]
    prior_open: Price | None
    quote: Quote | None
    trades: tuple[Trade, ...] = ()
