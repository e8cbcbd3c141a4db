"""How many shares a size is, at the price that the card shows."""

from decimal import Decimal
from typing import Any

import pytest

from core.model.exits.plan import Distance, ExitPlan, Unit
from core.model.money import Money, Shares, Size
from core.model.proposal import Purpose
from core.rules.figures.sizing import shares_of, sized, sizes_for, why_none
from tests.builders import NOW, a_leg, a_proposal, a_second_leg, money, price


WORTH = money("100000")
ONE_PERCENT = Size(risk=Decimal(1))


def stopped(amount: str, unit: Unit = Unit.DOLLARS, **named: Any) -> Any:
    stop = Distance(amount=Decimal(amount), unit=unit)
    return a_leg(exits=ExitPlan(stop=stop), **named)


@pytest.mark.parametrize(
    ("dollars", "ask", "shares"),
    [
        ("500", "4.83", 103),
        ("500", "500", 1),
        ("500", "500.01", 0),
        ("500", "0.0001", 5_000_000),
    ],
)
def test_dollars_buy_whole_shares_rounded_down(
    dollars: str, ask: str, shares: int
) -> None:
    leg = a_leg(ask=price(ask))

    assert shares_of(Size(dollars=money(dollars)), leg, worth=None) == shares


def test_dollars_are_counted_at_the_worst_price_that_is_known() -> None:
    five = Size(dollars=money("500"))

    assert shares_of(five, a_leg(limit=price("5.00")), worth=None) == 100
    assert shares_of(five, a_leg(ask=None, reference=price("4")), worth=None) == 125


@pytest.mark.parametrize(
    ("leg", "shares"),
    [
        (stopped("0.50"), 2000),
        (stopped("10", Unit.PERCENT, ask=price("5.00")), 2000),
        (stopped("2", Unit.ATR, atr=Decimal("0.30")), 1666),
    ],
)
def test_risk_is_a_part_of_the_account_over_the_distance_to_the_stop(
    leg: Any, shares: int
) -> None:
    assert shares_of(ONE_PERCENT, leg, worth=WORTH) == shares


def test_the_nearer_of_two_stops_counts() -> None:
    near, far = (Distance(amount=Decimal(n), unit=Unit.DOLLARS) for n in ("0.5", "1"))

    leg = a_leg(exits=ExitPlan(stop=far, trail=near))

    assert shares_of(ONE_PERCENT, leg, worth=WORTH) == 2000


@pytest.mark.parametrize(
    ("leg", "worth", "why"),
    [
        (a_leg(), WORTH, "needs a stop"),
        (stopped("2", Unit.ATR), WORTH, "needs a stop"),
        (stopped("0.5"), None, "has not sent the account's value"),
        (stopped("0.5"), money("0"), "The account is worth nothing"),
        (stopped("0.5"), money("-10"), "The account is worth nothing"),
        (stopped("2", ask=price("4")), money("100"), "less than one share"),
    ],
)
def test_a_risk_that_cannot_be_worked_out_is_no_share_and_says_why(
    leg: Any, worth: Money | None, why: str
) -> None:
    assert shares_of(ONE_PERCENT, leg, worth=worth) == 0
    assert why in why_none(ONE_PERCENT, leg, worth=worth)


def test_every_leg_is_of_the_size_that_was_chosen() -> None:
    legs = sized((a_leg(), a_second_leg()), Size(dollars=money("500")), worth=None)

    assert [leg.shares for leg in legs] == [103, 18]


HUNDRED, FIFTY = Size(shares=Shares(100)), Size(shares=Shares(50))
SUMS = (Size(dollars=money("500")), Size(dollars=money("1000")))


def test_a_risk_is_offered_only_where_every_leg_has_a_stop() -> None:
    both = (stopped("0.5"), a_second_leg(exits=stopped("1").exits))

    assert sizes_for(a_proposal(), HUNDRED) == (HUNDRED, *SUMS)
    assert sizes_for(a_proposal(legs=both[:1]), FIFTY) == (FIFTY, *SUMS, ONE_PERCENT)
    assert sizes_for(a_proposal(legs=both), HUNDRED)[-1] == ONE_PERCENT


def test_a_sale_and_a_question_whether_to_wait_have_no_sizes() -> None:
    assert sizes_for(a_proposal(purpose=Purpose.SELL), HUNDRED) == ()
    assert sizes_for(a_proposal(queue_for=NOW), HUNDRED) == ()
    assert sizes_for(a_proposal(legs=()), HUNDRED) == ()
