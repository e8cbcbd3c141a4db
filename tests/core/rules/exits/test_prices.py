"""Where exits lie, on a step that is never assumed to be a cent."""

from decimal import Decimal

import pytest

from core.model.exits.plan import ExitKind, ExitPlan
from core.model.market import OrderType, Quote
from core.model.money import PriceStep
from core.rules.exits.prices import (
    AT_CLOSE,
    in_dollars,
    nearer_than_a_step,
    need_steps,
    needs_ranges,
    passed,
    priced,
)
from core.rules.exits.written import distance_in, plan_in
from tests.builders import a_quote, price


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


@pytest.mark.parametrize("text", ["stop 2atr", "trail 2atr", "target 2atr"])
def test_a_distance_in_ranges_that_are_not_known_is_no_number_of_dollars(
    text: str,
) -> None:
    plan = a_plan(text)

    assert needs_ranges(plan)
    assert priced(plan, price("10.00"), CENTS) == ()
    assert not needs_ranges(in_dollars(plan, Decimal("0.40")))
    assert len(priced(in_dollars(plan, Decimal("0.40")), price("10.00"), CENTS)) == 1


def test_a_range_of_nothing_is_no_distance() -> None:
    plan = a_plan("stop 2atr")

    assert in_dollars(plan, Decimal("0.00001")) == plan


@pytest.mark.parametrize(("trail", "exits"), [("9.99", 1), ("10", 0)])
def test_a_trail_of_the_whole_price_is_left_out(trail: str, exits: int) -> None:
    plan = a_plan(f"trail {trail}")

    assert len(priced(plan, price("10.00"), CENTS)) == exits
    assert priced(plan, price("10.00"), ()) == ()  # its step is not known


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("stop 5%", True),
        ("target 5%", True),
        ("trail 0.25", True),
        ("trail 5%", False),
        ("close 2", False),
    ],
)
def test_which_exits_are_on_a_step(text: str, *, needed: bool) -> None:
    assert need_steps(a_plan(text)) is needed


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("stop 0.001", True),
        ("stop 5% target 0.001", True),
        ("trail 0.001", True),
        ("stop 5%", False),
        ("stop 2atr", False),
        ("stop 11", False),
    ],
    ids=[
        "a stop",
        "one of two",
        "a trail",
        "none",
        "ranges are not known",
        "below nothing",
    ],
)
def test_what_lies_nearer_than_a_step_is_told_from_what_has_no_price(
    text: str, *, near: bool
) -> None:
    assert nearer_than_a_step(a_plan(text), price("10.00"), CENTS) is near
    assert not nearer_than_a_step(a_plan(text), price("10.00"), ())


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        (a_quote(bid=price("9.51"), last=price("9.40")), None),
        (
            a_quote(bid=price("9.50"), last=price("9.60")),
            "9.50) has passed the stop at 9.50",
        ),
        (a_quote(bid=None, last=price("9.40")), "9.40) has passed the stop at 9.50"),
        (a_quote(bid=price("10.99"), last=price("11.20")), None),
        (
            a_quote(bid=price("11.00"), last=None),
            "11.00) has passed the target at 11.00",
        ),
        (a_quote(bid=None, last=None), None),
        (None, None),
    ],
)
def test_an_exit_that_the_price_has_passed_would_sell_at_once(
    quote: Quote | None, said: str | None
) -> None:
    """At what is bid, which it would get."""
    exits = priced(a_plan("stop 5% target 10%"), price("10.00"), CENTS)
    found = passed((*exits, AT_CLOSE), quote)

    assert found == (said and f"the price ({said}")
