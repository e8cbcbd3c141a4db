"""The orders in what a client of the TWS API writes, as the bytes go by."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from tests.simulation.cards import named


PLACE_ORDER: Final = b"3"
_PREFIX: Final = b"tb-"
_LENGTH: Final = 4
_CON_ID, _SYMBOL = 2, 3
"""Behind the message's number and the order's id."""

_GREETING: Final = b"API\0"


class Placed(NamedTuple):
    """A placeOrder: its ref, what such orders are called (see ``named``), the stock's
    number, and how many shares."""

    ref: str
    name: str
    con_id: int
    shares: float

    @property
    def sells(self) -> bool:
        return self.name.startswith("SELL ")


class Wire:
    """Puts the pieces of each connection together, and reads the frames."""

    def __init__(self) -> None:
        self._rest: dict[int, bytes] = {}

    def orders_in(self, connection: int, data: bytes) -> Iterator[Placed]:
        """Each placeOrder that *data* completes."""
        rest = self._rest.get(connection, b"") + data
        rest = rest.removeprefix(_GREETING)
        while len(rest) >= _LENGTH:
            end = _LENGTH + int.from_bytes(rest[:_LENGTH])
            if len(rest) < end:
                break
            frame, rest = rest[_LENGTH:end], rest[end:]
            yield from _order_of(frame)
        self._rest[connection] = rest


def _order_of(frame: bytes) -> Iterator[Placed]:
    fields = frame.split(b"\0")
    if fields[0] == PLACE_ORDER:
        refs = (f.decode() for f in fields if f.startswith(_PREFIX))
        side = "SELL" if b"SELL" in fields else "BUY"
        yield Placed(
            ref=next(refs, "no ref"),
            name=named(fields[_SYMBOL].decode(), side),
            con_id=int(fields[_CON_ID]),
            shares=float(fields[fields.index(side.encode()) + 1]),
        )
