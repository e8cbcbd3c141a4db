"""What shares are worth, what fills cost, and what an order moved."""

from decimal import Decimal

from core.model.market import Side
from core.model.money import Shares
from core.rules.figures.amounts import average_of, in_all, moved, traded
from tests.builders import a_fill, a_sent_order, price


TWO_FILLS = (
    a_fill(exec_id="1", shares=Shares(40), price=price("4.00"), commission=Decimal(1)),
    a_fill(exec_id="2", shares=Shares(60), price=price("5.00"), commission=Decimal(2)),
)


def test_an_amount_is_shares_times_the_price_of_one() -> None:
    assert in_all(Shares(60), price("4.83")) == Decimal("289.80")


def test_fills_cost_what_their_shares_did_and_have_an_average() -> None:
    assert traded(TWO_FILLS) == Decimal(460)
    assert average_of(TWO_FILLS) == Decimal("4.6")


def test_nothing_traded_has_no_average() -> None:
    assert average_of(()) is None


def test_a_purchase_costs_its_fees_and_a_sale_brings_less_by_them() -> None:
    bought = a_sent_order(fills=TWO_FILLS)
    sold = a_sent_order(fills=TWO_FILLS, side=Side.SELL)

    assert (moved(bought), moved(sold)) == (Decimal(463), Decimal(457))
