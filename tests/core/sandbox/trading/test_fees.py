"""What the gateway charges, computed by hand from the published prices."""

import pytest

from core.sandbox.trading.fees import charge
from core.sandbox.trading.tickets import Side
from tests.harness.exchange import NOW, ny


@pytest.mark.parametrize(
    ("side", "shares", "price", "dollars"),
    [
        (Side.BUY, 100, 23.43, 1.00),  # the least
        (Side.BUY, 1000, 23.43, 5.00),  # half a cent a share
        (Side.SELL, 100, 10.99, 1.04213940),  # 0.022639 the SEC's, 0.0195 FINRA's
        (Side.SELL, 1000, 10.00, 5.401),  # 0.206 and 0.195
        (Side.SELL, 100, 0.55, 0.570633),  # 1 % of what it is worth
    ],
)
def test_an_order_is_charged_its_commission_and_a_sale_the_fees_passed_on(
    side: Side, shares: float, price: float, dollars: float
) -> None:
    charged = charge(side, shares, shares * price, NOW)

    assert charged == pytest.approx(dollars, abs=1e-6)


def test_the_day_is_new_york_s() -> None:
    """From 2026-04-04 the SEC has $20.60 of a million."""
    last = ny("23:59:59").replace(month=4, day=4, hour=3, minute=59)  # in UTC

    assert charge(Side.SELL, 100, 10_000, last) == pytest.approx(1.0195)
    assert charge(Side.SELL, 100, 10_000, last.replace(hour=4)) == pytest.approx(1.2255)
