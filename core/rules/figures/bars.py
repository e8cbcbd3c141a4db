"""Daily bars during their session: what is final, and what still changes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.model.market import Bar, Quote


def lasting(bars: Sequence[Bar], *, session_day: date) -> bool:
    """Whether *bars* have both opens that a card needs. They do not change before
    *session_day* is over: the day's open is final from its first print on."""
    days = [bar.day for bar in bars]
    return session_day in days and min(days) < session_day


def as_of(
    bars: Sequence[Bar], quote: Quote | None, *, session_day: date
) -> tuple[Bar, ...]:
    """*bars* fetched earlier in the session, with the day's own updated from
    *quote*."""
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
