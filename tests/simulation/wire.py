"""The orders in what a client of the TWS API writes, as the bytes go by."""

from collections.abc import Iterator
from typing import Final

from tests.simulation.cards import named


PLACE_ORDER: Final = b"3"
_PREFIX: Final = b"tb-"
_LENGTH: Final = 4
_SYMBOL: Final = 3
"""Behind the message's number, the order's id and the stock's number."""

_GREETING: Final = b"API\0"


class Wire:
    """Puts the pieces of each connection together, and reads the frames."""

    def __init__(self) -> None:
        self._rest: dict[int, bytes] = {}

    def orders_in(self, connection: int, data: bytes) -> Iterator[tuple[str, str]]:
        """The orderRef of each placeOrder that *data* completes, and what it is for; see
        ``named``."""
        rest = self._rest.get(connection, b"") + data
        rest = rest.removeprefix(_GREETING)
        while len(rest) >= _LENGTH:
            end = _LENGTH + int.from_bytes(rest[:_LENGTH])
            if len(rest) < end:
                break
            frame, rest = rest[_LENGTH:end], rest[end:]
            yield from _order_of(frame)
        self._rest[connection] = rest


def _order_of(frame: bytes) -> Iterator[tuple[str, str]]:
    fields = frame.split(b"\0")
    if fields[0] == PLACE_ORDER:
        refs = (f.decode() for f in fields if f.startswith(_PREFIX))
        side = "SELL" if b"SELL" in fields else "BUY"
        yield next(refs, "no ref"), named(fields[_SYMBOL].decode(), side)
