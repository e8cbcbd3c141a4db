"""How a purchase is priced, at the market or within a limit."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.model.instructions import Limits
from core.model.market import OrderType, Side
from core.model.money import PriceStep
from core.rules.figures.terms import at_open, needs_steps, now, repriced
from tests.builders import a_leg, limits, price


HALF_CENTS = (
    PriceStep(above=price("0"), step=price("0.0001")),
    PriceStep(above=price("1"), step=price("0.005")),
)


def within(**named: Any) -> Limits:
    return limits(order_type=OrderType.LIMIT, **named)


@pytest.mark.parametrize(
    ("ask", "percent", "limit"),
    [
        ("4.83", "1", "4.875"),  # 4.8783
        ("4.83", "0.05", "4.830"),  # never below the ask, which lies on a step
        ("0.5001", "1", "0.5051"),
        ("0.9999", "1", "1.005"),  # where the larger step holds already
    ],
)
def test_a_limit_is_the_ask_and_a_part_of_it_on_ibs_step(
    ask: str, percent: str, limit: str
) -> None:
    leg = a_leg(ask=price(ask), steps=HALF_CENTS)

    priced = now(leg, within(limit_percent=Decimal(percent)))

    assert (priced.order_type, priced.limit) == (OrderType.LIMIT, price(limit))
    assert priced.estimate == priced.shares * price(limit)


def test_a_limit_without_a_known_step_is_not_set() -> None:
    priced = now(a_leg(), within())

    assert (priced.order_type, priced.limit) == (OrderType.LIMIT, None)
    assert needs_steps(priced, within())


def test_a_limit_may_be_filled_outside_hours_where_the_owner_wants_it() -> None:
    leg = a_leg(steps=HALF_CENTS)

    assert now(leg, within(outside_hours=True)).outside_hours
    assert not now(leg, within()).outside_hours


def test_a_market_order_is_the_default_and_needs_no_step() -> None:
    bound = now(a_leg(steps=HALF_CENTS), within(outside_hours=True))

    assert now(bound, limits()) == a_leg(steps=HALF_CENTS)
    assert not needs_steps(a_leg(), limits())


def test_what_waits_for_an_open_has_a_cap_on_its_gap() -> None:
    """The card's price is 4.82: three percent more is 4.9646."""
    capped = at_open(a_leg(steps=HALF_CENTS), limits(max_gap=Decimal(3)))

    assert (capped.order_type, capped.limit) == (OrderType.LIMIT, price("4.960"))
    assert (capped.tif, capped.outside_hours) == ("OPG", False)
    assert needs_steps(a_leg(), limits(max_gap=Decimal(3)))


def test_of_a_limit_and_a_cap_the_lower_one_holds() -> None:
    leg = now(a_leg(steps=HALF_CENTS), within())

    assert at_open(leg, within(max_gap=Decimal(50))).limit == price("4.875")
    assert at_open(leg, within(max_gap=Decimal("0.5"))).limit == price("4.840")


def test_without_a_cap_and_on_a_sale_nothing_changes() -> None:
    sale = a_leg(side=Side.SELL)

    assert at_open(a_leg(), limits()) == a_leg()
    assert at_open(sale, limits(max_gap=Decimal(3))) == sale


@pytest.mark.parametrize("tif", ["GTC", "OPG"])
def test_a_limit_is_worked_out_when_the_steps_have_come(tif: str) -> None:
    plan = within(max_gap=Decimal(3))
    waits = a_leg(order_type=OrderType.LIMIT, tif=tif, steps=HALF_CENTS)

    priced = repriced(waits, plan)

    assert priced.limit == price("4.875" if tif == "GTC" else "4.960")
    assert priced.tif == tif
    assert repriced(priced, plan) == priced
    assert repriced(a_leg(), plan) == a_leg()


def test_abroad_a_cap_on_the_gap_is_a_limit_whose_open_is_not_waited_for() -> None:
    """When that exchange opens is not known here: IB is told of no open, and the order
    is not above the cap whenever it is filled."""
    abroad = a_leg(listed_on="LSEETF", steps=HALF_CENTS)
    plan = limits(max_gap=Decimal(3))

    capped = now(abroad, plan)

    assert (capped.order_type, capped.limit) == (OrderType.LIMIT, price("4.960"))
    assert (capped.tif, capped.outside_hours) == ("GTC", False)
    assert at_open(abroad, plan) == capped
    assert now(abroad, limits()) == at_open(abroad, limits()) == abroad


def test_abroad_the_lower_one_of_a_limit_and_a_cap_holds_and_waits_for_the_steps() -> (
    None
):
    abroad = a_leg(listed_on="LSEETF")
    plan = within(max_gap=Decimal("0.5"), outside_hours=True)

    waits = now(abroad, plan)
    priced = repriced(replace(waits, steps=HALF_CENTS), plan)

    assert (waits.order_type, waits.limit) == (OrderType.LIMIT, None)
    assert (priced.limit, priced.tif) == (price("4.840"), "GTC")
    assert priced.outside_hours


def test_a_sale_abroad_is_neither_limited_nor_capped() -> None:
    sale = a_leg(side=Side.SELL, listed_on="LSEETF", steps=HALF_CENTS)

    assert at_open(sale, within(max_gap=Decimal(3))) == sale
