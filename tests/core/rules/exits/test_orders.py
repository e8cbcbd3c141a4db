"""The order that an exit of a plan is sent as."""

from typing import Any

import pytest

from core.model.exits.plan import ExitKind
from core.model.market import OrderType
from core.model.money import Shares
from core.model.order import Order, order_ref
from core.rules.exits.orders import Lot, planned_exit
from core.rules.exits.prices import AT_CLOSE, PricedExit
from tests.builders import JOURNAL, PROPOSAL_ID, price
from tests.values import a_protection


STOP = PricedExit(kind=ExitKind.STOP, order_type=OrderType.STOP, stop=price("4.50"))
TARGET = PricedExit(kind=ExitKind.TARGET, order_type=OrderType.LIMIT, limit=price("6"))
TRAIL = PricedExit(
    kind=ExitKind.TRAIL, order_type=OrderType.TRAIL, trail_amount=price("0.20")
)


def planned(priced: PricedExit, **named: Any) -> Order:
    lot = Lot(**{"shares": Shares(40), "basis": price("5"), **named})
    return planned_exit(a_protection(), priced, lot, leg=12, first=11, journal=JOURNAL)


@pytest.mark.parametrize(
    ("priced", "estimate"),
    [(STOP, "180"), (TARGET, "240"), (TRAIL, "200"), (AT_CLOSE, "200")],
    ids=["a stop", "a target", "a trailing stop by what was paid", "at the close"],
)
def test_an_exit_is_counted_at_the_price_that_it_may_sell_at(
    priced: PricedExit, estimate: str
) -> None:
    order = planned(priced)

    assert order.estimate == price(estimate)
    assert (order.shares, order.exit, order.leg) == (40, priced.kind, 12)
    assert (order.stop, order.limit, order.trail_amount) == (
        *(priced.stop, priced.limit),
        priced.trail_amount,
    )


def test_an_exit_begins_a_group_or_joins_one_and_a_timed_one_is_alone() -> None:
    assert planned(STOP).oca_group == order_ref(JOURNAL, PROPOSAL_ID, 11)
    assert planned(TARGET, group="g").oca_group == "g"
    assert (planned(AT_CLOSE).oca_group, planned(AT_CLOSE).tif) == ("", "DAY")
    assert planned(STOP).tif == "GTC"
