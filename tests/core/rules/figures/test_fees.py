"""IB's fixed plan for US stocks: half a cent a share, at least $1, at most 1 %."""

from datetime import date
from decimal import Decimal

import pytest

from core.model.market import Side
from core.model.money import Shares
from core.rules.figures.fees import SALE_FEES, cost, fee, fees, sale_fee_for
from tests.builders import MONDAY, a_leg, a_second_leg, money, price


@pytest.mark.parametrize(
    ("shares", "ask", "dollars"),
    [
        (100, "4.83", "1"),  # the least
        (200, "10.00", "1"),
        (201, "10.00", "1.005"),
        (1000, "10.00", "5"),
        (100, "0.50", "0.50"),  # 1 % of $50
        (1, "0.0001", "0.000001"),
    ],
)
def test_the_fee_of_a_leg(shares: int, ask: str, dollars: str) -> None:
    leg = a_leg(shares=Shares(shares), ask=price(ask))

    assert fee(leg, MONDAY) == money(dollars)


def test_all_legs_together() -> None:
    both = (a_leg(), a_second_leg())

    assert fees(both, MONDAY) == money("2")
    assert cost(both) == money("3144.00")
    assert fees((), MONDAY) == cost(()) == money("0")


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
    assert sale_fee_for(100, Decimal(10_000), day) == money(dollars)


def test_finra_s_fee_has_a_most_an_order() -> None:
    day = date(2026, 1, 2)
    assert sale_fee_for(60_000, Decimal(0), day) == money("9.79")
    assert sale_fee_for(50_000, Decimal(0), day) == money("9.75")


def test_only_sales_have_them() -> None:
    buy = a_leg(shares=Shares(1000), ask=price("10.00"))
    sell = a_leg(side=Side.SELL, shares=Shares(1000), bid=price("10.00"), ask=None)
    assert fee(buy, date(2026, 11, 30)) == money("5")
    assert fee(sell, date(2026, 11, 30)) == money("5.401")


def test_the_table_goes_upwards() -> None:
    days = [each.since for each in SALE_FEES]
    assert days == sorted(set(days))
