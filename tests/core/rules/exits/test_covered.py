"""How many shares an approval of exits covers: those of its purchases, or all that is
held, but for what was sold since."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.model.exits.plan import ExitKind
from core.model.market import Side
from core.model.order import Order, OrderState, order_ref
from core.model.proposal import ProposalId
from core.rules.exits.covered import (
    approved_shares,
    bought_after,
    is_sold_out,
    still_held,
    unsold,
)
from tests.builders import JOURNAL, NOW, PROPOSAL_ID
from tests.harness.exits import STOP_AND_TARGET, a_plan
from tests.values import a_fill, a_protection, a_sent_order


def traded(leg: int, side: Side, shares: int, *, minute: int) -> Order:
    at = NOW + timedelta(minutes=minute)
    fill = a_fill(exec_id=f"0000e1a7.{leg}.01.01", shares=shares, at=at)
    return a_sent_order(
        ref=order_ref(JOURNAL, PROPOSAL_ID, leg),
        leg=leg,
        side=side,
        shares=shares,
        state=OrderState.FILLED,
        fills=(fill,),
        position_before=Decimal(100),
    )


HOLDING_CARD = ProposalId("holding234")
BOTH = (ExitKind.STOP, ExitKind.TARGET)
PLAN = a_plan(STOP_AND_TARGET)
FIRST, SECOND = (order_ref(JOURNAL, PROPOSAL_ID, leg) for leg in (1, 2))


@pytest.mark.parametrize(
    ("sold", "left"),
    [(0, 200), (50, 150), (100, 100), (300, 100)],
    ids=["nothing", "a part", "all of it", "more than it"],
)
def test_what_is_bought_after_a_sale_is_protected_whatever_that_sold(
    sold: int, left: int
) -> None:
    protection = a_protection(entries=(FIRST, SECOND))
    orders = [
        traded(2, Side.BUY, 100, minute=3),
        traded(3, Side.SELL, sold, minute=2),
        traded(1, Side.BUY, 100, minute=1),
    ]

    assert approved_shares(protection, orders, room=1000) == left


def test_a_sale_in_the_second_of_a_purchase_sells_what_it_bought() -> None:
    protection = a_protection(entries=(FIRST,))
    orders = [
        traded(3, Side.SELL, 100, minute=1),
        traded(1, Side.BUY, 100, minute=1),
    ]

    assert approved_shares(protection, orders, room=1000) == 0


def test_a_sale_that_left_after_the_approval_counts_though_its_stamp_is_older() -> None:
    """IB's clock is a minute behind."""
    protection = a_protection(entries=(FIRST,))
    sale = replace(
        traded(3, Side.SELL, 100, minute=-1), sent_at=NOW + timedelta(seconds=2)
    )

    orders = [traded(1, Side.BUY, 100, minute=-1), sale]

    assert approved_shares(protection, orders, room=1000) == 0


@pytest.mark.parametrize(
    ("sent", "filled", "left"),
    [(None, -1, 100), (None, 0, 50), (None, 1, 50), (-1, -1, 100), (0, -1, 50)],
)
def test_a_sale_counts_from_the_approval_on(
    sent: int | None, filled: int, left: int
) -> None:
    """By its fill, or by when it was sent, in minutes."""
    sale = traded(3, Side.SELL, 50, minute=filled)
    at = None if sent is None else NOW + timedelta(minutes=sent)
    bought = traded(1, Side.BUY, 100, minute=-2)
    approval = a_protection(plan=PLAN, entries=(FIRST,), since=NOW)

    found = approved_shares(approval, (bought, replace(sale, sent_at=at)), 500)
    assert found == left


def test_a_purchase_of_another_card_is_no_sale_and_not_covered() -> None:
    approval = a_protection(plan=PLAN, entries=(FIRST,), since=NOW)
    orders = [traded(leg, Side.BUY, 100, minute=1) for leg in (1, 2)]

    assert approved_shares(approval, orders, 500) == 100


@pytest.mark.parametrize(
    ("named", "left"),
    [
        ({"shares": 100}, 60),
        ({"shares": 30}, 0),
        ({"shares": None}, 0),
        ({"shares": 100, "off": BOTH}, 0),
        ({"entries": (FIRST,)}, 10),
        ({"entries": (FIRST,), "shares": 30}, 10),
        ({"entries": (FIRST,), "off": BOTH}, 0),
    ],
    ids=[
        "of all that was held",
        "more than that was sold",
        "nothing was held",
        "all exits are taken off",
        "of a purchase",
        "of a purchase, whatever was held",
        "all exits of a purchase are taken off",
    ],
)
def test_what_of_a_protection_is_not_sold(named: dict[str, Any], left: int) -> None:
    """50 were bought, and 40 sold since."""
    orders = [
        traded(1, Side.BUY, 50, minute=1),
        traded(3, Side.SELL, 40, minute=2),
    ]

    assert unsold(a_protection(plan=PLAN, **{"entries": (), **named}), orders) == left


def test_where_it_is_not_known_what_was_held_nothing_is_unsold() -> None:
    assert unsold(a_protection(plan=PLAN, entries=(), shares=None), ()) == 0


@pytest.mark.parametrize(
    ("sold", "again", "new"),
    [(100, 0, 50), (130, 0, 50), (99, 0, 0), (0, 0, 0), (100, 20, 30), (100, 90, 0)],
    ids=["all", "more", "not all", "none", "and of the new", "and more than the new"],
)
def test_what_is_bought_after_the_holding_was_sold_is_another_one(
    sold: int, again: int, new: int
) -> None:
    """150 are listed where 50 were bought since: nobody approved exits for those, nor for
    what is listed beside them once all that it was for is sold."""
    orders = [
        traded(4, Side.SELL, again, minute=4),
        traded(2, Side.BUY, 50, minute=3),
        traded(3, Side.SELL, sold, minute=2),
    ]
    holding = a_protection(plan=PLAN, entries=(), shares=100)

    assert bought_after(holding, orders) == new
    assert is_sold_out(holding, orders) is (sold >= 100)
    assert approved_shares(holding, orders, 150) == (0 if sold >= 100 else 150 - new)
    assert approved_shares(holding, orders, 0) == 0


def test_what_its_own_exits_sell_is_nothing_of_what_was_bought_anew() -> None:
    """7 that others bought had exits of it and were sold; as many of ours were taken for
    theirs, which got exits and were sold, and so on. Another exit still works."""
    stop: dict[str, Any] = {"exit": ExitKind.STOP, "proposal_id": HOLDING_CARD}
    orders = [
        replace(traded(11, Side.SELL, 100, minute=2), **stop),
        traded(2, Side.BUY, 50, minute=3),
        replace(traded(12, Side.SELL, 7, minute=4), **stop),
        replace(a_sent_order(leg=13, side=Side.SELL, state=OrderState.ACKED), **stop),
    ]
    holding = a_protection(plan=PLAN, entries=(), shares=100, proposal_id=HOLDING_CARD)

    assert bought_after(holding, orders) == 50
    assert approved_shares(holding, orders, 57) == 7
    assert approved_shares(holding, orders[:-1], 57) == 0


def test_what_is_bought_before_the_holding_was_sold_joins_it() -> None:
    """In the second of the sale, too."""
    orders = [
        traded(2, Side.BUY, 50, minute=2),
        traded(3, Side.SELL, 100, minute=2),
    ]
    holding = a_protection(plan=PLAN, entries=(), shares=100)

    assert bought_after(holding, orders) == 0
    assert not is_sold_out(holding, orders)
    assert bought_after(replace(holding, shares=None), orders) == 0
    assert bought_after(replace(holding, entries=(FIRST,)), orders) == 0


@pytest.mark.parametrize(
    ("sold", "is_known", "left"),
    [
        (0, False, 150),
        (40, False, 110),
        (150, False, 0),
        (150, True, 100),
        (100, False, 50),
    ],
    ids=["none", "a part", "all", "all of it before the card", "what it was"],
)
def test_how_much_of_a_cards_holding_is_still_held(
    sold: int, left: int, *, is_known: bool
) -> None:
    """Of 100, with the 50 bought in the first minute. What is bought in the fourth joins
    only what is not all sold."""
    orders = [
        traded(3, Side.SELL, sold, minute=2),
        traded(1, Side.BUY, 50, minute=1),
    ]
    later = [traded(2, Side.BUY, 30, minute=4), *orders]
    known: dict[str, int] = {o.ref: o.filled for o in orders if is_known}

    assert still_held(100, orders, known=known) == left
    assert still_held(100, later, known=known) == (left and left + 30)


def test_what_is_bought_where_nothing_is_held_any_more_is_another_holding() -> None:
    """40 of 100 were sold by hand, which no order of ours shows."""
    bought = replace(traded(2, Side.BUY, 50, minute=3), position_before=Decimal(0))
    orders = [traded(3, Side.SELL, 60, minute=2), bought]
    holding = a_protection(plan=PLAN, entries=(), shares=100)

    assert bought_after(holding, orders) == 50
    assert approved_shares(holding, orders, 50) == 0
    assert approved_shares(holding, orders, 150) == 100  # if the window only lagged
    later = [*orders, traded(4, Side.SELL, 40, minute=4)]
    assert bought_after(holding, later) == 50


@pytest.mark.parametrize(
    ("listed", "minutes", "is_all"), [(200, 9, False), (200, 2, True), (60, 9, True)]
)
def test_what_others_bought_to_a_holding_is_of_it_once_an_order_found_it_listed(
    listed: int, minutes: int, *, is_all: bool
) -> None:
    """200 are listed before our sale of 60: others bought 140. Within three minutes of another
    sale some may be what that one sold."""
    second = traded(3, Side.SELL, 60, minute=1 + minutes)
    second = replace(
        second, sent_at=second.fills[0].at, position_before=Decimal(listed)
    )
    holding = a_protection(plan=PLAN, entries=(), shares=100)
    orders = [traded(2, Side.SELL, 40, minute=1), second]

    assert is_sold_out(holding, orders) is is_all
    assert approved_shares(holding, orders, 80) == (0 if is_all else 80)


def test_a_purchase_whose_listing_lags_behind_the_one_before_joins_the_holding() -> (
    None
):
    """100 were bought and got exits by /exits; a minute later 50 more are sent, and the
    account window still lists nothing."""
    holding = a_protection(plan=PLAN, entries=(), shares=100)
    sent = holding.since + timedelta(minutes=1)
    first = traded(1, Side.BUY, 100, minute=0)
    first = replace(first, fills=(a_fill(at=holding.since - timedelta(seconds=30)),))
    fill = a_fill(exec_id="0000e1a7.2.01.01", shares=50, at=sent + timedelta(seconds=1))
    more = replace(
        traded(2, Side.BUY, 50, minute=1),
        position_before=Decimal(0),
        sent_at=sent,
        fills=(fill,),
    )

    assert approved_shares(holding, [first, more], 150) == 150
