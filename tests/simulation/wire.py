"""The orders in the bytes that a client of the TWS API writes."""

from collections.abc import Iterator
from typing import Final

from core.sandbox.protocol.placing import read_placing, ticket
from core.sandbox.protocol.reading import Reader
from core.sandbox.trading.tickets import OrderTicket
from tests.simulation.cards import named


PLACE_ORDER: Final = "3"
_LENGTH: Final = 4
_GREETING: Final = b"API\0"
_VERSION: Final = 178
"""What the bot's client and the gateway agree on."""

_EXITS: Final = {
    "STP": "stop",
    "TRAIL": "trailing stop",
    "LMT": "target",
}
"""Sales of these types wait at IB for a price."""

TIMED: Final = "timed exit"


def exit_kind(order: OrderTicket) -> str:
    """The kind of exit of a sale, as cards name it; empty for an order that is no exit."""
    if order.action != "SELL":
        return ""
    return TIMED if order.tif == "DAY" else _EXITS.get(order.order_type, "")


class Placed:
    """A placeOrder: the ticket, its stock's symbol, and its name (see ``named``)."""

    def __init__(self, order: OrderTicket, symbol: str) -> None:
        self.ticket, self.symbol = order, symbol
        self.ref, self.con_id, self.shares = (
            order.order_ref or "no ref",
            order.con_id,
            order.quantity,
        )
        self.exit = exit_kind(order)
        self.name = named(symbol, "EXIT" if self.exit else order.action)

    @property
    def sells(self) -> bool:
        return self.ticket.action == "SELL"


class Frames:
    """Joins the pieces of each connection into messages."""

    def __init__(self) -> None:
        self._rest: dict[int, bytes] = {}

    def read(self, connection: int, data: bytes) -> Iterator[tuple[str, ...]]:
        """The fields of each message that *data* completes."""
        rest = self._rest.get(connection, b"") + data
        rest = rest.removeprefix(_GREETING)
        while len(rest) >= _LENGTH:
            end = _LENGTH + int.from_bytes(rest[:_LENGTH])
            if len(rest) < end:
                break
            frame, rest = rest[_LENGTH:end], rest[end:]
            yield tuple(frame.decode(errors="replace").split("\0"))
        self._rest[connection] = rest


def order_of(fields: tuple[str, ...]) -> Placed | None:
    """The order that a message places, or asks about (``what_if``); None for any other
    message.
    """
    if fields[0] != PLACE_ORDER:
        return None
    placing = read_placing(Reader(fields[:-1]), _VERSION)
    contract = placing.contract
    order = ticket(placing, con_id=contract.con_id, client_id=0)
    return Placed(order, contract.symbol)
