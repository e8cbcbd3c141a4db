"""What the auditor reads off the wire, however the bytes were packed."""

import pytest

from tests.simulation.wire import Wire


def frame(*fields: str) -> bytes:
    body = "".join(f"{each}\0" for each in fields).encode()
    return len(body).to_bytes(4) + body


SAID = (
    b"API\0"
    + frame("71", "2", "17")
    + frame("3", "41", "265598", "AAPL", "STK", "tb-abc-1")
    + frame("49", "1")
    + frame("3", "42", "272093", "MSFT", "STK", "tb-abc-2")
)


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_every_order_is_read_once(size: int) -> None:
    wire = Wire()
    pieces = [SAID[at : at + size] for at in range(0, len(SAID), size)]

    read = [order for piece in pieces for order in wire.orders_in(1, piece)]

    assert read == [("tb-abc-1", "AAPL"), ("tb-abc-2", "MSFT")]


def test_two_connections_do_not_mix() -> None:
    wire = Wire()
    order = frame("3", "41", "265598", "AAPL", "tb-abc-1")

    first = list(wire.orders_in(1, order[:5]))
    second = list(wire.orders_in(2, order))
    rest = list(wire.orders_in(1, order[5:]))

    read_once = [("tb-abc-1", "AAPL")]
    assert (first, second, rest) == ([], read_once, read_once)
