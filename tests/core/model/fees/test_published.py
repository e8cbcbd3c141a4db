"""Published prices, computed by hand: half a cent a share, at least $1, at most 1 %; of
sales, the SEC's and FINRA's fees at the rates of the day."""

from datetime import date
from decimal import Decimal

import pytest

from core.model.fees.published import SALE_FEES, commission, sale_fees
from tests.builders import money


@pytest.mark.parametrize(
    ("shares", "each", "dollars"),
    [
        (100, "23.43", "1"),  # the least
        (1000, "23.43", "5"),  # half a cent a share
        (100, "0.55", "0.55"),  # no more than 1 % of what it is worth
        (200, "5.00", "1"),
        (201, "5.00", "1.005"),
        (1, "0.0001", "0.000001"),
    ],
)
def test_an_order_costs_what_the_price_list_says(
    shares: int, each: str, dollars: str
) -> None:
    assert commission(shares, shares * Decimal(each)) == money(dollars)


def test_a_larger_order_never_costs_less() -> None:
    costs = [commission(n, n * Decimal("4.82")) for n in range(1, 2000)]

    assert costs == sorted(costs)


@pytest.mark.parametrize(
    ("day", "dollars"),
    [
        (date(2025, 5, 13), "0.2946"),  # 27.80 in a million, 0.000166 a share
        (date(2025, 5, 14), "0.0166"),
        (date(2025, 12, 31), "0.0166"),
        (date(2026, 1, 1), "0.0195"),
        (date(2026, 4, 3), "0.0195"),
        (date(2026, 4, 4), "0.2255"),  # 20.60 in a million
        (date(2030, 1, 1), "0.2255"),  # the last that is known
    ],
)
def test_a_sale_has_the_fees_of_its_day(day: date, dollars: str) -> None:
    """Of $10,000 and 100 shares."""
    assert sale_fees(100, Decimal(10_000), day) == money(dollars)


def test_finra_s_fee_has_a_most_an_order() -> None:
    day = date(2026, 1, 2)
    assert sale_fees(60_000, Decimal(0), day) == money("9.79")
    assert sale_fees(50_000, Decimal(0), day) == money("9.75")


def test_the_table_goes_upwards() -> None:
    days = [each.since for each in SALE_FEES]
    assert days == sorted(set(days))
