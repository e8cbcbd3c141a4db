"""What was bought here and sold by hand is matched at its price, and counted once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from core.model.fills import Trade
from core.model.identity import Names
from core.model.market import Side
from core.model.money import Shares
from core.model.order import Order
from core.model.scoring.trades import Trades
from core.rules.scoring.round_trips import trades
from tests.builders import ACCOUNT, NOW, QRVX, a_fill, price
from tests.core.rules.scoring.test_round_trip_kinds import (
    BUY,
    SELL,
    cents,
    fill,
    held,
    order,
    said,
)


BOUGHT = order(BUY, 0, fill(100, "10.00"), held="0")


def by_hand(
    side: Side,
    at: datetime,
    shares: str,
    dollars: str,
    *,
    fee: str | None = "1.00",
    exec_id: str = "",
) -> Trade:
    return Trade(
        con_id=QRVX.con_id,
        side=side,
        shares=Decimal(shares),
        fill=a_fill(
            exec_id=exec_id or f"hand-{at:%H%M%S}.01",
            shares=Shares(int(Decimal(shares))),
            price=price(dollars),
            at=at,
            commission=None if fee is None else Decimal(fee),
        ),
        account=ACCOUNT,
        names=Names(ref="", client_id=0, order_id=0, perm_id=77),
    )


def after(**later: float) -> datetime:
    return NOW + timedelta(**later)


SIXTY = by_hand(SELL, after(hours=1), "60", "11.00")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What was done here and by hand, what is held in the end, and what is right: the
    shares and profit of each trip, what is open, and what is named without a price."""

    name: str
    orders: tuple[Order, ...] = (BOUGHT,)
    others: tuple[Trade, ...]
    now: str = "40"
    trips: tuple[tuple[str, str], ...] = ()
    lots: tuple[tuple[str, str], ...] = (("40", "400.00"),)
    elsewhere: str = ""
    unmatched: str = ""


KINDS = (
    Kind(name="a part of them", others=(SIXTY,), trips=(("60", "58.40"),)),
    Kind(
        name="all of them, in two executions",
        others=(SIXTY, by_hand(SELL, after(hours=2), "40", "9.00")),
        now="0",
        trips=(("60", "58.40"), ("40", "-41.40")),
        lots=(),
    ),
    Kind(
        name="what was held before goes first",
        orders=(order(BUY, 0, fill(100, "10.00"), held="50"),),
        others=(SIXTY,),
        now="90",
        trips=(("10", "9.73"),),
        lots=(("90", "900.00"),),
    ),
    Kind(
        name="what was bought by hand since goes first",
        others=(
            by_hand(BUY, after(minutes=30), "50", "10.50"),
            SIXTY,
        ),
        now="90",
        trips=(("10", "9.73"),),
        lots=(("90", "900.00"),),
    ),
    Kind(
        name="a fraction of a share",
        others=(by_hand(SELL, after(hours=1), "60.5", "11.00"),),
        now="39.5",
        trips=(("60.5", "58.90"),),
        lots=(("39.5", "395.00"),),
    ),
    Kind(
        name="the rest is sold here, and IB's list agrees",
        orders=(BOUGHT, order(SELL, 3, fill(40, "12.00"), held="40")),
        others=(SIXTY,),
        now="0",
        trips=(("60", "58.40"), ("40", "78.60")),
        lots=(),
    ),
    Kind(
        name="more was sold by hand than there was",
        others=(by_hand(SELL, after(hours=1), "120", "11.00"),),
        now="-20",
        trips=(("100", "98.17"),),
        lots=(),
    ),
    Kind(
        name="of what was sold by hand only a part was heard of",
        others=(SIXTY,),
        now="15",
        trips=(("60", "58.40"),),
        lots=(("15", "150.00"),),
        elsewhere="25 QRVX",
    ),
    Kind(
        name="IB's list for an exit sent at once shows it already, by an earlier clock",
        orders=(
            BOUGHT,
            replace(
                order(SELL, 1, held="40"), sent_at=after(hours=1) - timedelta(seconds=9)
            ),
        ),
        others=(SIXTY,),
        trips=(("60", "58.40"),),
    ),
    Kind(
        name="IB's list for an exit sent at once does not show it yet",
        orders=(
            BOUGHT,
            replace(
                order(SELL, 1, held="100"),
                sent_at=after(hours=1, seconds=9),
            ),
        ),
        others=(SIXTY, by_hand(SELL, after(hours=1, minutes=4), "20", "11.00")),
        now="20",
        trips=(("60", "58.40"), ("20", "18.80")),
        lots=(("20", "200.00"),),
    ),
    Kind(
        name="a trade that was taken back",
        others=(by_hand(SELL, after(hours=1), "0", "11.00"),),
        now="100",
        lots=(("100", "1000.00"),),
    ),
    Kind(
        name="an execution that turned out to be ours",
        orders=(BOUGHT, order(SELL, 1, fill(60, "11.00"), held="100")),
        others=(by_hand(SELL, after(hours=1), "60", "11.00", exec_id="60-11.00.01"),),
        trips=(("60", "58.40"),),
    ),
    Kind(
        name="another account's",
        others=(replace(SIXTY, account="DU7654321"),),
        now="100",
        lots=(("100", "1000.00"),),
    ),
    Kind(
        name="the purchase seems to come before it was sent: IB tells whole seconds",
        orders=(replace(BOUGHT, sent_at=after(seconds=1.9)),),
        others=(SIXTY,),
        trips=(("60", "58.40"),),
    ),
    Kind(
        name="before the first purchase here",
        orders=(order(BUY, 3, fill(100, "10.00"), held="0"),),
        others=(SIXTY,),
        now="100",
        lots=(("100", "1000.00"),),
    ),
)


def found(kind: Kind) -> Trades:
    now = held(NOW + timedelta(days=9), {QRVX.con_id: Decimal(kind.now)})
    return trades(kind.orders, (), held=now, others=kind.others)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_sale_by_hand_comes_to_the_right_figures(kind: Kind) -> None:
    result = found(kind)

    assert [(trip.shares, cents(trip.profit)) for trip in result.trips] == [
        (Decimal(shares), Decimal(profit)) for shares, profit in kind.trips
    ]
    assert [(lot.shares, cents(lot.paid)) for lot in result.lots] == [
        (Decimal(shares), Decimal(paid)) for shares, paid in kind.lots
    ]
    assert said(result.elsewhere) == kind.elsewhere
    assert said(result.unmatched) == kind.unmatched
    assert result.covered == ()


def test_its_fee_counts_with_the_others() -> None:
    assert found(KINDS[0]).fees == Decimal(2)


@pytest.mark.parametrize(
    "untold",
    [
        pytest.param(by_hand(SELL, after(hours=1), "60", "11.00", fee=None), id="none"),
        pytest.param(SIXTY.charged(Decimal("0.92"), "EUR"), id="in euros"),
    ],
)
def test_a_fee_that_ib_has_not_told_in_dollars_is_not_made_up(untold: Trade) -> None:
    (trip,) = trades((BOUGHT,), (), others=(untold,)).trips

    assert (trip.elsewhere, trip.fee_told) == (True, False)
    assert trip.fees == Decimal("0.60")  # the purchase's
