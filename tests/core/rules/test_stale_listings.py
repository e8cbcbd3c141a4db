"""A listing can be from before what was heard since."""

from decimal import Decimal

import pytest

from core.model.evidence import Evidence
from core.model.market import Side
from core.model.money import Shares
from core.model.order import Order, OrderState
from core.model.portfolio import OpenOrder
from core.rules.exits.reduced import grown_by_hand
from core.rules.listings.reconciliation import events_of
from core.rules.order_states import advance
from tests.builders import (
    PERM_ID,
    a_fill,
    a_sent_order,
    an_evidence,
    an_exit,
    an_open_order,
)


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("filled", "state"), [(0, OrderState.FILLED), (40, OrderState.PARTIAL)]
)
def test_a_listing_from_before_its_fills_does_not_enlarge_a_filled_order(
    filled: int, state: OrderState
) -> None:
    """It was sent for 100, and somebody made it 40, of which all were filled."""
    fill = a_fill(shares=Shares(40))
    order = a_sent_order(
        state=OrderState.FILLED, shares=Shares(40), fills=(fill,), perm_id=PERM_ID
    )
    row = an_open_order(shares=Decimal(100), filled=Decimal(filled))
    for event in events_of(order, an_evidence(open_orders=(row,))):
        order = advance(order, event)

    assert order.state is state


STOP = an_exit(state=OrderState.ACKED, perm_id=1)
TARGET = an_exit(
    leg=12, state=OrderState.PARTIAL, perm_id=2, fills=(a_fill(shares=30),)
)


def listing(stop: int, *, sold: int, epoch: int = 2) -> Evidence:
    """A pass in which IB has STOP for so many shares, and TARGET has *sold* some."""
    return an_evidence(
        epoch=epoch,
        open_orders=(row_of(STOP, stop, 0), row_of(TARGET, 100, sold)),
    )


def row_of(order: Order, shares: int, filled: int) -> OpenOrder:
    return an_open_order(
        ref=order.ref,
        perm_id=order.perm_id,
        side=Side.SELL,
        shares=Decimal(shares),
        filled=Decimal(filled),
    )


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("earlier", "now", "shares"),
    [
        (None, listing(90, sold=30), []),
        (listing(90, sold=30, epoch=1), listing(90, sold=30), []),
        (listing(100, sold=30), listing(70, sold=30), []),  # IB was slow
        (listing(100, sold=0), listing(100, sold=30), []),
        (listing(100, sold=30), listing(90, sold=30), [120]),
        (listing(90, sold=30), listing(90, sold=30), [120]),
        (listing(70, sold=30), listing(70, sold=30), []),
    ],
)
def test_only_two_passes_of_a_session_show_that_a_stop_was_enlarged(
    earlier: Evidence | None, now: Evidence, shares: list[int]
) -> None:
    found = grown_by_hand((STOP, TARGET), now, earlier=earlier)
    assert [event.shares for event in found] == shares
