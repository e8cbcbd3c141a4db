"""How large a purchase is that the owner named."""

from decimal import Decimal

import pytest

from core.model.money import Money, Shares
from core.rules.figures.size import Size, read, size_in, written
from tests.builders import price


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", Size()),
        ("50", Size(shares=Shares(50))),
        ("1,000", Size(shares=Shares(1000))),
        ("$500", Size(dollars=Money(Decimal(500)))),
        ("0", None),
        ("$0", None),
        ("-5", None),
        ("half", None),
        ("5 5", None),
        ("1,5", None),
        ("$1,50", None),
        (",", None),
        ("9" * 10, None),
        ("\N{ARABIC-INDIC DIGIT FIVE}", None),
    ],
)
def test_what_the_owner_means(text: str, size: Size | None) -> None:
    assert size_in(text) == size


def test_dollars_buy_whole_shares_rounded_down() -> None:
    size = Size(dollars=Money(Decimal(500)))

    assert size.of(price("4.83"), otherwise=Shares(100)) == 103
    assert size.of(price("501"), otherwise=Shares(100)) == 0
    assert Size().of(price("4.83"), otherwise=Shares(100)) == 100
    assert Size(shares=Shares(7)).of(price("4.83"), otherwise=Shares(100)) == 7


@pytest.mark.parametrize("text", ["", "50", "$500"])
def test_a_button_carries_it(text: str) -> None:
    size = size_in(text)

    assert size is not None
    assert read(written(size)) == size
