"""What others traded in the account is kept once for each execution."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core.model.errors import Contradiction
from core.model.fills import Trade
from core.model.identity import Names
from core.model.market import Side
from core.model.money import Shares
from core.ports.journal import Store
from tests.builders import ACCOUNT, NOW, QRVX, a_fill, money, price


A_SALE = Trade(
    con_id=QRVX.con_id,
    side=Side.SELL,
    shares=Decimal("60.25"),
    fill=a_fill(exec_id="0001.01", shares=Shares(60), price=price("5.2050"), at=NOW),
    account=ACCOUNT,
    names=Names(ref="", client_id=0, order_id=-7, perm_id=1_234_567_890),
)


def put(store: Store, *trades: Trade) -> None:
    with store.transaction():
        for trade in trades:
            store.other_trades.put(trade)


@pytest.mark.parametrize(
    "trade",
    [
        pytest.param(A_SALE, id="no fee told"),
        pytest.param(A_SALE.charged(Decimal("-0.35"), "EUR"), id="a rebate in euros"),
        pytest.param(replace(A_SALE, side=Side.BUY), id="a purchase"),
    ],
)
def test_what_was_kept_is_found_as_it_was(store: Store, trade: Trade) -> None:
    put(store, trade)

    assert store.other_trades.all() == (trade,)
    assert store.other_trades.by_exec("0001.02") == trade
    assert store.other_trades.by_exec("0002.01") is None


def test_a_correction_takes_the_place_of_what_it_corrects(store: Store) -> None:
    corrected = replace(A_SALE, fill=replace(A_SALE.fill, exec_id="0001.02"))
    put(store, A_SALE, corrected)

    assert store.other_trades.all() == (corrected,)


def test_they_are_in_the_order_of_their_time(store: Store) -> None:
    earlier = replace(
        A_SALE,
        fill=a_fill(exec_id="0002.01", at=NOW - timedelta(minutes=1)),
        shares=Decimal(100),
    ).charged(money("1"), "USD")
    put(store, A_SALE, earlier)

    assert [each.fill.exec_id for each in store.other_trades.all()] == [
        "0002.01",
        "0001.01",
    ]


def test_an_execution_that_names_no_order_is_refused(store: Store) -> None:
    with pytest.raises(Contradiction):
        put(store, replace(A_SALE, names=None))

    assert store.other_trades.all() == ()
