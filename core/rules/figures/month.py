"""Figures from a month of daily bars.

IB's daily bars of trades are adjusted for splits, and not for dividends
(interactivebrokers.github.io/tws-api/historical_bars.html).
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final

from core.model.market import Bar
from core.model.ranking import Month
from core.rules.figures import percent


ATR_DAYS: Final = 14
RANGE_DAYS: Final = 20
LEAST_DAYS: Final = 5
"""With fewer sessions there is no usual volume and no range."""

RESTRICTING_FALL: Final = Decimal(10)
"""Percent below the last close."""


def of_bars(bars: Sequence[Bar], *, session_day: date) -> Month:
    """*bars* are daily, oldest first; the session's own may be among them."""
    before = [bar for bar in bars if bar.day < session_day]
    today = next((bar for bar in bars if bar.day == session_day), None)
    lately = before[-RANGE_DAYS:]
    enough = len(lately) >= LEAST_DAYS
    return Month(
        atr=atr(before),
        high=max(bar.high for bar in lately) if enough else None,
        low=min(bar.low for bar in lately) if enough else None,
        usual_volume=_usual_volume(lately) if enough else None,
        gap=_gap(before, today),
        short_restricted=_short_restricted(before, today),
    )


def atr(bars: Sequence[Bar]) -> Decimal | None:
    """The average true range of complete sessions in dollars; None below fifteen.

    Wilder, New Concepts in Technical Trading Systems (1978): the true range is the
    largest of high - low, |high - last close| and |low - last close|; the first average
    is the mean of fourteen, each later one (13 x the one before + the range) / 14.
    """
    ranges = [true_range(bar, before) for before, bar in pairwise(bars)]
    if len(ranges) < ATR_DAYS:
        return None
    average = sum(ranges[:ATR_DAYS], Decimal(0)) / ATR_DAYS
    for each in ranges[ATR_DAYS:]:
        average = (average * (ATR_DAYS - 1) + each) / ATR_DAYS
    return average


def true_range(bar: Bar, before: Bar) -> Decimal:
    """The true range of *bar* in dollars, given the bar of the session *before*."""
    return max(bar.high, before.close) - min(bar.low, before.close)


def _usual_volume(bars: Sequence[Bar]) -> Decimal | None:
    """The average daily volume; None if it is 0, because nothing can be divided by
    it."""
    traded = sum(bar.volume for bar in bars)
    return Decimal(traded) / len(bars) if traded else None


def _gap(before: Sequence[Bar], today: Bar | None) -> Decimal | None:
    if today is None or not before:
        return None
    return percent.moved(before[-1].close, today.open)


def _short_restricted(before: Sequence[Bar], today: Bar | None) -> bool | None:
    """SEC Regulation SHO, rule 201 (17 CFR 242.201(b)(1)): once a stock trades 10 % or
    more below its last close, short sales must be above the best bid for the rest of
    that day and the next one. Counted from the lows of regular hours."""
    days = [*before[-2:], *([today] if today else [])]
    falls = [_fell(bar, last) for last, bar in pairwise(days)]
    if today is None or not falls:
        return None
    if any(falls):
        return True
    return False if len(falls) > 1 else None


def _fell(bar: Bar, before: Bar) -> bool:
    return percent.moved(before.close, bar.low) <= -RESTRICTING_FALL
