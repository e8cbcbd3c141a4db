"""Which shares the exits of a card cover, beside those that had some before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.model.exits.plan import NO_EXITS
from core.model.exits.protection import Protection
from core.model.market import Side
from core.model.order import Order, OrderRef
from core.model.proposal import ProposalId
from core.rules.exits.approval import of_holding, of_purchase, sold_since
from core.rules.exits.written import plan_in
from tests.builders import NOW, a_leg, a_proposal, price
from tests.values import a_fill, a_protection, a_sent_order


OLDER, NEW = OrderRef("tb-0-older-1"), OrderRef("tb-0-new-1")
EARLIER = NOW - timedelta(hours=1)
STOP = plan_in("stop 5%")


def approved(
    before: Protection | None, *, orders: Sequence[Order] = (), **named: Any
) -> Protection | None:
    leg = a_leg(**{"exits": STOP, **named})
    return of_purchase(leg, a_proposal(), NEW, at=NOW, before=before, orders=orders)


def older(**named: Any) -> Protection:
    """Of another card, an hour ago."""
    approval = {"proposal_id": ProposalId("older23456"), "since": EARLIER}
    return a_protection(**{**approval, **named})


def test_a_first_purchase_with_exits_is_covered_from_its_approval_on() -> None:
    found = approved(None)

    assert found is not None
    assert (found.entries, found.since, found.basis) == ((NEW,), NOW, None)
    assert (found.plan, found.proposal_id) == (STOP, a_proposal().id)


def test_what_was_bought_before_stays_covered_and_by_the_new_plan() -> None:
    found = approved(older(entries=(OLDER,)))

    assert found is not None
    assert (found.entries, found.since) == ((OLDER, NEW), EARLIER)
    assert (found.plan, found.proposal_id) == (STOP, a_proposal().id)


def test_where_all_that_is_held_was_covered_all_stays_covered() -> None:
    """From the card's price, because what older shares cost is not known."""
    found = approved(older(entries=(), basis=price("3.00"), shares=70))

    assert found is not None
    assert (found.entries, found.since, found.shares) == ((), NOW, 70)
    assert found.basis == a_leg().reference


def test_what_was_sold_of_a_holding_is_no_part_of_what_a_purchase_joins() -> None:
    """Else what is bought after the rest was sold would have its exits."""
    sold = a_fill(shares=30, at=NOW - timedelta(minutes=9))
    sale = a_sent_order(side=Side.SELL, shares=30, fills=(sold,))
    found = approved(older(entries=(), basis=price("3.00"), shares=70), orders=(sale,))

    assert found is not None
    assert found.shares == 40


@pytest.mark.parametrize("exits", [NO_EXITS, plan_in("stop 2atr")])
@pytest.mark.parametrize("before", [None, older(entries=(OLDER,))])
def test_a_purchase_without_exits_changes_none(
    before: Protection | None, exits: Any
) -> None:
    assert approved(before, exits=exits) == before


def test_exits_of_a_holding_cover_all_of_it_from_the_cards_price() -> None:
    leg = a_leg(exits=STOP, shares=70)
    found = of_holding(leg, a_proposal(), (), at=NOW)

    assert found is not None
    assert (found.entries, found.shares, found.since) == ((), 70, NOW)
    assert found.basis == leg.reference
    assert of_holding(a_leg(exits=NO_EXITS), a_proposal(), (), at=NOW) is None


def test_a_card_of_a_version_before_knows_no_executions() -> None:
    """Then what was sold since is not counted: it may have been sold before."""
    sold = a_sent_order(side=Side.SELL, fills=(a_fill(shares=70),))
    leg = a_leg(exits=STOP, shares=70)
    found = of_holding(leg, a_proposal(), [sold], at=NOW)

    assert found is not None
    assert found.shares == 70
    assert sold_since(leg, [sold]) == ""
    assert sold_since(replace(leg, traded=()), [sold]) != ""
    assert sold_since(replace(leg, traded=known_of(sold)), [sold]) == ""
    assert sold_since(replace(leg, traded=(), exits=NO_EXITS), [sold]) == ""


def known_of(*orders: Order) -> tuple[tuple[str, int], ...]:
    """What a card knows that is made now."""
    return tuple((order.ref, order.filled) for order in orders)


@pytest.mark.parametrize("late", [timedelta(), timedelta(seconds=30)])
@pytest.mark.parametrize("shares", [5, 30])
def test_a_sale_that_is_heard_after_one_of_a_later_stamp_is_the_one_since_the_card(
    shares: int, late: timedelta
) -> None:
    """IB's stamps are of whole seconds, and an execution can be heard late. Counted by its
    stamp it was taken for what the card knew, and what the card knew was counted again:
    the 40 were said to have been sold since, or the plan was for too many."""
    known = a_fill(exec_id="aa.01", shares=60)
    late_fill = a_fill(exec_id="bb.01", shares=shares, at=NOW - late)
    orders = [
        a_sent_order(side=Side.SELL, fills=(known,)),
        a_sent_order(ref=NEW, side=Side.SELL, fills=(late_fill,)),
    ]
    leg = a_leg(exits=STOP, shares=40, traded=known_of(orders[0]))
    found = of_holding(leg, a_proposal(), orders, at=NOW)

    assert sold_since(leg, orders) == ""
    assert found is not None
    assert found.shares == 40 - shares


def test_a_correction_of_what_the_card_knew_is_no_trade_since() -> None:
    known = a_fill(exec_id="aa.01", shares=60)
    corrected = replace(known, exec_id="aa.02", at=NOW + timedelta(minutes=1))
    sold = a_fill(exec_id="bb.01", shares=10, at=NOW + timedelta(seconds=30))
    of_card = a_sent_order(side=Side.SELL, fills=(known,))
    orders = [
        replace(of_card, fills=(corrected,)),
        a_sent_order(ref=NEW, side=Side.SELL, fills=(sold,)),
    ]
    leg = a_leg(exits=STOP, shares=40, traded=known_of(of_card))
    found = of_holding(leg, a_proposal(), orders, at=NOW)

    assert found is not None
    assert found.shares == 30


def test_what_ib_lists_in_the_place_of_the_owners_word_is_no_trade_since() -> None:
    said = a_sent_order(side=Side.SELL, fills=(a_fill(exec_id="word-x", shares=60),))
    listed = replace(said, fills=(a_fill(exec_id="aa.01", shares=60),))
    leg = a_leg(exits=STOP, shares=40, traded=known_of(said))

    assert sold_since(leg, [listed]) == ""
