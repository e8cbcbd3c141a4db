"""What the owner may write for an exit plan."""

from decimal import Decimal

import pytest

from core.model.exits.plan import NO_EXITS, Distance, ExitPlan, Unit
from core.rules.exits.written import distance_in, plan_in


FIVE_PERCENT = Distance(amount=Decimal(5), unit=Unit.PERCENT)


@pytest.mark.parametrize(
    ("text", "distance"),
    [
        ("5%", FIVE_PERCENT),
        ("2.5 %", Distance(amount=Decimal("2.5"), unit=Unit.PERCENT)),
        ("0.50", Distance(amount=Decimal("0.50"), unit=Unit.DOLLARS)),
        ("$0.50", Distance(amount=Decimal("0.50"), unit=Unit.DOLLARS)),
        ("2atr", Distance(amount=Decimal(2), unit=Unit.ATR)),
        ("1.5 ATR", Distance(amount=Decimal("1.5"), unit=Unit.ATR)),
    ],
)
def test_a_distance_is_percent_dollars_or_ranges(text: str, distance: Distance) -> None:
    assert distance_in(text) == distance


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "0%",
        "-5%",
        "96%",
        "51atr",
        "$5%",
        "5 %%",
        "five",
        "1e3",
        "\u0665%",
        "5,5",
    ],
)
def test_what_is_no_distance_is_not_guessed_at(text: str) -> None:
    assert distance_in(text) is None


def test_a_plan_names_each_exit_once() -> None:
    assert plan_in("stop 5% target 10%") == ExitPlan(
        stop=FIVE_PERCENT, target=Distance(amount=Decimal(10), unit=Unit.PERCENT)
    )
    assert plan_in("trail 5%, close 2") == ExitPlan(trail=FIVE_PERCENT, sessions=2)
    assert plan_in("none") == plan_in("OFF") == NO_EXITS
    assert plan_in("trailing 5%") == plan_in("trail 5%")
    assert plan_in("profit 5%") == ExitPlan(target=FIVE_PERCENT)
    assert plan_in("close 250") == ExitPlan(sessions=250)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "stop",
        "stop 5% stop 4%",
        "trail 3% trailing 2%",
        "stop 5% loss 3%",
        "stop none",
        "close 0",
        "close 1.5",
        "close 251",
        "5%",
    ],
)
def test_a_plan_that_is_not_clear_is_none(text: str) -> None:
    assert plan_in(text) is None
