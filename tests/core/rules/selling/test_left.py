"""Shares that open orders may still execute are named once per stock."""

from dataclasses import replace

from core.model.exits.plan import ExitKind
from core.model.market import Side
from core.model.money import Shares
from core.model.order import Order, OrderRef, OrderState
from core.rules.selling.left import left_in_words
from tests.builders import FDMX, a_fill, a_sent_order, price


def an_exit(kind: ExitKind, group: str = "g", shares: int = 100) -> Order:
    return replace(
        a_sent_order(),
        ref=OrderRef(f"tb-{group}-{kind}"),
        side=Side.SELL,
        shares=Shares(shares),
        exit=kind,
        oca_group=group,
    )


STOP, TARGET = an_exit(ExitKind.STOP), an_exit(ExitKind.TARGET)


def test_a_stop_and_a_target_of_one_group_sell_the_same_shares() -> None:
    assert left_in_words([STOP, TARGET]) == "SELL 100 QRVX"


def test_what_one_of_the_group_has_sold_the_other_cannot_sell() -> None:
    sold = (a_fill(shares=40, price=price("4.60")),)
    part = replace(STOP, state=OrderState.PARTIAL, fills=sold)

    assert left_in_words([part, TARGET]) == "SELL 60 QRVX"


def test_two_groups_of_a_stock_are_one_sum() -> None:
    later = an_exit(ExitKind.STOP, group="h", shares=50)

    assert left_in_words([STOP, TARGET, later]) == "SELL 150 QRVX"


def test_what_was_bought_of_an_order_is_not_left() -> None:
    bought = (a_fill(shares=40),)
    part = replace(a_sent_order(), state=OrderState.PARTIAL, fills=bought)

    assert left_in_words([part]) == "BUY 60 QRVX"


def test_purchases_and_other_stocks_are_named_apart() -> None:
    other = replace(a_sent_order(), instrument=FDMX)

    assert left_in_words([other, STOP, TARGET]) == "BUY 100 FDMX, SELL 100 QRVX"


def test_without_orders_nothing_is_left() -> None:
    assert left_in_words([]) == ""
