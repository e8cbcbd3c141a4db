"""What the auditor reads off the wire, however the bytes were packed."""

import pytest

from tests.simulation.wire import Placed, Wire


def frame(*fields: str) -> bytes:
    body = "".join(f"{each}\0" for each in fields).encode()
    return len(body).to_bytes(4) + body


SAID = (
    b"API\0"
    + frame("71", "2", "17")
    + frame("3", "41", "265598", "AAPL", "STK", "BUY", "100", "MKT", "tb-abc-1")
    + frame("49", "1")
    + frame("3", "42", "272093", "MSFT", "STK", "SELL", "7", "MKT", "tb-abc-2")
)


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_every_order_is_read_once(size: int) -> None:
    wire = Wire()
    pieces = [SAID[at : at + size] for at in range(0, len(SAID), size)]

    read = [order for piece in pieces for order in wire.orders_in(1, piece)]

    assert read == [
        Placed("tb-abc-1", "AAPL", 265598, 100),
        Placed("tb-abc-2", "SELL MSFT", 272093, 7),
    ]


def test_two_connections_do_not_mix() -> None:
    wire = Wire()
    order = frame("3", "41", "265598", "AAPL", "BUY", "100", "tb-abc-1")

    first = list(wire.orders_in(1, order[:5]))
    second = list(wire.orders_in(2, order))
    rest = list(wire.orders_in(1, order[5:]))

    read_once = [Placed("tb-abc-1", "AAPL", 265598, 100)]
    assert (first, second, rest) == ([], read_once, read_once)
