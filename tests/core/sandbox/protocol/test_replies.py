"""How the gateway writes numbers and other values."""

import pytest
from hypothesis import given, strategies as st

from core.sandbox.protocol.replies import UNSET, fields, number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (100.0, "100"),
        (0.0, "0"),
        (-1.0, "-1"),
        (275.45, "275.45"),
        (0.1 + 0.2, "0.3"),
        (0.0001, "0.0001"),
        (0.00000001, "0.00000001"),
        (1e17, "100000000000000000"),
        (1.7976931348623157e308, UNSET),
    ],
)
def test_numbers_are_plain_digits(value: float | None, text: str) -> None:
    assert number(value) == text


@given(value=st.floats(min_value=-1e12, max_value=1e12))
def test_a_number_reads_back_to_eight_digits_and_has_no_exponent(value: float) -> None:
    text = number(value)

    assert "e" not in text
    assert float(text) == pytest.approx(value, abs=1e-8, rel=1e-12)


def test_every_kind_of_value_has_its_text() -> None:
    assert fields(True, False, 7, 1.5, None, "x") == ("1", "0", "7", "1.5", "", "x")
