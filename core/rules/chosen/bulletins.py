"""The figures of the brief and the summary.

Tested by tests/core/flows/chosen/test_scheduled.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from core.model.chosen.bulletins import Gap
from core.model.market import ConId, Instrument, Quote, Session, Sessions
from core.model.money import Money
from core.model.order import Order
from core.model.portfolio import Position
from core.model.scoring.trades import RoundTrip
from core.rules.figures.percent import moved
from core.rules.new_york import day_of
from core.rules.sessions import SATURDAY, is_early_close, session_of


_AHEAD: Final = 7
"""How many days ahead holidays and early closes are announced."""


def gaps(
    held: Mapping[Instrument, Decimal], quotes: Mapping[ConId, Quote]
) -> tuple[tuple[Gap, ...], tuple[str, ...]]:
    """The gap of each stock from its prior close, largest move first; and the symbols
    for which it is not known."""
    found, unpriced = [], []
    for instrument, shares in held.items():
        gap = _gap(instrument, shares, quotes.get(instrument.con_id))
        if gap is None:
            unpriced.append(instrument.symbol)
        else:
            found.append(gap)
    found.sort(key=lambda gap: abs(gap.percent), reverse=True)
    return tuple(found), tuple(unpriced)


def _gap(instrument: Instrument, shares: Decimal, quote: Quote | None) -> Gap | None:
    if quote is None or quote.last is None or not quote.close:
        return None
    percent = moved(quote.close, quote.last)
    return Gap(
        instrument=instrument,
        shares=shares,
        prior_close=quote.close,
        now=quote.last,
        percent=percent,
    )


def next_closed(sessions: Sessions, day: date) -> date | None:
    """The next weekday after *day* without a session; None within a week."""
    for ahead in range(1, _AHEAD + 1):
        after = day + timedelta(days=ahead)
        if after > sessions.last:
            return None
        if after.weekday() < SATURDAY and session_of(sessions, after) is None:
            return after
    return None


def next_early(sessions: Sessions, day: date) -> Session | None:
    """The next session after *day* that closes early; None within a week."""
    last = day + timedelta(days=_AHEAD)
    coming = (each for each in sessions.all if day < each.day <= last)
    return next((each for each in coming if is_early_close(each)), None)


def trips_of(trips: Iterable[RoundTrip], day: date) -> tuple[RoundTrip, ...]:
    """The trips whose sale was on the New York date *day*."""
    return tuple(trip for trip in trips if day_of(trip.sold_at) == day)


def filled_on(orders: Iterable[Order], day: date) -> tuple[Order, ...]:
    """The orders with a fill on the New York date *day*."""
    return tuple(
        order for order in orders if any(day_of(f.at) == day for f in order.fills)
    )


def day_profit(positions: Sequence[Position] | None) -> Money | None:
    """The day's profit of all *positions* in dollars; None if one of them is
    unknown."""
    if positions is None:
        return None
    profits = [each.day_profit for each in positions if each.is_dollar_stock]
    known = [profit for profit in profits if profit is not None]
    return Money(sum(known, Decimal(0))) if len(known) == len(profits) else None
