"""What the bot has asked IB over its present connection, and what it has received.

Read from the bytes that it writes and receives.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from tests.simulation.wire import PLACE_ORDER, Frames


_LISTED: Final = {
    "53": "open orders",
    "102": "completed orders",
    "55": "executions",
    "62": "positions",
}
"""Messages that end a listing of IB's."""

_VERSIONS: Final = "v"
"""What a client offers begins so: the gateway answers it before there are messages."""

_PROBE, _TIME = "49", "49"
_ORDER, _STATUS, _EXECUTION, _ERROR = "5", "3", "11", "4"
_PROFIT, _STEPS = "94", "93"
_AGAIN: Final = frozenset({"1101", "1102"})
"""IB is back: whatever was listed before does not count any more."""

_TOO_OFTEN: Final = 90
"""Questions for positions in one minute that nobody needs."""

_POSITIONS, _CANCEL = "61", "4"


@dataclass(slots=True)
class Line:
    """The connection of one bot. Times are in seconds of the event loop."""

    now: Callable[[], float]
    wrong: Callable[[str], None]
    day: Callable[[], date] = lambda: date.min
    """New York's date now."""

    compared_on: date = date.min
    """That of the last comparison: nothing else asks for what has ended."""

    cancel_asked_at: dict[str, float] = field(default_factory=dict)
    """When IB was first asked to cancel each order, by its id."""

    listed: set[str] = field(default_factory=set)
    """Which listings have come to their end since the line stood."""

    unanswered: dict[str, float] = field(default_factory=dict)
    """When each order left of which IB has said nothing yet, by its id."""

    probed_at: float = -1e9
    answered_at: float = -1e9
    """When the bot asked for IB's clock last, and when it last heard of it."""

    held_asked_at: float = -1e9
    held_at: float = -1e9
    """When the bot asked what is held, last, and when it had heard all of that."""

    day_loss: float | None = None
    """Dollars that the account has lost today, as IB has said over this connection."""

    has_price_steps: bool = False
    """IB has named a list of price steps, over any connection."""

    _connection: int = 0
    _recent: list[float] = field(default_factory=list)
    _asked: list[float] = field(default_factory=list)
    _said: Frames = field(default_factory=Frames)
    _received: Frames = field(default_factory=Frames)

    @property
    def is_compared(self) -> bool:
        return self.listed == set(_LISTED.values())

    def writes(self, connection: int, data: bytes) -> list[tuple[str, ...]]:
        """Take bytes that the bot has written; returns the messages they complete."""
        frames = list(self._said.read(connection, data))
        now = self.now()
        messages = [now for fields in frames if not fields[0].startswith(_VERSIONS)]
        if messages and connection != self._connection:
            self._begin(connection)
        self._recent = [at for at in self._recent if now - at < 1] + messages
        for fields in frames:
            if fields[0] == _PROBE:
                self.probed_at = self.now()
            elif fields[0] == _CANCEL:
                self.cancel_asked_at.setdefault(fields[2], now)
            elif fields[0] == _POSITIONS:
                self.held_asked_at = now
                self._count()
        return frames

    def _begin(self, connection: int) -> None:
        """A session is begun by startApi: who only asks for the gateway's version, as
        /health does, has none."""
        self._connection = connection
        self.day_loss = None
        self.listed.clear()
        self.unanswered.clear()
        self._recent.clear()

    def rate(self) -> int:
        """Messages sent over this connection in the last second, as the gateway counts
        them: the first is startApi.
        """
        return len(self._recent)

    def sent(self, order_id: str) -> None:
        """Record that an order with that id was sent."""
        self.unanswered[order_id] = self.now()

    def receives(self, connection: int, data: bytes) -> None:
        """Take bytes that the bot has read."""
        for fields in self._received.read(connection, data):
            if connection == self._connection and fields:
                self._receive(fields)

    def _receive(self, fields: tuple[str, ...]) -> None:
        kind = fields[0]
        if kind == _PROFIT:
            self.day_loss = -float(fields[2])
        self.has_price_steps |= kind == _STEPS
        if kind in _LISTED:
            self._list(_LISTED[kind])
        elif kind == _TIME:
            self.answered_at = self.now()
        elif kind in {_ORDER, _STATUS}:
            self.unanswered.pop(fields[1], None)
        elif kind in {_EXECUTION, _ERROR}:
            self.unanswered.pop(fields[2], None)
            if kind == _ERROR and fields[3] in _AGAIN:
                self.listed.clear()

    def _list(self, what: str) -> None:
        """A listing has come to its end."""
        self.listed.add(what)
        if what == "completed orders":
            self.compared_on = self.day()
        if what == "positions":
            self.held_at = self.now()

    def _count(self) -> None:
        now = self.now()
        self._asked = [at for at in self._asked if now - at < 60] + [now]
        if len(self._asked) > _TOO_OFTEN:
            self.wrong("IB was asked for positions over and over again")


def order_id_of(fields: tuple[str, ...]) -> str:
    """The id of the order that a placeOrder is about; empty for other messages."""
    return fields[1] if fields[0] == PLACE_ORDER else ""
