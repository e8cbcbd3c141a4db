"""Where exits lie, on a step that is never assumed to be a cent."""

from decimal import Decimal

import pytest

from core.model.exits.plan import ExitKind, ExitPlan
from core.model.market import OrderType
from core.model.money import PriceStep
from core.rules.exits.prices import in_dollars, needs_ranges, priced
from core.rules.exits.written import distance_in, plan_in
from tests.builders import price


CENTS = (
    PriceStep(above=price("0"), step=price("0.0001")),
    PriceStep(above=price("1"), step=price("0.01")),
)
HALF_CENTS = (PriceStep(above=price("0"), step=price("0.005")),)


def a_plan(text: str) -> ExitPlan:
    plan = plan_in(text)
    assert plan is not None
    return plan


def test_a_stop_is_rounded_up_and_a_target_down() -> None:
    """Neither may lie further away than was approved."""
    stop, target = priced(a_plan("stop 5% target 10%"), price("10.011"), CENTS)
    assert (stop.kind, stop.order_type) == (ExitKind.STOP, OrderType.STOP)
    assert stop.stop == price("9.52")  # 9.51045
    assert (target.order_type, target.limit) == (OrderType.LIMIT, price("11.01"))


def test_the_step_is_ib_s_and_not_a_cent() -> None:
    (stop,) = priced(a_plan("stop 0.333"), price("10.00"), HALF_CENTS)
    assert stop.stop == Decimal("9.670")


def test_below_a_dollar_the_finer_step_counts() -> None:
    (stop,) = priced(a_plan("stop 10%"), price("1.05"), CENTS)
    assert stop.stop == Decimal("0.9450")


def test_a_stop_that_would_lie_below_nothing_is_left_out() -> None:
    assert priced(a_plan("stop 3"), price("2.50"), CENTS) == ()


def test_a_trailing_stop_follows_by_percent_or_by_dollars() -> None:
    (percent,) = priced(a_plan("trail 3%"), price("10.00"), CENTS)
    assert (percent.order_type, percent.trail_percent) == (
        OrderType.TRAIL,
        Decimal(3),
    )
    (dollars,) = priced(a_plan("trail 0.251"), price("10.00"), HALF_CENTS)
    assert dollars.trail_amount == Decimal("0.250")


def test_a_trail_in_dollars_is_on_the_step_of_the_stock_and_not_further_away() -> None:
    """Its amount is no price: that it is below a dollar makes no step finer, and IB
    refuses another (110). An average true range is hardly ever on one."""
    (trail,) = priced(a_plan("trail 0.2467"), price("10.00"), CENTS)
    assert trail.trail_amount == Decimal("0.24")
    (penny,) = priced(a_plan("trail 0.0247"), price("0.50"), CENTS)
    assert penny.trail_amount == Decimal("0.0247")


@pytest.mark.parametrize("plan", ["stop 0.004", "target 0.004", "stop 0.03%"])
def test_a_distance_of_less_than_a_step_would_sell_at_once_and_is_left_out(
    plan: str,
) -> None:
    assert priced(a_plan(plan), price("10.00"), CENTS) == ()


def test_a_trail_of_less_than_a_step_is_left_out() -> None:
    assert priced(a_plan("trail 0.005"), price("10.00"), CENTS) == ()


def test_what_protects_comes_first() -> None:
    kinds = [e.kind for e in priced(a_plan("target 5% stop 5%"), price("10"), CENTS)]
    assert kinds == [ExitKind.STOP, ExitKind.TARGET]


def test_without_a_step_only_a_percent_trail_has_a_price() -> None:
    """Nobody may assume a cent."""
    found = priced(a_plan("stop 5% trail 3% target 10%"), price("10"), ())
    assert [each.kind for each in found] == [ExitKind.TRAIL]


def test_ranges_become_dollars_or_stay_what_they_are() -> None:
    """An exit that was asked for is not silently dropped."""
    plan = a_plan("stop 2atr target 10%")
    assert in_dollars(plan, Decimal("0.123456")).stop == distance_in("0.2469")
    assert in_dollars(plan, None) == plan
    assert needs_ranges(in_dollars(plan, None))
    assert not needs_ranges(in_dollars(plan, Decimal("0.123456")))
