"""IB's fixed plan for US stocks: half a cent a share, at least $1, at most 1 %."""

import pytest

from core.model.money import Shares
from core.rules.figures.fees import cost, fee, fees
from tests.builders import a_leg, a_second_leg, money, price


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

    assert fee(leg) == money(dollars)


def test_all_legs_together() -> None:
    both = (a_leg(), a_second_leg())

    assert fees(both) == money("2")
    assert cost(both) == money("3144.00")
    assert fees(()) == cost(()) == money("0")
