"""What stays true of daily bars while their session goes on, and what does not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.model.market import Bar, Quote


def lasting(bars: Sequence[Bar], *, session_day: date) -> bool:
    """Whether both opens that a card needs are here, and so will not change before
    *session_day* is over: the day's own stands from its first print on."""
    days = [bar.day for bar in bars]
    return session_day in days and min(days) < session_day


def as_of(
    bars: Sequence[Bar], quote: Quote | None, *, session_day: date
) -> tuple[Bar, ...]:
    """*bars* of earlier in the session, the day's own brought up to *quote*."""
    return tuple(
        _grown(bar, quote) if quote and bar.day == session_day else bar for bar in bars
    )


def _grown(bar: Bar, quote: Quote) -> Bar:
    last = quote.last or bar.close
    return replace(
        bar,
        high=max(bar.high, last, quote.high or last),
        low=min(bar.low, last, quote.low or last),
        close=last,
        volume=max(bar.volume, quote.volume or 0),
    )
