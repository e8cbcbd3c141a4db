"""Every client's way to say "not set" is understood; nonsense is refused."""

import math

import pytest

from core.sandbox.protocol.reading import Reader, UnreadableField


def reader(*fields: str) -> Reader:
    return Reader(("99", *fields))


@pytest.mark.parametrize(
    "unset", ["", "1.7976931348623157e+308", "1.7976931348623157E308"]
)
def test_an_unset_number_is_none_in_every_spelling(unset: str) -> None:
    read = reader(unset)

    value = read.real()

    assert value is None


@pytest.mark.parametrize("text", ["Infinite", "Infinity"])
def test_infinity_has_two_names(text: str) -> None:
    read = reader(text)

    value = read.real()

    assert value == math.inf


@pytest.mark.parametrize(
    ("text", "number"), [("", 0), ("-7", -7), ("2147483647", 2147483647)]
)
def test_a_whole_number_is_itself_and_an_empty_one_nought(
    text: str, number: int
) -> None:
    read = reader(text)

    value = read.integer()

    assert value == number


@pytest.mark.parametrize("text", ["nan", "spam", "1,5", "1_0", "٣"])
def test_a_price_that_is_no_number_is_unreadable(text: str) -> None:
    read = reader(text)

    with pytest.raises(UnreadableField):
        read.real()


@pytest.mark.parametrize("text", ["1.5", "spam", "²", "9" * 30, "2147483648"])
def test_an_id_that_is_no_whole_number_is_unreadable(text: str) -> None:
    read = reader(text)

    with pytest.raises(UnreadableField):
        read.integer()


def test_a_message_that_ends_too_early_is_unreadable() -> None:
    read = reader("1")
    read.skip(1)

    with pytest.raises(UnreadableField):
        read.text()


def test_a_contract_has_twelve_fields() -> None:
    fields = [
        "265598",
        "AAPL",
        "STK",
        "_",
        "0.0",
        "_",
        "_",
        "SMART",
        "NASDAQ",
        "USD",
        "AAPL",
        "NMS",
        "7",
    ]
    read = reader(*(each.replace("_", "") for each in fields))

    asked = read.contract()

    assert (asked.con_id, asked.exchange, asked.trading_class) == (
        265598,
        "SMART",
        "NMS",
    )
    assert read.integer() == 7
