"""One stock's session in candles, and the average price of its trades so far."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from core.model.chart import Candle
from core.model.fills import Trade
from core.model.market import ConId, Session
from core.model.money import Price
from core.rules.new_york import day_of


HALF_HOUR: Final = timedelta(minutes=30)
"""The time after the open in which five-minute candles would be too coarse."""


def minutes_at(session: Session, now: datetime) -> int:
    """The minutes per candle of *session* at *now*."""
    return 1 if now < session.opens + HALF_HOUR else 5


def of_session(candles: Iterable[Candle], session: Session) -> tuple[Candle, ...]:
    """The candles that began on the day of *session*, oldest first."""
    return tuple(_of_day(candles, session.day))


def first_before(candles: Iterable[Candle], session: Session) -> Candle | None:
    """The first candle of the session before."""
    earlier = [one for one in candles if day_of(one.at) < session.day]
    day = max((day_of(one.at) for one in earlier), default=None)
    return next(iter(_of_day(earlier, day)), None) if day else None


def trades_in(
    trades: Iterable[Trade], session: Session, con_id: ConId
) -> tuple[Trade, ...]:
    """What the account traded of one stock in *session*."""
    return tuple(
        each
        for each in trades
        if each.con_id == con_id and session.opens <= each.fill.at <= session.closes
    )


def _of_day(candles: Iterable[Candle], day: date) -> list[Candle]:
    found = (one for one in candles if day_of(one.at) == day)
    return sorted(found, key=lambda candle: candle.at)


def vwap(candles: Sequence[Candle]) -> Iterator[Price | None]:
    """At the end of each candle, the volume-weighted average price since the first one;
    None while nothing was traded. A candle without an average of its own counts with
    the mean of high, low and close, the usual approximation."""
    dollars, shares = Decimal(0), Decimal(0)
    for candle in candles:
        volume = candle.volume or Decimal(0)
        middle = (candle.high + candle.low + candle.close) / 3
        dollars += volume * (candle.average or middle)
        shares += volume
        yield Price(dollars / shares) if shares else None
