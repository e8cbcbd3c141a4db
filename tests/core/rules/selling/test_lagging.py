"""What IB's listing may lack of sales: how much of what it lists can still be sold."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.model.exits.plan import ExitKind
from core.model.fills import Fill
from core.model.money import Shares
from core.model.order import Order, OrderState
from core.model.portfolio import Inventory
from core.rules.selling.holding import is_exit, sellable_shares
from tests.builders import NOW, QRVX, a_fill, a_sent_order
from tests.core.rules.selling.sales import an_earlier_sale


HOURS_AGO = NOW - timedelta(hours=20)


def free(listed: int, *ours: Order, for_exits: bool = False) -> int:
    shares = {QRVX.con_id: Decimal(listed)}
    return sellable_shares(
        QRVX,
        held=None,
        ours=ours,
        inventory=Inventory(open_orders=(), shares=shares),
        now=NOW,
        without=is_exit if for_exits else lambda _: False,
    )


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def filled(shares: int, at: datetime) -> tuple[Fill, ...]:
    return (a_fill(exec_id=f"{shares}.{at:%H%M%S}.1", shares=Shares(shares), at=at),)


def sold(shares: int, at: datetime, **named: Any) -> Order:
    return an_earlier_sale(
        shares,
        **{"state": OrderState.FILLED, "fills": filled(shares, at), **named},
    )


def a_stop(shares: int, group: str, **named: Any) -> Order:
    stop = {"exit": ExitKind.STOP, "oca_group": group, "sent_at": HOURS_AGO}
    return an_earlier_sale(shares, **{**stop, **named})


def fired(shares: int, seconds: float, group: str = "fired") -> Order:
    stop = {"state": OrderState.FILLED, "fills": filled(shares, ago(seconds))}
    return a_stop(shares, group, **stop)


def bought(shares: int, at: datetime) -> Order:
    return a_sent_order(state=OrderState.FILLED, fills=filled(shares, at))


def test_a_sale_was_sent_by_a_listing_that_may_lack_the_sale_before_it() -> None:
    """100 held, 40 sold at once. The 60 left were sold by a listing that said 100 yet:
    now it lacks the 60 alone."""
    first = sold(40, ago(360), sent_at=ago(375), position_before=100)
    second = sold(60, ago(1), sent_at=ago(185), position_before=100)

    assert free(60, first, second) == 0
    assert free(0, first, second) == 0


def test_a_sale_before_that_the_listing_had_is_not_taken_off_again() -> None:
    first = sold(40, ago(360), sent_at=ago(375), position_before=100)
    second = sold(30, ago(1), sent_at=ago(185), position_before=60)

    assert free(30, first, second) == 30
    assert free(60, first, second) == 30  # the second is not listed yet


def test_a_sale_was_sent_by_a_listing_that_may_lack_what_a_stop_had_sold() -> None:
    stop = fired(40, 200)
    sale = sold(60, ago(1), sent_at=ago(30), position_before=100)

    assert free(60, stop, sale) == 0


def test_a_listing_may_lack_a_sale_and_the_stop_before_it() -> None:
    sale = sold(20, ago(1), sent_at=ago(2), position_before=100)

    assert free(100, fired(40, 3), sale) == 40


@pytest.mark.parametrize("lag", [179, 180])
def test_a_listing_lacks_what_was_sold_less_than_three_minutes_before(lag: int) -> None:
    """40 of 100 were sold by a stop, and of the 60 that were listed 20 were sold."""
    stop = fired(40, 30 + lag)
    sale = sold(20, ago(30), sent_at=ago(30), position_before=60)

    assert free(40, stop, sale) == (20 if lag < 180 else 40)


@pytest.mark.parametrize("sent", [40, 100])
def test_exits_for_what_was_bought_after_a_stop_were_no_shares_held_before_it(
    sent: int,
) -> None:
    """100 held, and sold by the stop; then 60 were bought, and have exits. The listing
    has neither: 60 are held."""
    stop = fired(100, 100)
    buy = bought(60, ago(50))
    later = a_stop(60, "later", sent_at=ago(sent))
    planned = a_stop(60, "planned", sent_at=None, state=OrderState.PLANNED)

    assert free(100, stop, buy, later) == 0
    assert free(100, stop, buy, later, for_exits=True) == 60
    assert free(100, stop, buy, planned, for_exits=True) == 60


def test_of_two_stops_that_fire_neither_may_be_listed() -> None:
    assert free(80, fired(40, 100, "a"), fired(40, 1, "b")) == 0


def test_a_stop_that_fires_after_a_sale_adds_to_what_may_not_be_listed() -> None:
    sale = sold(40, ago(59), sent_at=ago(60), position_before=100)

    assert free(100, sale, fired(60, 30)) == 0


def test_what_a_sale_that_ib_shows_and_we_never_sent_has_sold_may_not_be_listed() -> (
    None
):
    ghost = sold(40, ago(1), sent_at=None, position_before=None)

    assert free(100, ghost) == 60


def test_what_a_sale_that_we_never_sent_has_sold_a_later_listing_may_lack() -> None:
    ghost = sold(40, ago(200), sent_at=None, position_before=None)
    sale = sold(60, ago(1), sent_at=ago(30), position_before=100)

    assert free(60, ghost, sale) == 0


def test_a_sale_of_which_nothing_is_known_of_before_frees_nothing() -> None:
    sale = sold(40, ago(2), sent_at=ago(2), position_before=None)

    assert free(100, sale) == 60
    assert free(60, sale, bought(60, ago(1))) == 20


def test_what_was_sold_by_hand_between_two_sales_is_not_sold_again() -> None:
    """100 held, 40 sold; 30 by hand. The last 30 were sold, and are listed yet."""
    first = sold(40, ago(300), sent_at=ago(301), position_before=100)
    second = sold(30, ago(1), sent_at=ago(2), position_before=30)

    assert free(30, first, second) == 0


def test_a_listing_may_lack_the_sale_before_for_longer_than_ib_promises() -> None:
    """The second was sent by a listing that said 100 though 40 were sold."""
    first = sold(40, ago(300), sent_at=ago(301), position_before=100)
    second = sold(60, ago(1), sent_at=ago(2), position_before=100)

    assert free(40, first, second) == 0


def test_of_two_listings_for_sales_of_one_moment_the_smaller_counts() -> None:
    first = sold(20, ago(1), sent_at=ago(2), position_before=100)
    second = sold(20, ago(1), sent_at=ago(2), position_before=60)

    assert free(40, first, second) == 20


def test_what_a_stop_sold_at_the_moment_of_a_sale_counts_once() -> None:
    """160 held: 40 sold by the stop, 60 by the sale."""
    sale = sold(60, ago(1), sent_at=ago(30), position_before=160)

    assert free(60, fired(40, 30), sale) == 60


def test_a_purchase_of_the_second_in_which_a_stop_sold_frees_nothing_yet() -> None:
    assert free(60, fired(100, 100), bought(60, ago(100))) == 0
    assert free(60, fired(100, 100), bought(60, ago(99))) == 60


# what an old stop and its like could sell, at least


def test_exits_that_ended_before_it_say_nothing_of_what_was_held() -> None:
    over = a_stop(60, "over", state=OrderState.CANCELLED)

    assert free(40, fired(40, 1), over) == 0


def test_of_a_group_one_exit_that_lives_says_what_was_held() -> None:
    """And the largest: 60 are held and listed, so the stop's sale is listed."""
    lives = a_stop(60, "other", leg=12)
    small = a_stop(20, "other", leg=13)
    ended = a_stop(60, "other", leg=14, state=OrderState.CANCELLED)

    assert free(60, fired(40, 1), small, lives, ended, for_exits=True) == 60


def test_what_another_old_sale_sold_since_was_held_before() -> None:
    """120 were held: 20 sold by a limit order of hours ago, 40 by the stop; 60 listed."""
    limit = sold(20, ago(1), sent_at=HOURS_AGO)
    lives = a_stop(60, "other")

    assert free(60, limit, fired(40, 1), lives, for_exits=True) == 60


# purchases within the second in which a sale was sent


SENT = ago(10)


@pytest.mark.parametrize("part", [timedelta(), timedelta(milliseconds=284)])
def test_what_was_bought_after_the_listing_in_that_second_counts(
    part: timedelta,
) -> None:
    """10 held, bought long ago, and sold; 40 bought in the second of that."""
    sale = sold(10, SENT, sent_at=SENT + part, position_before=10)

    assert free(40, bought(10, HOURS_AGO), bought(40, SENT), sale) == 40


def test_what_was_sold_of_earlier_purchases_explains_no_purchase_of_that_second() -> (
    None
):
    """40 bought and sold again; 40 bought, listed, and sold within the same second."""
    earlier = sold(40, ago(7200), sent_at=ago(7200), position_before=40)
    sale = sold(40, SENT, sent_at=SENT, position_before=40)

    assert free(40, bought(40, HOURS_AGO), earlier, bought(40, SENT), sale) == 0


def test_what_was_bought_later_does_not_make_a_purchase_of_that_second_count() -> None:
    """40 were listed, of that second, and sold; then 60 were bought."""
    sale = sold(40, SENT, sent_at=SENT, position_before=40)

    assert free(100, bought(40, SENT), sale, bought(60, ago(5))) == 60
