"""IBKR's fixed pricing, to the cent."""

import pytest

from core.sandbox.trading.fees import commission


@pytest.mark.parametrize(
    ("shares", "price", "fee"),
    [
        (100, 23.43, 1.00),  # the least
        (1000, 23.43, 5.00),  # half a cent a share
        (100, 0.55, 0.55),  # no more than 1 % of what it is worth
        (200, 5.00, 1.00),
        (201, 5.00, 1.005),
    ],
)
def test_an_order_costs_what_the_price_list_says(
    shares: int, price: float, fee: float
) -> None:
    assert commission(shares, shares * price) == pytest.approx(fee)


def test_a_larger_order_never_costs_less() -> None:
    costs = [commission(shares, shares * 4.82) for shares in range(1, 2000)]

    assert costs == sorted(costs)
