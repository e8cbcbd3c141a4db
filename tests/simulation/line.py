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

_RIGHT_BEHIND, _IN_TIME = 0.5, 2.0
"""Seconds between a listing and the probe of a sale by it, and its answer at the latest."""

_TOO_MANY: Final = "100"
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

    cancels: dict[str, list[float]] = field(default_factory=dict)
    """When IB was asked to cancel each order, by its id."""

    stands_since: float = -1e9
    """When the connection began, or IB said that it is back."""

    refused: set[str] = field(default_factory=set)
    """The ids of orders behind which IB has said that there were too many messages, before
    it said anything of them."""

    coded: set[str] = field(default_factory=set)
    """The ids about which IB has sent a code: it has the order, or has refused it."""

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

    slow_at: float = -1e9
    """When it last heard of IB's clock too late for what IB had listed right before."""

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
                self.cancels.setdefault(fields[2], []).append(now)
            elif fields[0] == _POSITIONS:
                self.held_asked_at = now
                self._count()
        return frames

    def _begin(self, connection: int) -> None:
        """A session is begun by startApi: who only asks for the gateway's version, as
        /health does, has none."""
        self._connection, self.stands_since = connection, self.now()
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
            self._answer()
        elif kind in {_ORDER, _STATUS}:
            self.unanswered.pop(fields[1], None)
        elif kind in {_EXECUTION, _ERROR}:
            self.unanswered.pop(fields[2], None)
            if kind == _ERROR:
                self.coded.add(fields[2])
                self._take_code(fields[3])

    def _answer(self) -> None:
        now = self.answered_at = self.now()
        is_behind = 0 <= self.probed_at - self.held_at < _RIGHT_BEHIND
        if is_behind and now - self.held_at > _IN_TIME:
            self.slow_at = now

    def _take_code(self, code: str) -> None:
        if code in _AGAIN:
            self.listed.clear()
            self.stands_since = self.now()
        elif code == _TOO_MANY:
            self.refused |= self.unanswered.keys()

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
