"""Of the splits that shares fit, it was the one that the price fits best."""

from decimal import Decimal

import pytest

from core.rules.figures.splits import factor_in_words, split_factor, split_in_words


@pytest.mark.parametrize(
    ("before", "now", "paid", "price", "words"),
    [
        # a fraction of a share is paid out: 15 / 4 is 3 too, and so is 10 / 4 nearly 2
        ("15", "3", "10.13", "48.70", "1 for 5"),
        ("10", "2", "10.00", "49.00", "1 for 5"),
        ("15", "3", "10.13", "40.70", "1 for 4"),
        ("7", "1", "10.00", "59.00", "1 for 6"),
        ("7", "1", "10.00", "70.10", "1 for 7"),
        ("3", "30", "50.00", "5.10", "10 for 1"),
        ("1", "1", "10.00", "15.00", None),
    ],
)
def test_a_few_shares_are_of_the_split_that_the_price_fits_best(
    before: str, now: str, paid: str, price: str, words: str | None
) -> None:
    """The first that it fitted within a fifth was taken."""
    figures = (Decimal(before), Decimal(now), Decimal(paid), Decimal(price))
    assert split_in_words(*figures) == words


@pytest.mark.parametrize("many", [2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 100])
@pytest.mark.parametrize("before", [1, 2, 3, 7, 15, 57, 100])
def test_a_reverse_split_is_told_from_those_beside_it(many: int, before: int) -> None:
    now = Decimal(before // many)
    if not now:
        return
    paid, price = Decimal(10), Decimal(10 * many)

    factor = split_factor(Decimal(before), now, paid, price)

    assert factor is not None
    assert factor_in_words(factor) == f"1 for {many}"
