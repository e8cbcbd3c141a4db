"""Never short: what can be sold is what is held, without what is being sold."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from core.model.exits.plan import ExitKind
from core.model.market import ConId, Side
from core.model.money import Shares
from core.model.order import FINAL, SETTLED, Order, OrderState, order_ref
from core.model.portfolio import LISTING_LAG, NOTHING_LISTED, Inventory, OpenOrder
from core.rules.selling.holding import (
    bought_here,
    held_before,
    is_ended_first,
    is_exit,
    just_filled,
    orders_in,
    oversold,
    sellable_shares,
)
from tests.builders import (
    FDMX,
    JOURNAL,
    NOW,
    QRVX,
    a_fill,
    a_position,
    a_sent_order,
    an_open_order,
)
from tests.core.rules.selling.sales import EARLIER, an_earlier_sale


SECOND = timedelta(seconds=1)


def free(
    held: str = "100",
    *,
    asked: str | None = None,
    ours: tuple[Order, ...] = (),
    listed: Any = (),
) -> Shares:
    return sellable_shares(
        QRVX,
        held=(a_position(shares=Decimal(held)),),
        ours=ours,
        inventory=Inventory(
            open_orders=listed, shares={QRVX.con_id: Decimal(asked or held)}
        ),
        now=NOW,
    )


def test_what_was_bought_since_a_sale_is_no_shares_that_it_sold() -> None:
    """40 held, 40 sold, 60 bought: all 60 that are listed are free at once."""
    sale = sold(40, 40, ago=SECOND)
    bought = a_sent_order(
        state=OrderState.FILLED, fills=(a_fill(shares=Shares(60), at=NOW),)
    )
    assert free("60", ours=(sale, bought)) == 60
    assert free("100", ours=(sale, bought)) == 60  # the sale is not listed yet
    assert free("0", ours=(sale, bought)) == 0  # the purchase is not


def sold(shares: int, before: int, *, ago: timedelta, **named: Any) -> Order:
    fill = a_fill(shares=Shares(shares), at=NOW - ago)
    return an_earlier_sale(
        shares,
        state=OrderState.FILLED,
        position_before=before,
        sent_at=NOW - ago - SECOND,
        fills=(fill,),
        **named,
    )


@pytest.mark.parametrize(
    ("held", "can"), [("100", 100), ("0.7", 0), ("12.9", 12), ("-50", 0), ("-0.5", 0)]
)
def test_whole_shares_can_be_sold_and_a_fraction_stays(held: str, can: int) -> None:
    assert free(held) == can


def test_a_holding_that_ib_lists_no_more_when_it_is_asked_is_not_sold() -> None:
    """The account window may say nothing of a holding that has gone."""
    assert free("100", asked="0") == 0
    assert free("0", asked="100") == 0


def test_where_no_listing_names_the_stock_not_one_share_is_sold() -> None:
    held = (a_position(),)
    for window, inventory in ((held, NOTHING_LISTED), (None, None), ((), None)):
        free_now = sellable_shares(
            QRVX, held=window, ours=(), inventory=inventory, now=NOW
        )
        assert free_now == 0


def test_an_exit_that_the_owner_closed_may_still_sell() -> None:
    """On the day of his answer; adding its shares would sell 160 of 100."""
    stop = an_earlier_sale(
        60, exit=ExitKind.STOP, state=OrderState.CLOSED_BY_HUMAN, closed_at=NOW
    )

    assert free(ours=(stop,)) == 40


def test_what_a_sale_by_hand_has_sold_already_it_sells_no_more() -> None:
    by_hand = an_open_order(ref="", side="SELL", shares=70, filled=30)

    assert free(listed=(by_hand,)) == 60


def test_a_sale_by_hand_that_is_done_takes_no_share_away() -> None:
    assert free(listed=(an_open_order(ref="", side="SELL", filled=100),)) == 100


def test_another_stock_s_shares_are_not_counted() -> None:
    other = sellable_shares(
        FDMX, held=(a_position(),), ours=(), inventory=None, now=NOW
    )

    assert other == 0


@pytest.mark.parametrize("state", OrderState)
def test_what_is_being_sold_is_not_sold_again(state: OrderState) -> None:
    """In doubt it may be: only a settled end frees its shares."""
    sale = an_earlier_sale(60, state=state)

    assert free(ours=(sale,)) == (100 if state in SETTLED else 40)
    assert state in FINAL or free(ours=(sale,)) == 40


def test_a_purchase_that_works_takes_nothing_away() -> None:
    assert free(ours=(a_sent_order(state=OrderState.ACKED),)) == 100


def test_a_sale_by_hand_that_still_works_is_counted() -> None:
    by_hand = an_open_order(ref="", side="SELL", shares=70)

    assert free(listed=(by_hand,)) == 30


def test_another_tool_s_short_sale_is_counted() -> None:
    assert free(listed=(an_open_order(ref="x", side="SSHORT", shares=70),)) == 30


def test_a_purchase_by_hand_is_not_counted() -> None:
    assert free(listed=(an_open_order(ref="", side="BUY", shares=70),)) == 100


def test_our_own_sale_in_the_listing_is_counted_once() -> None:
    sale = an_earlier_sale(60)

    assert free(ours=(sale,), listed=(an_open_order(ref=sale.ref, side="SELL"),)) == 40


def test_a_sale_that_ended_here_and_works_at_ib_is_counted() -> None:
    ghost = an_earlier_sale(60, state=OrderState.CANCELLED)
    listed = an_open_order(ref=ghost.ref, side="SELL", shares=60)

    assert free(ours=(ghost,), listed=(listed,)) == 40


def test_a_fill_that_is_not_listed_yet_is_not_sold_twice() -> None:
    assert free("100", ours=(sold(60, 100, ago=SECOND),)) == 40


@pytest.mark.parametrize("behind", [SECOND / 2, 10 * SECOND])
def test_a_fill_stamped_before_its_sale_was_sent_is_not_sold_twice(
    behind: timedelta,
) -> None:
    """IB stamps whole seconds, by a clock that may be behind ours."""
    stamped = a_fill(shares=Shares(60), at=NOW - SECOND - behind)
    sale = an_earlier_sale(
        60, state=OrderState.FILLED, sent_at=NOW - SECOND, fills=(stamped,)
    )

    assert free("100", ours=(sale,)) == 40
    assert free("40", ours=(sale,)) == 40


@pytest.mark.parametrize(
    ("before", "listed", "left"),
    [
        (40, "40", 40),  # the second 40 came behind the sale of the first
        (80, "80", 40),  # both were listed before it; the sale is not yet
        (80, "40", 40),
    ],
)
def test_a_purchase_of_the_second_in_which_a_sale_left_counts_once(
    before: int, listed: str, left: int
) -> None:
    """IB stamps whole seconds: whether it came before or after shows in what was held."""
    second = NOW - SECOND
    fills = (
        a_fill(exec_id="1.1", shares=Shares(40), at=second - SECOND),
        a_fill(exec_id="2.1", shares=Shares(40), at=second),
    )
    bought = a_sent_order(state=OrderState.PARTIAL, fills=fills)
    sale = an_earlier_sale(
        40,
        state=OrderState.FILLED,
        position_before=before,
        sent_at=second + timedelta(milliseconds=284),
        fills=(a_fill(exec_id="3.1", shares=Shares(40), at=second),),
    )

    assert free(listed, ours=(bought, sale)) == left


def _old_stop(**named: Any) -> Order:
    """For 40 of 80 that were held when it was sent, hours ago."""
    stop = {
        "exit": ExitKind.STOP,
        "tif": "GTC",
        "oca_group": "g",
        "position_before": 80,
        "sent_at": NOW - timedelta(hours=20),
    }
    return an_earlier_sale(40, **{**stop, **named})


def _fired(*, ago: timedelta, **named: Any) -> Order:
    fill = a_fill(exec_id="9.1", shares=Shares(40), at=NOW - ago)
    return _old_stop(state=OrderState.FILLED, fills=(fill,), **named)


def test_an_old_stop_that_fires_while_the_listing_lags_frees_no_share() -> None:
    """Of the 80 of that time, 40 were sold yesterday, by us or by hand: none is left."""
    stop = _fired(ago=SECOND)

    assert free("40", ours=(stop,)) == 0
    assert free("0", ours=(stop,)) == 0


def test_beside_a_purchase_that_no_listing_has_only_that_is_free() -> None:
    """80 were listed as free: what the stop had sold, and what was bought since."""
    buy = a_sent_order(
        state=OrderState.FILLED, fills=(a_fill(shares=Shares(40), at=NOW),)
    )
    stop = _fired(ago=3 * SECOND)

    assert free("80", ours=(stop, buy)) == 40  # the purchase is listed alone
    assert free("40", ours=(stop, buy)) == 40  # both are, or neither
    assert free("0", ours=(stop, buy)) == 0  # the stop alone


def test_what_an_old_stop_sold_is_listed_by_now_where_less_is_than_our_exits_covered() -> (
    None
):
    """Nobody waits for the other lot's 40: 80 were covered, and 40 are listed."""
    other = _old_stop(oca_group="h", leg=12, ref=order_ref(JOURNAL, EARLIER, 12))

    assert free("80", ours=(_fired(ago=SECOND), other)) == 0
    without = _free_without_exits("40", (_fired(ago=SECOND), other))
    assert without == 40


def _free_without_exits(held: str, ours: tuple[Order, ...]) -> Shares:
    """As for exits: what they sell is free for them."""
    listed = Inventory(open_orders=(), shares={QRVX.con_id: Decimal(held)})
    return sellable_shares(
        QRVX, held=None, ours=ours, inventory=listed, now=NOW, without=is_exit
    )


def test_a_listing_may_lag_for_so_long_and_no_longer() -> None:
    assert free("40", ours=(_fired(ago=LISTING_LAG),)) == 40


def test_a_fill_that_the_listing_has_lost_is_counted_once() -> None:
    assert free("40", ours=(sold(60, 100, ago=SECOND),)) == 40


def test_of_two_fills_of_which_one_is_listed_the_other_is_counted() -> None:
    """The second was sent on a listing that was short of the first already."""
    first = sold(50, 100, ago=3 * SECOND)
    second = sold(50, 100, ago=SECOND)

    assert free("50", ours=(first, second)) == 0
    assert free("0", ours=(first, second)) == 0


def test_a_sale_that_fills_in_parts_counts_all_of_them() -> None:
    early, late = (
        a_fill(exec_id="1.1", shares=Shares(50), at=NOW - timedelta(hours=2)),
        a_fill(exec_id="2.1", shares=Shares(30), at=NOW - SECOND),
    )
    sale = an_earlier_sale(
        80,
        state=OrderState.FILLED,
        sent_at=NOW - timedelta(hours=3),
        fills=(early, late),
    )

    assert free("50", ours=(sale,)) == 20


def test_a_fill_of_long_ago_is_in_every_listing() -> None:
    old = sold(60, 100, ago=3 * LISTING_LAG)

    assert free("40", ours=(old,)) == 40


sizes = st.integers(0, 300)


@given(held=sizes, parts=st.lists(st.tuples(sizes, st.booleans()), max_size=5))
def test_never_more_than_is_held_is_being_sold(
    held: int, parts: list[tuple[int, bool]]
) -> None:
    """Whoever asks in whatever turn: all that was let through fits."""
    ours: list[Order] = []
    listed: list[OpenOrder] = []
    for wanted, by_hand in parts:
        can = free(str(held), ours=tuple(ours), listed=tuple(listed))
        size = min(wanted, can)
        if not size:
            continue
        if by_hand:
            listed.append(an_open_order(ref="", side="SELL", shares=size))
        else:
            ours.append(an_earlier_sale(size))
    total = sum(o.shares for o in ours) + sum(o.shares for o in listed)

    assert total <= held


@pytest.mark.parametrize(
    ("sold", "held", "too_many"),
    [
        ((100,), 100, False),
        ((100,), 99, True),
        ((60, 41), 100, True),  # together
        ((60, 40), 100, False),
    ],
)
def test_sales_that_wait_are_too_many_together(
    sold: tuple[int, ...], held: int, *, too_many: bool
) -> None:
    sales = tuple(
        an_earlier_sale(each, leg=leg, instrument=QRVX)
        for leg, each in enumerate(sold, 1)
    )

    found = oversold(sales, (a_position(shares=Decimal(held)),))

    assert found == (sales if too_many else ())


def test_what_is_filled_of_a_sale_that_waits_does_not_wait() -> None:
    """40 of 100 are sold: 60 are held, and 60 wait."""
    part = an_earlier_sale(100, fills=(a_fill(shares=Shares(40)),))

    assert oversold((part,), (a_position(shares=Decimal(60)),)) == ()
    assert oversold((part,), (a_position(shares=Decimal(59)),)) == (part,)


def test_what_was_bought_here_is_what_was_not_sold_again() -> None:
    bought = a_sent_order(state=OrderState.FILLED, fills=(a_fill(),))
    some = sold(30, 100, ago=SECOND)
    other = a_sent_order(instrument=FDMX, fills=(a_fill(),))

    assert bought_here(QRVX, (bought, some, other)) == 70
    assert bought_here(QRVX, (some,)) == 0
    assert bought.side is Side.BUY


@pytest.mark.attack(7)
@pytest.mark.parametrize(
    ("perm_id", "is_free"),
    [(5, 60), (0, 60), (5 + 2**32, 60), (6, 20)],
    ids=["itself", "not named", "itself with 64 bits", "a copy"],
)
def test_a_copy_of_a_sale_made_in_tws_may_sell_beside_it(
    perm_id: int, is_free: int
) -> None:
    sale = a_sent_order(
        side=Side.SELL, state=OrderState.ACKED, shares=Shares(40), perm_id=5
    )
    listed = an_open_order(
        ref=sale.ref, side="SELL", shares=Decimal(40), perm_id=perm_id
    )

    assert free("100", ours=(sale,), listed=(listed,)) == is_free


@pytest.mark.attack(10)
@pytest.mark.parametrize(
    ("told", "is_free"),
    [
        ({}, 60),
        ({"shares": Decimal(0)}, 0),
        ({"filled": Decimal(60)}, 0),
        ({"side": ""}, 60),
        ({"side": "SSHORT"}, 60),
        ({"side": "BUY", "shares": Decimal(0)}, 100),
        ({"instrument": replace(QRVX, con_id=ConId(0))}, 60),
        ({"instrument": replace(QRVX, con_id=ConId(0), symbol="")}, 60),
        ({"instrument": replace(FDMX, con_id=ConId(0))}, 100),
        ({"instrument": FDMX, "shares": Decimal(0)}, 100),
    ],
    ids=[
        *("whole", "no size", "more filled than it has", "no side", "short"),
        *("a purchase", "no number", "no name", "another name", "another stock"),
    ],
)
def test_what_ib_leaves_out_of_anothers_order_may_all_be_sold_by_it(
    told: dict[str, Any], is_free: int
) -> None:
    sale = an_open_order(**{"ref": "", "side": "SELL", "shares": Decimal(40), **told})

    assert free("100", listed=(sale,)) == is_free


OTHERS = an_earlier_sale(60, instrument=FDMX)
"""A sale of another stock that works."""


@pytest.mark.parametrize("listed", [(), (an_open_order(instrument=FDMX, side="SELL"),)])
def test_sales_of_another_stock_take_nothing_away(listed: Any) -> None:
    assert free(ours=(OTHERS,), listed=listed) == 100
    sold_there = sold(60, 100, ago=SECOND, instrument=FDMX)
    assert free(ours=(sold_there,)) == 100


def test_a_listing_may_lag_for_three_minutes_and_a_sale_counts_for_six() -> None:
    assert timedelta(minutes=3) == LISTING_LAG
    for minutes, left in ((2, 60), (5, 60), (5.9, 60), (6, 100), (7, 100)):
        ago = timedelta(minutes=minutes) - SECOND
        assert free("100", ours=(sold(40, 100, ago=ago),)) == left, minutes


@pytest.mark.parametrize(
    ("named", "ends"),
    [
        ({}, True),
        ({"exit": None}, False),
        ({"state": OrderState.CLOSED_BY_HUMAN}, False),
        ({"state": OrderState.UNKNOWN}, True),
        ({"client_id": 18}, False),
        ({"login": ("DU7654321",)}, False),
    ],
)
def test_which_exits_are_ended_before_a_sale(
    named: dict[str, Any], *, ends: bool
) -> None:
    exit_ = {"exit": ExitKind.STOP, "state": OrderState.ACKED, **named}
    order = a_sent_order(side=Side.SELL, **exit_)

    assert is_ended_first(order, a_sent_order().identity) is ends
    assert is_exit(order) is (named.get("exit", True) is not None)
    assert not is_ended_first(order, None)


def test_orders_of_another_account_are_left_out() -> None:
    ours, other = an_earlier_sale(10), an_earlier_sale(10, account="DU7654321")

    assert orders_in(ours.account, (ours, other)) == [ours]


@pytest.mark.parametrize(("ago", "shares"), [(0, 40), (179, 40), (180, 0), (181, 0)])
def test_a_fill_may_be_missing_in_the_listing_for_three_minutes(
    ago: int, shares: int
) -> None:
    fill = a_fill(shares=Shares(40), at=NOW - ago * SECOND)

    assert just_filled((fill,), NOW) == shares


@pytest.mark.parametrize(("ahead", "held"), [(-1, 100), (0, 100), (1, 60)])
def test_what_ib_stamps_later_was_not_held_before(ahead: int, held: int) -> None:
    """Of this stock, and of purchases alone."""
    fills = (a_fill(shares=Shares(40), at=NOW + ahead * SECOND),)
    bought = a_sent_order(state=OrderState.FILLED, fills=fills)
    elsewhere = a_sent_order(instrument=FDMX, fills=fills)
    sale = an_earlier_sale(40, fills=fills)
    listed = Inventory(open_orders=(), shares={QRVX.con_id: Decimal(100)})

    orders = (bought, elsewhere, sale)
    assert held_before(an_earlier_sale(10), listed, orders, NOW) == held
    assert held_before(an_earlier_sale(10), NOTHING_LISTED, (), NOW) == 0
