"""A month of bars: the true range, the range, the gap, and the rule of short sales."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.model.market import Bar
from core.rules.figures import month
from tests.builders import MONDAY, a_bar, price


def bars(*days: tuple[str, str, str], volume: int = 1_000) -> tuple[Bar, ...]:
    """High, low and close of days that end with Monday; each opens at its close."""
    first = MONDAY - timedelta(days=len(days) - 1)
    return tuple(
        a_bar(
            day=first + timedelta(days=number),
            open=price(close),
            high=price(high),
            low=price(low),
            close=price(close),
            volume=volume,
        )
        for number, (high, low, close) in enumerate(days)
    )


QUIET = ("10.50", "9.50", "10.00")
"""A true range of a dollar."""


def test_the_first_average_is_the_mean_of_fourteen_ranges() -> None:
    assert month.atr(bars(*[QUIET] * 15)) == 1


def test_each_later_range_counts_a_fourteenth() -> None:
    wild = ("20.00", "5.00", "10.00")

    assert month.atr(bars(*[QUIET] * 15, wild)) == (13 + 15) / Decimal(14)


def test_a_gap_belongs_to_the_true_range() -> None:
    over, under = ("12.50", "12.00", "12.20"), ("8.00", "7.50", "7.80")
    before, *_ = bars(QUIET)

    assert month.true_range(bars(over)[0], before) == Decimal("2.50")
    assert month.true_range(bars(under)[0], before) == Decimal("2.50")


def test_too_few_bars_have_no_average_and_no_range() -> None:
    few = month.of_bars(bars(*[QUIET] * 5), session_day=MONDAY)

    assert (few.atr, few.high, few.low, few.usual_volume) == (None, None, None, None)
    assert few.gap == 0


def test_the_session_itself_is_in_no_figure_of_the_days_before() -> None:
    days = bars(*[QUIET] * 21, ("99.00", "1.00", "50.00"))
    of_it = month.of_bars(days, session_day=MONDAY)

    assert of_it.atr == 1
    assert (of_it.high, of_it.low) == (price("10.50"), price("9.50"))
    assert of_it.usual_volume == 1_000
    assert of_it.gap == 400


def test_the_range_is_of_twenty_sessions() -> None:
    days = bars(("99.00", "1.00", "10.00"), *[QUIET] * 20, QUIET)

    assert month.of_bars(days, session_day=MONDAY).high == price("10.50")


def test_a_month_without_a_trade_measures_nothing() -> None:
    still = bars(*[QUIET] * 21, volume=0)

    assert month.of_bars(still, session_day=MONDAY).usual_volume is None


def test_without_the_sessions_bar_there_is_no_gap_and_no_restriction_known() -> None:
    days = bars(*[QUIET] * 6)[:-1]
    found = month.of_bars(days, session_day=MONDAY)

    assert (found.gap, found.short_restricted) == (None, None)


@pytest.mark.parametrize(
    ("lows", "restricted"),
    [
        (("10.00", "10.00", "9.01"), False),
        (("10.00", "10.00", "9.00"), True),  # today
        (("10.00", "9.00", "10.00"), True),  # the day before: one day longer
        (("9.00", "10.00", "10.00"), False),
        (("10.00", "9.01"), None),  # the day before may have fallen: not known
        (("10.00", "9.00"), True),
        (("9.00",), None),
    ],
)
def test_short_sales_are_restricted_on_the_day_of_the_fall_and_the_next(
    lows: tuple[str, ...],
    restricted: bool | None,  # noqa: FBT001  a case, not a switch
) -> None:
    days = bars(*(("10.50", low, "10.00") for low in lows))

    assert month.of_bars(days, session_day=MONDAY).short_restricted is restricted
