"""Where the account window lags behind what IB lists if it is asked."""

from decimal import Decimal

import pytest

from core.model.portfolio import Inventory
from core.rules.selling.fresh import listed_otherwise
from tests.builders import QRVX, a_position, a_sent_order


@pytest.mark.parametrize(
    ("shown", "listed", "said"),
    [
        ("100", "100", {}),
        ("100", "0", {"QRVX": Decimal(0)}),  # a purchase that was taken back
        ("0", "100", {"QRVX": Decimal(100)}),  # a purchase of a moment ago
        ("100", "40", {"QRVX": Decimal(40)}),
        ("0.5", "0.5", {}),
    ],
)
def test_what_ib_lists_otherwise_is_named(
    shown: str, listed: str, said: dict[str, Decimal]
) -> None:
    held = a_position(instrument=QRVX, shares=Decimal(shown))
    window = [held] if held.shares else []
    shares = {QRVX.con_id: Decimal(listed)} if listed != "0" else {}
    inventory = Inventory(open_orders=(), shares=shares)

    assert listed_otherwise(window, inventory, [a_sent_order()]) == said
