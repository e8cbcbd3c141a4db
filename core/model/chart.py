"""The course of a card's five over its two sessions, and one stock's candles: for a
picture."""

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

    ``last`` is where the newest bar closed, or the card's last price while the session
    has no bar; the changes are measured to it, from the two opens that the card showed.
    ``problem`` says in words why there is no course, or is None.
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
    """All of a card's, in its order, as of ``at`` (UTC).

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
    """One bar of one stock's regular hours, from ``at`` (UTC) on. ``volume`` is in
    shares; ``average`` is the mean price of its trades, weighted by their sizes; None
    where IB has not said."""

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
