"""A fill is judged by the price that the card showed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.model.market import Side
from core.model.money import Shares
from core.model.order import Order, OrderState
from core.model.proposal import Leg
from core.rules.figures.slippage import slippage
from tests.builders import a_fill, a_proposal, a_sent_order, price


def filled(*, at: str, side: Side = Side.BUY) -> Order:
    fill = replace(a_fill(), price=price(at), shares=Shares(100))
    order = a_sent_order(state=OrderState.FILLED, fills=(fill,))
    return replace(order, side=side)


def quoted(side: Side = Side.BUY) -> Leg:
    return replace(
        a_proposal().legs[0], side=side, bid=price("4.95"), ask=price("5.00")
    )


@pytest.mark.parametrize(
    ("side", "at", "dollars", "percent"),
    [
        (Side.BUY, "5.05", "5", "1"),
        (Side.BUY, "4.95", "-5", "-1"),
        (Side.SELL, "4.95", "0", "0"),
        (Side.SELL, "4.455", "49.5", "10"),
        (Side.SELL, "5.445", "-49.5", "-10"),
    ],
)
def test_worse_is_above_zero_on_both_sides(
    side: Side, at: str, dollars: str, percent: str
) -> None:
    found = slippage(filled(at=at, side=side), quoted(side))

    assert found is not None
    assert (found.dollars, found.percent) == (Decimal(dollars), Decimal(percent))


def test_without_a_fill_or_a_quote_there_is_none() -> None:
    no_ask = replace(quoted(), ask=None)

    assert slippage(a_sent_order(), quoted()) is None
    assert slippage(filled(at="5.00"), no_ask) is None
