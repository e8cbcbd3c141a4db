"""Bars of history, as IB sends them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from ib_async import BarData

from core.broker.history import bars
from tests.builders import MONDAY


def a_raw_bar(day: str, *, low: float = 9.5) -> BarData:
    bar = BarData(open=10.0, high=11.0, low=low, close=10.5, volume=1200.0)
    bar.date = day  # type: ignore[assignment]  # as it comes from the wire
    return bar


def test_a_bar_is_dated_by_its_session() -> None:
    bar = bars.bar_of(a_raw_bar("20261123"))

    assert bar is not None
    assert (bar.day, bar.open, bar.volume) == (MONDAY, Decimal("10.0"), 1200)


def test_a_daily_bar_with_a_moment_has_that_moments_date() -> None:
    bar = bars.bar_of(a_raw_bar("20261123 09:30:00 US/Eastern"))

    assert bar is not None
    assert bar.day == MONDAY


def test_a_bar_without_one_of_its_prices_is_none() -> None:
    assert bars.bar_of(a_raw_bar("20261123", low=-1.0)) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1795444200", datetime(2026, 11, 23, 14, 30, tzinfo=UTC)),
        ("20261123 09:30:00 US/Eastern", datetime(2026, 11, 23, 14, 30, tzinfo=UTC)),
        ("20261123  14:30:00", datetime(2026, 11, 23, 14, 30, tzinfo=UTC)),
        ("20261123", datetime(2026, 11, 23, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_every_way_that_ib_writes_it(
    text: str, moment: datetime
) -> None:
    assert bars.moment_in(text) == moment


@pytest.mark.parametrize(
    "date",
    [
        *("", "today", "20261345", "20261123 09:30:00 Mars/Base", "finished-1"),
        *("99999999999999999999", "253402300800", "00000000"),
    ],
)
def test_a_bar_whose_date_cannot_be_read_is_of_no_use(date: str) -> None:
    """It ended the scan: ValueError, KeyError, OverflowError or OSError."""
    raw = a_raw_bar(date)
    assert bars.moment_in(date) is None
    assert bars.bar_of(raw) is None
    assert bars.past_bar_of(raw) is None
    assert bars.candle_of(raw) is None


def test_a_candle_knows_its_trades_average_where_ib_has_said_it() -> None:
    raw = a_raw_bar("1795444200")
    raw.average = 10.25
    silent = a_raw_bar("1795444200")
    silent.average, silent.volume = -1.0, -1.0

    candle, other = bars.candle_of(raw), bars.candle_of(silent)

    assert candle is not None
    assert (candle.average, candle.volume) == (Decimal("10.25"), Decimal(1200))
    assert other is not None
    assert (other.average, other.volume) == (None, None)
