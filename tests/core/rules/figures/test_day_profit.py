"""The profit of a day: what was bought on it counts from its own price."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.model.fills import BY_WORD, Trade
from core.model.market import Side
from core.rules.figures.day_profit import day_profit, trades_of
from tests.builders import FDMX, QRVX, a_fill, an_order, money, price


pytestmark = pytest.mark.attack(20)

CLOSE, LAST = price("10.00"), price("12.00")


def a_trade(
    shares: str, at: str, *, side: Side = Side.BUY, exec_id: str = "a.01", **fill: Any
) -> Trade:
    return Trade(
        con_id=QRVX.con_id,
        side=side,
        shares=Decimal(shares),
        fill=a_fill(
            exec_id=exec_id, shares=int(Decimal(shares)), price=price(at), **fill
        ),
    )


def sold(shares: str, at: str, **fill: Any) -> Trade:
    return a_trade(shares, at, side=Side.SELL, **fill)


@pytest.mark.parametrize(
    ("held", "trades", "profit", "basis"),
    [
        ("100", (), "200", "1000"),
        ("100", (a_trade("100", "12.34"),), "-34", "1234"),
        ("200", (a_trade("100", "12.34"),), "166", "2234"),
        ("50", (sold("50", "11.00"),), "150", "1000"),
        ("100", (a_trade("100", "11.00"), sold("100", "13.00")), "400", "2100"),
        ("0.75", (a_trade("0.75", "8.00"),), "3", "6"),
        ("57.68", (), "115.36", "576.80"),
        ("-100", (), "-200", "1000"),
        ("-100", (sold("100", "13.00"),), "100", "1300"),
        ("-50", (a_trade("50", "11.00"),), "-150", "1000"),
        ("100", (a_trade("200", "11.00"),), "-0", "3200"),
    ],
    ids=[
        "held since the close",
        "all bought today, at a loss of 34",
        "half bought today",
        "half sold today",
        "bought and sold as much",
        "a fraction bought",
        "a fraction held",
        "short since the close",
        "all sold short today",
        "half a short bought back",
        "a short turned round",
    ],
)
def test_each_share_counts_from_the_close_or_from_its_own_price(
    held: str, trades: tuple[Trade, ...], profit: str, basis: str
) -> None:
    found = day_profit(Decimal(held), trades, last=LAST, prior_close=CLOSE)

    assert found is not None
    assert (found.amount, found.basis) == (money(profit), money(basis))


def test_fees_that_are_told_are_in_it_and_a_rebate_too() -> None:
    trades = (
        a_trade("50", "12.00", commission=money("1.00")),
        a_trade("50", "12.00", commission=money("-0.35"), exec_id="b.01"),
        a_trade("50", "12.00", exec_id="c.01"),
    )

    found = day_profit(Decimal(150), trades, last=LAST, prior_close=CLOSE)

    assert found is not None
    assert found.amount == money("-0.65")


def test_a_stock_that_had_no_close_yet_has_a_profit_if_all_was_bought_today() -> None:
    found = day_profit(
        Decimal(100), (a_trade("100", "11.00"),), last=LAST, prior_close=None
    )

    assert found is not None
    assert found.amount == money("100")
    assert day_profit(Decimal(100), (), last=LAST, prior_close=None) is None


def test_what_only_the_owner_says_has_no_day_and_no_exact_price() -> None:
    word = a_trade("100", "12.34", exec_id=f"{BY_WORD}tb-1")

    assert day_profit(Decimal(100), (word,), last=LAST, prior_close=CLOSE) is None


def test_a_fill_that_the_journal_and_ib_both_have_counts_once() -> None:
    ours = an_order(
        instrument=QRVX, fills=(a_fill(exec_id="a.b.01", commission=money("1.00")),)
    )
    again = a_trade("100", "4.83", exec_id="a.b.01")
    by_hand = replace(a_trade("7", "5.00", exec_id="c.d.01"), con_id=FDMX.con_id)

    first, second = trades_of([ours], [again, by_hand])

    assert (first.fill, first.shares) == (ours.fills[0], Decimal(100))
    assert second == by_hand


@pytest.mark.parametrize(
    ("mine", "theirs", "right"),
    [("a.b.01", "a.b.02", "90"), ("a.b.02", "a.b.01", "100")],
)
def test_the_later_correction_counts_with_the_fee_that_is_known(
    mine: str, theirs: str, right: str
) -> None:
    fill = a_fill(exec_id=mine, commission=money("1.00"))
    ours = an_order(instrument=QRVX, fills=(fill,))

    (only,) = trades_of([ours], [a_trade("90", "4.80", exec_id=theirs)])

    assert (only.shares, only.fill.commission) == (Decimal(right), money("1.00"))
