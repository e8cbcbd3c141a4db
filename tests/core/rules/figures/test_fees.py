"""What a leg costs before it is sent, by IB's published prices."""

from datetime import date

import pytest

from core.model.market import Side
from core.model.money import Shares
from core.rules.figures.fees import cost, fee, fees
from tests.builders import MONDAY, a_leg, a_second_leg, money, price


@pytest.mark.parametrize(
    ("shares", "ask", "dollars"),
    [(100, "4.83", "1"), (1000, "10.00", "5"), (100, "0.50", "0.50")],
)
def test_the_fee_of_a_leg(shares: int, ask: str, dollars: str) -> None:
    leg = a_leg(shares=Shares(shares), ask=price(ask))

    assert fee(leg, MONDAY) == money(dollars)


def test_all_legs_together() -> None:
    both = (a_leg(), a_second_leg())

    assert fees(both, MONDAY) == money("2")
    assert cost(both) == money("3144.00")
    assert fees((), MONDAY) == cost(()) == money("0")


def test_only_sales_have_the_fees_that_are_passed_on() -> None:
    buy = a_leg(shares=Shares(1000), ask=price("10.00"))
    sell = a_leg(side=Side.SELL, shares=Shares(1000), bid=price("10.00"), ask=None)
    assert fee(buy, date(2026, 11, 30)) == money("5")
    assert fee(sell, date(2026, 11, 30)) == money("5.401")
