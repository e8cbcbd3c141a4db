"""A doubt about a sale that IB ended at a split, when its end is listed no more."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.model.evidence import Evidence
from core.model.exits.plan import ExitKind
from core.model.market import Side
from core.model.money import Shares
from core.model.order import Order, OrderRef, OrderState
from core.model.order_events import Cancelled, FoundAbsent, OrderEvent, WentSilent
from core.rules.exits.split_ends import ended_at_split
from tests.builders import (
    NOW,
    PERM_ID,
    a_completed_order,
    a_fill,
    a_held_position,
    a_position,
    a_sent_order,
    an_evidence,
    price,
    some_names,
)


BUY = a_sent_order(
    ref=OrderRef("tb-0-entry-1"),
    sent_at=NOW - timedelta(minutes=1),
    state=OrderState.FILLED,
    fills=(a_fill(at=NOW - timedelta(seconds=50), commission=Decimal(1)),),
)
STOP = a_sent_order(
    side=Side.SELL,
    state=OrderState.ACKED,
    perm_id=PERM_ID,
    position_before=Decimal(100),
    exit=ExitKind.STOP,
    oca_group="g",
)
DOUBT = WentSilent(ref=STOP.ref, reason="IB had confirmed it, and lists it no more")


def listed(shares: str, cost: str | None, **named: Any) -> Evidence:
    held = a_held_position(
        shares=Decimal(shares), average_cost=price(cost) if cost else None
    )
    return an_evidence(positions=(held,), **named)


def judged(
    evidence: Evidence,
    order: Order = STOP,
    *others: Order,
    verdict: OrderEvent = DOUBT,
) -> OrderEvent:
    return ended_at_split(verdict, order, (BUY, order, *others), evidence)


@pytest.mark.parametrize(
    ("shares", "cost", "split"),
    [
        ("400", "1.21", "4 for 1"),
        ("1000", "0.484", "10 for 1"),
        ("150", "3.2267", "3 for 2"),
        ("12", "38.72", "1 for 8"),  # half a share is paid out
    ],
)
def test_ib_has_ended_it_where_shares_and_cost_are_as_one_split_makes_them(
    shares: str, cost: str, split: str
) -> None:
    event = judged(listed(shares, cost))

    assert event == Cancelled(
        ref=STOP.ref, reason=f"IB ends orders at a split, {split}"
    )


@pytest.mark.parametrize(
    ("shares", "cost"),
    [
        ("100", "4.84"),  # nothing has changed
        ("50", "4.84"),  # half was sold
        ("200", "1.21"),  # half was sold, and 4 for 1
        ("900", "0.484"),  # a tenth was sold, and 10 for 1
        ("200", "4.84"),  # as many more were bought
        ("400", None),
        ("0", None),
    ],
)
def test_what_one_split_alone_does_not_make_stays_in_doubt(
    shares: str, cost: str | None
) -> None:
    assert judged(listed(shares, cost)) is DOUBT


@pytest.mark.parametrize(
    "order",
    [
        replace(STOP, perm_id=None),  # it may never have been there
        replace(STOP, side=Side.BUY),
        replace(STOP, tif="DAY"),
        replace(STOP, sent_at=None),
    ],
)
def test_only_a_standing_sale_that_ib_had_confirmed_has_ended_so(order: Order) -> None:
    assert judged(listed("400", "1.21"), order) is DOUBT


def test_the_cost_is_that_of_the_newest_purchase_that_was_filled_and_its_fees() -> None:
    dear = replace(BUY, fills=(a_fill(commission=Decimal(50)),))
    unfilled = replace(BUY, sent_at=STOP.sent_at, fills=(), state=OrderState.CANCELLED)
    at_once = replace(BUY, sent_at=STOP.sent_at)

    for orders, cost in (
        ((dear, STOP), "1.34"),
        ((BUY, unfilled, STOP), "1.21"),
        ((at_once, STOP), "1.21"),
    ):
        assert ended_at_split(DOUBT, STOP, orders, listed("400", cost)) != DOUBT


def test_where_it_is_not_known_what_was_held_it_stays_in_doubt() -> None:
    unknown: dict[str, Any] = {"position_before": None}
    card = a_position(average_cost=price("4.83"))
    bought = (replace(BUY, **unknown), STOP)
    alone = replace(STOP, **unknown)

    for order, orders in ((STOP, bought), (alone, (alone,))):
        asked = card if order is alone else None
        found = ended_at_split(DOUBT, order, orders, listed("400", "1.21"), asked=asked)
        assert found is DOUBT


def test_what_was_sold_with_it_and_after_it_is_held_no_more() -> None:
    """Of 100 by IB's listing for it 40 were sold by it, and 20 later."""
    part = replace(STOP, fills=(a_fill(shares=Shares(40)),))
    later = replace(
        STOP,
        ref=OrderRef("tb-0-later-1"),
        sent_at=NOW + timedelta(minutes=1),
        fills=(a_fill(shares=Shares(20)),),
    )
    earlier = replace(later, ref=OrderRef("tb-0-x-1"), sent_at=NOW - timedelta(hours=1))
    never = replace(later, ref=OrderRef("tb-0-y-1"), sent_at=None)
    orders = (earlier, never, part, later)
    card = a_position(average_cost=price("4.83"))

    split, other = (
        ended_at_split(DOUBT, part, orders, listed(shares, "1.21"), asked=card)
        for shares in ("160", "240")
    )

    assert split != DOUBT
    assert other is DOUBT


def test_where_all_of_it_was_sold_no_split_is_seen() -> None:
    sold = replace(
        STOP,
        ref=OrderRef("tb-0-later-1"),
        sent_at=NOW + timedelta(minutes=1),
        fills=(a_fill(),),
    )

    assert judged(listed("0", "1.21"), STOP, sold) is DOUBT


def test_what_ib_lists_of_it_decides_and_no_split() -> None:
    over = a_completed_order(
        names=some_names(order_id=0, client_id=0), status="Filled", filled=100
    )

    assert judged(listed("400", "1.21", completed=(over,))) is DOUBT


def test_nothing_but_a_doubt_is_answered() -> None:
    absent = FoundAbsent(ref=STOP.ref, reason="It never reached IB.")

    assert judged(listed("400", "1.21"), verdict=absent) is absent


@pytest.mark.parametrize(
    ("shares", "cost", "on_its_card", "is_split"),
    [
        ("400", "1.21", "4.83", True),
        ("400", "4.83", "4.83", False),  # bought by hand
        ("400", "1.21", None, False),
        ("200", "1.21", "4.83", False),  # half was sold besides
    ],
)
def test_without_a_purchase_here_the_cost_on_its_card_says_it(
    shares: str, cost: str, on_its_card: str | None, *, is_split: bool
) -> None:
    average = price(on_its_card) if on_its_card else None
    event = ended_at_split(
        DOUBT,
        STOP,
        (STOP,),
        listed(shares, cost),
        asked=a_position(average_cost=average),
    )

    assert (event != DOUBT) is is_split


def test_without_a_purchase_here_and_a_card_no_cost_says_it() -> None:
    evidence = listed("400", "1.21")

    assert ended_at_split(DOUBT, STOP, (STOP,), evidence) is DOUBT


def test_what_was_traded_here_since_counts_and_a_part_that_it_had_sold() -> None:
    sold = replace(STOP, fills=(a_fill(shares=Shares(20)),))
    more = replace(BUY, ref=OrderRef("tb-0-more-1"), fills=(a_fill(shares=Shares(20)),))

    assert isinstance(judged(listed("400", "1.21"), sold, more), Cancelled)
    assert judged(listed("400", "1.21"), sold) is DOUBT
