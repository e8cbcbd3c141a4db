"""Field counts at server version 178, as three released clients agree on them."""

import pytest

from core.sandbox.gateway.handlers import HANDLERS
from tests.core.sandbox.talking import (
    AAPL,
    Talker,
    a_gateway,
    contract,
    of_kind,
)


FIXED = {
    1: 7,
    2: 5,
    3: 12,
    4: 6,
    5: 135,
    6: 6,
    7: 20,
    8: 3,
    9: 3,
    10: 42,
    11: 32,
    15: 3,
    45: 5,
    46: 5,
    49: 3,
    52: 3,
    53: 2,
    54: 3,
    55: 3,
    57: 3,
    58: 4,
    59: 8,
    61: 16,
    62: 2,
    63: 7,
    64: 3,
    71: 18,
    72: 3,
    73: 8,
    74: 3,
    81: 5,
    88: 3,
    94: 5,
    95: 7,
    101: 100,
    102: 1,
}
ANSWERED_BY_SILENCE = {11, 12, 13, 14, 15, 51, 75, 98, 90}


@pytest.fixture(scope="module")
def received() -> list[tuple[str, ...]]:
    """Everything a client hears that asks for everything once."""
    talker = Talker(a_gateway()).start()
    stock = contract(AAPL)
    order = (*stock, "", "", "BUY", 10, "MKT", "", "", "GTC", "", "DU1234567", "O", 0)
    tail = ("ref", 1, *[""] * 84)
    for asked in (
        (1, 11, 1, *stock, 0, "", 1, 0, ""),
        (3, 1, *order, *tail),
        (5, 1),
        (6, 2, 1, ""),
        (7, 3, 2, 0, "", "", "", "", "", ""),
        (9, 8, 3, *stock, 0, "", "", ""),
        (20, 4, *stock, 0, "", "1 day", "2 D", 1, "TRADES", 1, 0, ""),
        (20, 5, *stock, 0, "", "1 day", "5 D", 1, "SCHEDULE", 1, 0, ""),
        (22, 6, 7, "STK", "STK.US.MAJOR", "MOST_ACTIVE", *[""] * 19),
        (49, 1),
        (61, 1),
        (62, 1, 7, "All", "NetLiquidation"),
        (74, 1, 8, "", ""),
        (76, 1, 9, "", "", 0),
        (81, 10, "MS"),
        (87, 11, *stock, 0, 1, "TRADES", 1),
        (92, 12, "", ""),
        (94, 13, "", "", AAPL),
        (99, 0),
    ):
        talker.ask(*asked)
    talker.wait(11.5)
    talker.ask(7, 3, 14, 0, "", "", "", "", "", "")
    talker.ask(74, 1, 15, "", "")
    talker.ask(99, 0)
    return talker.received


@pytest.mark.parametrize("number", FIXED)
def test_a_message_has_as_many_fields_as_its_decoders_read(
    number: int, received: list[tuple[str, ...]]
) -> None:
    found = of_kind(received, number)

    assert found
    assert {len(each) for each in found} == {FIXED[number]}


@pytest.mark.parametrize(
    ("number", "count_at", "head", "each"),
    [(17, 4, 5, 8), (20, 3, 4, 16), (106, 5, 6, 3), (79, 2, 3, 8)],
)
def test_a_message_of_rows_has_as_many_fields_as_its_rows_need(
    number: int,
    count_at: int,
    head: int,
    each: int,
    received: list[tuple[str, ...]],
) -> None:
    (found,) = of_kind(received, number)

    assert len(found) == head + each * int(found[count_at])
    assert int(found[count_at]) > 0


def test_no_field_hides_a_separator(received: list[tuple[str, ...]]) -> None:
    assert not any("\0" in field for message in received for field in message)


def test_every_request_of_the_reference_is_answered() -> None:
    asked = {1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 20, 22, 23, 24, 25, 49, 59, 61, 62, 63}
    asked |= {64, 76, 99, *ANSWERED_BY_SILENCE}

    assert asked <= set(HANDLERS)
