"""Round trips are matched first in, first out, and nothing is made up."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from core.model.market import ConId, Side
from core.model.money import Money, Shares
from core.model.order import Order, OrderRef
from core.model.scoring.trades import Trades
from core.rules.scoring.round_trips import trades
from tests.builders import FDMX, NOW, QRVX, a_fill, an_order, money, price


def an_order_of(
    side: Side, *fills: tuple[int, str, int], stock: object = QRVX
) -> Order:
    """Fills as (shares, price, minutes after NOW), each with a fee of a dollar."""
    minute = fills[0][2]
    return an_order(
        ref=OrderRef(f"{side}-{minute}"),
        side=side,
        instrument=stock,
        fills=tuple(
            a_fill(
                exec_id=f"{side}{at}.01",
                shares=Shares(shares),
                price=price(each),
                at=NOW + timedelta(minutes=at),
                commission=money("1"),
            )
            for shares, each, at in fills
        ),
    )


def matched(*orders: Order) -> Trades:
    return trades(orders, ())


def test_a_round_trip_knows_its_profit_after_both_fees() -> None:
    (trip,) = matched(
        an_order_of(Side.BUY, (100, "5.00", 0)),
        an_order_of(Side.SELL, (100, "5.50", 9)),
    ).trips
    assert (trip.paid, trip.got, trip.fees) == (Decimal(500), Decimal(550), Decimal(2))
    assert trip.profit == Decimal(48)
    assert trip.sale == "SELL-9"


def test_what_was_bought_first_is_sold_first() -> None:
    found = matched(
        an_order_of(Side.BUY, (100, "5.00", 0)),
        an_order_of(Side.BUY, (100, "6.00", 1)),
        an_order_of(Side.SELL, (150, "7.00", 9)),
    )
    assert [(int(trip.shares), trip.paid) for trip in found.trips] == [
        (100, Decimal(500)),
        (50, Decimal(300)),
    ]
    assert [(int(lot.shares), lot.paid) for lot in found.lots] == [(50, Decimal(300))]


def test_a_part_keeps_its_part_of_the_fee() -> None:
    (trip,) = matched(
        an_order_of(Side.BUY, (100, "5.00", 0)), an_order_of(Side.SELL, (25, "5.00", 9))
    ).trips
    assert trip.fees == Decimal("0.25") + 1


def test_what_was_held_before_is_not_matched_and_is_named() -> None:
    found = matched(
        an_order_of(Side.BUY, (40, "5.00", 0)), an_order_of(Side.SELL, (100, "5.50", 9))
    )
    assert [trip.shares for trip in found.trips] == [40]
    assert found.unmatched == (("QRVX", Decimal(60)),)
    assert found.lots == ()


def test_a_buy_after_the_sale_is_not_matched_with_it() -> None:
    found = matched(
        an_order_of(Side.SELL, (100, "5.50", 0)),
        an_order_of(Side.BUY, (100, "5.00", 9)),
    )
    assert found.trips == ()
    assert found.unmatched == (("QRVX", Decimal(100)),)
    assert found.lots[0].shares == 100


def test_stocks_are_matched_apart() -> None:
    found = matched(
        an_order_of(Side.BUY, (100, "5.00", 0)),
        an_order_of(Side.SELL, (100, "5.50", 9), stock=FDMX),
    )
    assert found.trips == ()
    assert found.unmatched == (("FDMX", Decimal(100)),)


def test_nothing_traded_is_nothing() -> None:
    assert matched() == Trades(
        trips=(), lots=(), unmatched=(), fees=Money(Decimal(0)), values=()
    )


FILLS = st.lists(
    st.tuples(
        st.sampled_from(Side),
        st.integers(1, 300),
        st.decimals(min_value=1, max_value=99, places=2),
    ),
    max_size=12,
)


@given(FILLS)
def test_no_share_and_no_dollar_is_lost(fills: list[tuple[Side, int, Decimal]]) -> None:
    orders = [
        an_order_of(side, (shares, str(each), minute), stock=QRVX)
        for minute, (side, shares, each) in enumerate(fills)
    ]
    found = matched(*orders)
    bought = sum(shares for side, shares, _ in fills if side is Side.BUY)
    sold = sum(shares for side, shares, _ in fills if side is Side.SELL)
    matched_shares = sum(trip.shares for trip in found.trips)
    unmatched = sum(shares for _, shares in found.unmatched)
    assert matched_shares + sum(lot.shares for lot in found.lots) == bought
    assert matched_shares + unmatched == sold
    paid = sum(shares * each for side, shares, each in fills if side is Side.BUY)
    spent = sum((trip.paid for trip in found.trips), Decimal(0))
    spent += sum((lot.paid for lot in found.lots), Decimal(0))
    assert float(spent) == pytest.approx(float(paid))
    assert found.fees == len(fills)


def test_con_ids_count_and_not_names() -> None:
    namesake = QRVX.__class__(con_id=ConId(9), symbol=QRVX.symbol)
    found = matched(
        an_order_of(Side.BUY, (100, "5.00", 0)),
        an_order_of(Side.SELL, (100, "5.50", 9), stock=namesake),
    )
    assert found.trips == ()
