"""Bars of history: what IB sends becomes our own."""

from dataclasses import replace
from datetime import date, datetime

from ib_async import BarData
from ib_async.util import parseIBDatetime

from core.broker import translate
from core.model.chart import Candle
from core.model.market import Bar
from core.model.scoring.following import PastBar


def in_currency(bars: list[BarData], unit: int) -> list[BarData]:
    """*bars* in the stock's currency, of which *unit* quoted units make one, to eight
    decimals."""
    if unit == 1:
        return bars
    prices = ("open", "high", "low", "close", "average")
    return [
        replace(bar, **{name: round(getattr(bar, name) / unit, 8) for name in prices})
        for bar in bars
    ]


def bar_of(bar: BarData) -> Bar | None:
    """A daily bar of the session that IB dates it by, or None when one of its prices is
    missing or its date cannot be read. Its volume is in shares, 0 where IB names none."""
    day = _date_in(str(bar.date))
    prices = [
        translate.price(each) for each in (bar.open, bar.high, bar.low, bar.close)
    ]
    opened, high, low, close = prices
    if opened is None or high is None or low is None or close is None or day is None:
        return None
    return Bar(
        day=day.date() if isinstance(day, datetime) else day,
        open=opened,
        high=high,
        low=low,
        close=close,
        volume=translate.size(bar.volume) or 0,
    )


def past_bar_of(bar: BarData) -> PastBar | None:
    """An intraday bar, whose date was asked for in seconds since 1970 and is its beginning;
    None when a price is missing or the date cannot be read."""
    at = moment_in(str(bar.date))
    high, low, close = (
        translate.price(each) for each in (bar.high, bar.low, bar.close)
    )
    if high is None or low is None or close is None or at is None:
        return None
    return PastBar(at=at, high=high, low=low, close=close)


def candle_of(bar: BarData) -> Candle | None:
    """An intraday bar like ``past_bar_of``'s, with its open, its volume in shares, and the
    mean price of its trades."""
    at = moment_in(str(bar.date))
    opened, high, low, close = (
        translate.price(each) for each in (bar.open, bar.high, bar.low, bar.close)
    )
    if opened is None or high is None or low is None or close is None or at is None:
        return None
    volume = translate.known(bar.volume)
    return Candle(
        at=at,
        open=opened,
        high=high,
        low=low,
        close=close,
        volume=volume if volume is not None and volume >= 0 else None,
        average=translate.price(bar.average),
    )


def moment_in(text: str) -> datetime | None:
    """The moment (UTC) in the date of an intraday bar, asked for in seconds since 1970;
    None if it cannot be read."""
    found = _date_in(text)
    return None if found is None else translate.utc(found)


def _date_in(text: str) -> date | None:
    try:
        return parseIBDatetime(text)
    except (ValueError, LookupError, OverflowError, OSError):
        return None
