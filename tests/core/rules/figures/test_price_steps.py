"""A price that IB takes is a multiple of the step that holds there."""

import pytest

from core.model.money import PriceStep
from core.rules.figures.price_steps import rounded_down, rounded_up, step_at
from tests.builders import price


RULE = (
    PriceStep(above=price("0"), step=price("0.0001")),
    PriceStep(above=price("1"), step=price("0.005")),
    PriceStep(above=price("10"), step=price("0.25")),
)


@pytest.mark.parametrize(
    ("at", "down", "up"),
    [
        ("0.99994", "0.9999", "1.000"),
        ("0.99999", "0.9999", "1.000"),
        ("1", "1.000", "1.000"),
        ("4.8301", "4.830", "4.835"),
        ("4.835", "4.835", "4.835"),
        ("9.9999", "9.995", "10.00"),
        ("10.01", "10.00", "10.25"),
    ],
)
def test_a_price_is_rounded_to_the_step_that_holds_there(
    at: str, down: str, up: str
) -> None:
    assert rounded_down(price(at), RULE) == price(down)
    assert rounded_up(price(at), RULE) == price(up)


def test_a_step_that_nobody_knows_is_not_assumed() -> None:
    above_a_dollar = RULE[1:]

    assert step_at(price("0.5"), above_a_dollar) is None
    assert rounded_up(price("0.5"), above_a_dollar) is None
    assert rounded_down(price("4.83"), ()) is None


def test_no_price_is_rounded_down_to_nothing() -> None:
    assert rounded_down(price("0.00005"), RULE) is None
