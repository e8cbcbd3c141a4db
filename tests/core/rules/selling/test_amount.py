"""How much of a holding the owner means to sell."""

import pytest

from core.model.money import Shares
from core.rules.selling.amount import Amount, amount_in


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("", Amount()),
        ("all", Amount()),
        ("HALF", Amount(percent=50)),
        ("25%", Amount(percent=25)),
        ("100%", Amount()),
        ("1,000", Amount(shares=Shares(1000))),
        ("0", None),
        ("0%", None),
        ("101%", None),
        ("-5", None),
        ("some", None),
        ("1,5", None),
        ("12,5%", None),
        (",", None),
        ("9" * 10, None),
    ],
)
def test_what_the_owner_means(text: str, amount: Amount | None) -> None:
    assert amount_in(text) == amount


@pytest.mark.parametrize(
    ("free", "percent", "sold"),
    [(100, 25, 25), (3, 25, 1), (3, 50, 1), (1, 25, 1), (0, 100, 0), (7, 100, 7)],
)
def test_a_part_is_rounded_down_and_is_one_at_least(
    free: int, percent: int, sold: int
) -> None:
    assert Amount(percent=percent).of(Shares(free)) == sold


def test_what_was_named_is_not_cut() -> None:
    """More than can be sold is refused, and not sold in part."""
    assert Amount(shares=Shares(101)).of(Shares(100)) == 101
