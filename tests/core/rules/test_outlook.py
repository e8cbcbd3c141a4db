"""What is known against a Yes before it is tapped, and what of the card would fit."""

from typing import Any

import pytest

from core.model.evidence import LineState
from core.model.order import OrderState
from core.rules.outlook import Outlook, outlook
from tests.builders import a_line, a_position, a_sent_order, an_account, limits, money
from tests.core.rules.asked import CLOSED_MARKET, a_supply, circumstances


def seen(**named: Any) -> Outlook:
    return outlook(circumstances(quotes={}, **named))


def test_nothing_is_known_against_it() -> None:
    assert seen() == Outlook(refused=(), fitting=(1, 2))


@pytest.mark.attack(22)
@pytest.mark.parametrize(
    "passing",
    [
        {"line": a_line(state=LineState.DOWN)},
        {"reconciled": False},
        {"market": CLOSED_MARKET},
        {"account": None},
    ],
)
def test_what_may_be_over_at_the_tap_is_said_at_the_tap(
    passing: dict[str, Any],
) -> None:
    assert seen(**passing) == Outlook(refused=(), fitting=(1, 2))


@pytest.mark.attack(22)
def test_a_halt_is_said_once_and_nothing_fits() -> None:
    found = seen(halted="/halt by Sam")

    assert found.refused == ("Trading is halted: /halt by Sam. /resume allows it.",)
    assert found.fitting == ()


@pytest.mark.attack(22)
def test_of_two_the_one_fits_that_the_funds_cover() -> None:
    """QRVX costs $483 and FDMX $2,661."""
    found = seen(account=an_account(available_funds=money("2000")))

    assert found.refused == ("$3,175 are needed; $2,000 are free.",)
    assert found.fitting == (1,)


@pytest.mark.attack(22)
def test_each_fits_alone_under_the_days_limit() -> None:
    found = seen(limits=limits(max_day=money("3000")))

    assert found.refused == (
        "$3,144 on top of $0 used today: the limit is $3,000 a day.",
    )
    assert found.fitting == (1, 2)


@pytest.mark.attack(22)
@pytest.mark.attack(26)
def test_a_stock_that_an_order_of_ours_works_in_is_named() -> None:
    working = a_sent_order(state=OrderState.ACKED)
    found = seen(working=(working,))

    assert found.refused == ("An order of ours for QRVX is still working.",)
    assert found.fitting == (2,)


@pytest.mark.attack(22)
def test_a_gateway_that_takes_no_orders_is_said_before_the_tap() -> None:
    [refused] = seen(supply=a_supply(read_only=True)).refused

    assert "Read-Only API is on" in refused


@pytest.mark.attack(22)
def test_order_ids_that_are_used_up_are_said_before_the_tap() -> None:
    [refused] = seen(supply=a_supply(ids_used_up=True)).refused

    assert "order ids have run too high" in refused


@pytest.mark.attack(26)
def test_a_stock_that_is_held_is_named_before_the_tap() -> None:
    found = seen(held=(a_position(),))

    assert found.refused == (
        "You hold 100 QRVX already; more is bought only with OPENBELL_BUY_HELD=true.",
    )
    assert found.fitting == (2,)
