"""Each kind of trade that round trips can meet, with the figure worked out by hand."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from core.model.fills import Fill
from core.model.market import ConId, Instrument, Side
from core.model.money import Shares
from core.model.order import Order, OrderRef
from core.model.scoring.trades import ListedHoldings, Trades
from core.rules.scoring.round_trips import trades
from tests.builders import NOW, QRVX, a_fill, an_order, price


NAMESAKE = Instrument(con_id=ConId(9), symbol=QRVX.symbol)
RENAMED = replace(QRVX, symbol="QRVZ")
BUY, SELL = Side.BUY, Side.SELL


def order(
    side: Side,
    hour: int,
    *fills: Fill,
    held: str | None = None,
    stock: Instrument = QRVX,
    account: str = "DU1234567",
    shares: int = 100,
) -> Order:
    """Sent at that hour after NOW; *held* is what IB listed of the stock then."""
    return an_order(
        ref=OrderRef(f"{side}-{hour}-{stock.symbol}-{account}"),
        side=side,
        instrument=stock,
        account=account,
        shares=Shares(shares),
        sent_at=NOW + timedelta(hours=hour),
        position_before=None if held is None else Decimal(held),
        fills=tuple(
            replace(fill, at=NOW + timedelta(hours=hour, seconds=1 + place))
            for place, fill in enumerate(fills)
        ),
    )


def fill(shares: int, at: str, fee: str | None = "1.00", currency: str = "USD") -> Fill:
    return a_fill(
        exec_id=f"{shares}-{at}.01",
        shares=Shares(shares),
        price=price(at),
        commission=None if fee is None else Decimal(fee),
        currency=currency,
    )


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Its orders and what is right: each trip's shares and profit; open lots with what
    was paid for them; and, by symbol, shares sold without a purchase here, bought here
    and sold elsewhere, and bought to cover a short."""

    name: str
    orders: tuple[Order, ...]
    trips: tuple[tuple[str, str], ...] = ()
    lots: tuple[tuple[str, str], ...] = ()
    unmatched: str = ""
    elsewhere: str = ""
    covered: str = ""
    now: dict[ConId, Decimal] | None = None


KINDS = (
    Kind(
        name="plain",  # 1050 - 1000 - 2
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="0"),
            order(SELL, 1, fill(100, "10.50"), held="100"),
        ),
        trips=(("100", "48.00"),),
    ),
    Kind(
        name="a partial exit keeps its part of the fee",  # 440 - 400 - 0.40 - 1
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="0"),
            order(SELL, 1, fill(40, "11.00"), held="100"),
        ),
        trips=(("40", "38.60"),),
        lots=(("60", "600.00"),),
    ),
    Kind(
        name="a sale before any purchase",
        orders=(
            order(SELL, 0, fill(100, "10.50"), held="100"),
            order(BUY, 1, fill(100, "10.00"), held="0"),
        ),
        lots=(("100", "1000.00"),),
        unmatched="100 QRVX",
    ),
    Kind(
        name="held before: the rest of the sale has no cost here",
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="50"),
            order(SELL, 1, fill(150, "10.50"), held="150"),
        ),
        trips=(("100", f"{1050 - 1000 - 1 - Decimal(2) / 3:.2f}"),),
        unmatched="50 QRVX",
    ),
    Kind(
        name="short from before: what covers it is not held",
        orders=(order(BUY, 0, fill(100, "10.00"), held="-100"),),
        covered="100 QRVX",
    ),
    Kind(
        name="short of less from before",  # 60 are held: 630 - 600 - 0.60 - 1
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="-40"),
            order(SELL, 1, fill(60, "10.50"), held="60"),
        ),
        trips=(("60", "28.40"),),
        covered="40 QRVX",
    ),
    Kind(
        name="short of less from before, in two fills",  # only 40 end it
        orders=(
            order(BUY, 0, fill(30, "10.00"), fill(70, "10.01"), held="-40"),
            order(SELL, 1, fill(60, "10.51"), held="60"),
        ),
        trips=(("60", f"{60 * Decimal('0.5') - Decimal(6) / 7 - 1:.2f}"),),
        covered="40 QRVX",
    ),
    Kind(
        name="held before, sold with ours, and then more of ours by hand",
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="50"),
            order(SELL, 1, fill(120, "10.50"), held="150", shares=120),
            order(BUY, 2, fill(100, "10.00"), held="30"),
        ),
        trips=(("100", f"{50 - 1 - Decimal(100) / 120:.2f}"),),
        lots=(("70", "700.00"),),
        unmatched="20 QRVX",
        elsewhere="30 QRVX",
        now={QRVX.con_id: Decimal(70)},
    ),
    Kind(
        name="two for one between purchase and sale",  # 1050 - 1000 - 2
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="0"),
            order(SELL, 30, fill(200, "5.25"), held="200", shares=200),
        ),
        trips=(("200", "48.00"),),
    ),
    Kind(
        name="two for one, and half of it is sold",  # 525 - 500 - 0.5 - 1
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="0"),
            order(SELL, 30, fill(100, "5.25"), held="200"),
        ),
        trips=(("100", "23.50"),),
        lots=(("100", "500.00"),),
    ),
    Kind(
        name="two for one of what was held before, too",
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="300"),
            order(SELL, 30, fill(200, "5.25"), held="800", shares=200),
        ),
        trips=(("200", "48.00"),),
    ),
    Kind(
        name="three for two of an odd lot: the half share is paid in cash",
        orders=(  # all 151 have the cost of the 101: 1057 - 1010 - 2
            order(BUY, 0, fill(101, "10.00"), held="0", shares=101),
            order(SELL, 30, fill(151, "7.00"), held="151", shares=151),
        ),
        trips=(("151", "45.00"),),
    ),
    Kind(
        name="a reverse split of ten",  # 1050 - 1000 - 2
        orders=(
            order(BUY, 0, fill(1000, "1.00"), held="0", shares=1000),
            order(SELL, 30, fill(100, "10.50"), held="100"),
        ),
        trips=(("100", "48.00"),),
    ),
    Kind(
        name="a reverse split of five of a few shares",  # 146.10 - 150 - 2
        orders=(
            order(BUY, 0, fill(15, "10.00"), held="0"),
            order(SELL, 1, fill(3, "48.70"), held="3"),
        ),
        trips=(("3", "-5.90"),),
    ),
    Kind(
        name="half sold by hand at twice the price is no split",  # 1000 - 500 - 0.5 - 1
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="0"),
            order(SELL, 30, fill(50, "20.00"), held="50", shares=50),
        ),
        trips=(("50", "498.50"),),
        elsewhere="50 QRVX",
    ),
    Kind(
        name="sold by hand, and bought anew",  # 1210 - 1200 - 2, and not 1210 - 1000
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="0"),
            order(BUY, 30, fill(100, "12.00"), held="0"),
            order(SELL, 31, fill(100, "12.10"), held="100"),
        ),
        trips=(("100", "8.00"),),
        elsewhere="100 QRVX",
    ),
    Kind(
        name="sold by hand, seen by what is held now",
        orders=(order(BUY, 0, fill(100, "10.00"), held="0"),),
        now={QRVX.con_id: Decimal(30)},
        lots=(("30", "300.00"),),
        elsewhere="70 QRVX",
    ),
    Kind(
        name="what was held before goes first when some is sold by hand",
        orders=(order(BUY, 0, fill(100, "10.00"), held="50"),),
        now={QRVX.con_id: Decimal(100)},
        lots=(("100", "1000.00"),),
    ),
    Kind(
        name="more bought by hand changes nothing of ours",  # 1050 - 1000 - 2
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="0"),
            order(SELL, 30, fill(100, "10.50"), held="400"),
        ),
        trips=(("100", "48.00"),),
    ),
    Kind(
        name="a fraction that is held besides",  # the whole shares are ours
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="0.75"),
            order(SELL, 1, fill(100, "10.50"), held="100.75"),
        ),
        now={QRVX.con_id: Decimal("0.75")},
        trips=(("100", "48.00"),),
    ),
    Kind(
        name="the purchase was taken back",
        orders=(
            order(BUY, 0, fill(0, "10.00"), held="0"),
            order(SELL, 1, fill(100, "10.50"), held="100"),
        ),
        unmatched="100 QRVX",
    ),
    Kind(
        name="a purchase taken back, alone",
        orders=(order(BUY, 0, fill(0, "10.00"), held="0"),),
    ),
    Kind(
        name="the sale was taken back",
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="0"),
            order(SELL, 1, fill(0, "10.50"), held="100"),
        ),
        lots=(("100", "1000.00"),),
    ),
    Kind(
        name="a fee in another currency is not counted as dollars",
        orders=(
            order(BUY, 0, fill(100, "10.00", "0.92", "EUR"), held="0"),
            order(SELL, 1, fill(100, "10.50"), held="100"),
        ),
        trips=(("100", "49.00"),),
    ),
    Kind(
        name="a fee that has not come yet",
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="0"),
            order(SELL, 1, fill(100, "10.50", None), held="100"),
        ),
        trips=(("100", "49.00"),),
    ),
    Kind(
        name="a rebate",  # 1050 - 1000 - 1 + 0.35
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="0"),
            order(SELL, 1, fill(100, "10.50", "-0.35"), held="100"),
        ),
        trips=(("100", "49.35"),),
    ),
    Kind(
        name="two stocks of one symbol",
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="0"),
            order(SELL, 1, fill(100, "10.50"), held="100", stock=NAMESAKE),
        ),
        lots=(("100", "1000.00"),),
        unmatched="100 QRVX",
    ),
    Kind(
        name="renamed in between",
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="0"),
            order(SELL, 1, fill(100, "10.50"), held="100", stock=RENAMED),
        ),
        trips=(("100", "48.00"),),
    ),
    Kind(
        name="two cards buy the same stock",  # 1650 - 1000 - 550 - 1 - 0.5 - 1
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="0"),
            order(BUY, 1, fill(100, "11.00"), held="100"),
            order(SELL, 2, fill(150, "11.00"), held="200", shares=150),
        ),
        trips=(("100", f"{100 - 1 - Decimal(2) / 3:.2f}"), ("50", "-0.83")),
        lots=(("50", "550.00"),),
    ),
    Kind(
        name="two cards buy at one moment, before either is filled",
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="0"),
            replace(
                order(BUY, 1, fill(100, "10.00"), held="0"),
                sent_at=NOW + timedelta(seconds=2),
            ),
        ),
        lots=(("100", "1000.00"), ("100", "1000.00")),
    ),
    Kind(
        name="modified in TWS: what was filled counts",
        orders=(
            order(BUY, 0, fill(70, "10.00"), held="0", shares=100),
            order(SELL, 1, fill(70, "10.50"), held="70", shares=100),
        ),
        trips=(("70", "33.00"),),
    ),
    Kind(
        name="one account's shares are not sold in another",
        orders=(
            order(BUY, 0, fill(100, "10.00"), held="0"),
            order(SELL, 1, fill(100, "10.50"), held="100", account="DU7654321"),
        ),
        lots=(("100", "1000.00"),),
        unmatched="100 QRVX",
    ),
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_of_trade_comes_to_the_right_figures(kind: Kind) -> None:
    now = None if kind.now is None else held(NOW + timedelta(days=9), kind.now)
    found = trades(kind.orders, (), held=now)

    assert [(trip.shares, cents(trip.profit)) for trip in found.trips] == [
        (Decimal(shares), Decimal(profit)) for shares, profit in kind.trips
    ]
    assert [(lot.shares, cents(lot.paid)) for lot in found.lots] == [
        (Decimal(shares), Decimal(paid)) for shares, paid in kind.lots
    ]
    named = (found.unmatched, found.elsewhere, found.covered)
    assert tuple(map(said, named)) == (kind.unmatched, kind.elsewhere, kind.covered)


def held(at: datetime, shares: dict[ConId, Decimal]) -> ListedHoldings:
    return ListedHoldings(account="DU1234567", at=at, shares=shares)


def test_only_the_account_that_is_asked_for_counts() -> None:
    """The journal of a paper account that has become a live one's."""
    orders = (
        order(BUY, 0, fill(100, "10.00"), held="0"),
        order(BUY, 1, fill(50, "11.00"), held="0", account="U7654321"),
    )
    paper = trades(orders, (), held=ListedHoldings(account="DU1234567", at=NOW))
    assert [lot.shares for lot in paper.lots] == [100]
    assert paper.fees == Decimal(1)


def said(counted: tuple[tuple[str, Decimal], ...]) -> str:
    return ", ".join(f"{n} {symbol}" for symbol, n in counted)


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))


def found(*orders: Order) -> Trades:
    return trades(orders, ())


def test_fees_that_are_not_known_or_not_in_dollars_are_named() -> None:
    known = found(
        order(BUY, 0, fill(100, "10.00", "0.92", "EUR"), held="0"),
        order(SELL, 1, fill(60, "10.50", None), fill(40, "10.51"), held="100"),
    )
    assert known.fees == Decimal(1)
    assert known.untold_fees == 1
    assert known.other_fees == (("EUR", Decimal("0.92")),)


def test_what_ib_has_just_filled_may_not_be_listed_yet() -> None:
    """Its account window lags by minutes: what it lists right after a purchase says
    nothing of a sale elsewhere."""
    bought = order(BUY, 0, fill(100, "10.00"), held="0")
    seen = trades((bought,), (), held=held(NOW + timedelta(minutes=2), {}))
    assert [lot.shares for lot in seen.lots] == [100]
    later = trades((bought,), (), held=held(NOW + timedelta(hours=2), {}))
    assert (later.lots, later.elsewhere) == ((), (("QRVX", Decimal(100)),))
