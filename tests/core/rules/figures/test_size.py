"""How large a purchase is that the owner named."""

from decimal import Decimal

import pytest

from core.model.money import Money, Shares, Size
from core.rules.figures.size import read, said, size_in, written


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", Size()),
        ("50", Size(shares=Shares(50))),
        ("1,000", Size(shares=Shares(1000))),
        ("$500", Size(dollars=Money(Decimal(500)))),
        ("1%", Size(risk=Decimal(1))),
        ("0.5 % risk", Size(risk=Decimal("0.5"))),
        ("0%", None),
        ("0.005%", None),
        ("100%", None),
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


@pytest.mark.parametrize("text", ["", "50", "$500", "1%", "0.25%", "12.5 % risk"])
def test_a_button_carries_it(text: str) -> None:
    size = size_in(text)

    assert size is not None
    assert read(written(size)) == size


@pytest.mark.parametrize("text", ["d", "r", "0", "d0", "r0", "x5", "d5.5", "5d", "-5"])
def test_what_no_button_carries_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,000", "1,000"),
        ("$1,000", "$1,000"),
        ("0.50%", "0.5% risk"),
        ("1%", "1% risk"),
    ],
)
def test_a_button_says_it(text: str, words: str) -> None:
    size = size_in(text)

    assert size is not None
    assert said(size) == words
