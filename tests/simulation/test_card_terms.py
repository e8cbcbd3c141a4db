"""The owner reads from a card how its orders are priced."""

from tests.simulation.card_terms import limits_on, terms_on


ONE = "Buy 100 AVLZ?\nlimit order, at most 4.86, good till cancelled"
TWO = (
    "Yes: buy 100 AVLZ and 100 LLNX\n"
    "limit order, AVLZ at most 4.86 and LLNX at most 1,023.13, good till cancelled"
)
OPEN = "Queue: buy 100 AVLZ\nlimit order for the open, at most 4.96 (2.9% above the card's 4.82): IB cancels what that does not fill"


def test_the_limit_of_one_stock_stands_behind_the_line_that_asks() -> None:
    assert list(limits_on(ONE)) == [("AVLZ", 4.86)]


def test_of_two_each_limit_has_its_stock_before_it() -> None:
    assert list(limits_on(TWO)) == [("AVLZ", 4.86), ("LLNX", 1023.13)]


def test_the_terms_are_those_that_the_card_names() -> None:
    assert terms_on(ONE) == {("GTC", "LMT")}
    assert terms_on(OPEN) == {("OPG", "LMT")}
    assert terms_on("Buy 100 AVLZ?\nmarket order, good till cancelled") == {
        ("GTC", "MKT")
    }
