"""The rows of /pnl: today, this week, this month and all, by New York dates.

Tested by tests/bot/views/scores/test_periods.py.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, TypeVar

from bot.views import words
from core.model.scoring.trades import Trades
from core.rules.figures import percent
from core.rules.new_york import day_of


_COLUMNS: Final = (
    words.Column(width=6, right=False),
    *(words.Column(width=width) for width in (10, 9, 9)),
)

_Amount = TypeVar("_Amount", bound=Decimal)


def periods(today: date) -> tuple[tuple[str, date], ...]:
    """The name of each period, the week and the month being those of *today*, and its
    first day."""
    return (
        ("today", today),
        ("week", today - timedelta(days=today.weekday())),
        ("month", today.replace(day=1)),
        ("in all", date.min),
    )


def beside_spy(trades: Trades, today: date) -> Iterator[str]:
    """Rows of the fees of what was sold, and of what the account and SPY have done."""
    yield words.row(("", "fees", "account", "SPY"), _COLUMNS)
    for name, since in periods(today):
        trips = (trip for trip in trades.trips if day_of(trip.sold_at) >= since)
        fees = sum((trip.fees for trip in trips), Decimal(0))
        account, spy = _moves(trades, since)
        cells = (words.exact(fees), words.moved(account), words.moved(spy))
        yield words.row((name, *cells), _COLUMNS)


def _moves(trades: Trades, since: date) -> tuple[Decimal | None, Decimal | None]:
    """The change of the account and of SPY, in percent, between the same two
    reports."""
    ends = _ends(trades.values, since)
    if ends is None:
        return None, None
    (first, before), (last, now) = ends
    spy = dict(trades.spy)
    at_first, at_last = spy.get(first), spy.get(last)
    return (
        percent.moved(before, now) if before else None,
        percent.moved(at_first, at_last) if at_first and at_last else None,
    )


def _ends(
    values: Sequence[tuple[date, _Amount]], since: date
) -> tuple[tuple[date, _Amount], tuple[date, _Amount]] | None:
    """The values to compare: the last one before *since*, or else the first, and the
    newest. None if they are the same, or the newest is from before *since*."""
    if not values or values[-1][0] < since:
        return None
    before = [each for each in values if each[0] < since]
    first = before[-1] if before else values[0]
    return (first, values[-1]) if first != values[-1] else None
