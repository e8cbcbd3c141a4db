"""One client's conversation as a state machine: bytes in, bytes out when they are due.

No sockets and no clock: who holds the session says what time it is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Final, Protocol, TypeVar, cast

from core.sandbox import replies
from core.sandbox.faults import Action, Passed, Trouble
from core.sandbox.latency import Latency, Step
from core.sandbox.reading import Reader, Unreadable
from core.sandbox.wire import Deframer, Fields, Garbage, Hello, frame


SERVER_VERSION: Final = 178
START_API: Final = 71
PLACE_ORDER: Final = "3"
STRIKES: Final = 3
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)
CANNOT_PARSE: Final = 320


class Phase(Enum):
    """How far a conversation has come."""

    HELLO = "hello"
    VERSION_AGREED = "version agreed"
    OPEN = "open"
    CLOSED = "closed"


class Host(Protocol):
    """What a session needs from the gateway it belongs to."""

    @property
    def messages_a_second(self) -> int:
        """How many messages a client may send within one second."""

    def admit(self, session: "Session", client_id: int) -> bool:
        """Let the client in; False when the id is in use."""

    def leave(self, session: "Session") -> None:
        """Forget the client."""

    def latency(self, client_id: int) -> Latency:
        """Return the delays of this client's answers."""

    def bend_request(self, message: Fields) -> Passed:
        """Let the scenario see a request."""

    def bend_reply(self, message: Fields) -> Passed:
        """Let the scenario see a reply."""

    def strike(self, trouble: Trouble, session: "Session", message: Fields) -> None:
        """Do what *trouble* does beyond the message itself."""

    def answer(self, session: "Session", message: Fields) -> None:
        """Answer a request.

        Raises:
            Unreadable: a field does not hold what its place demands.
        """


class Memo:
    """What one desk remembers about one client; made when first asked for."""

    def lose(self) -> None:
        """Forget what is lost with code 1101; nothing, unless a desk says so."""


MemoT = TypeVar("MemoT", bound=Memo)
Deed = Callable[[], None]


@dataclass(order=True, slots=True)
class _Due:
    at: datetime
    turn: int
    what: Fields | Deed = field(compare=False)
    key: object = field(compare=False, default=None)


class Session:
    """One client, from its first byte to its last."""

    def __init__(self, host: Host) -> None:
        self.phase = Phase.HELLO
        self.client_id = -1
        self.now = LONG_AGO
        self._memos: dict[type[Memo], Memo] = {}
        self._host = host
        self._inbox = Deframer()
        self._due: list[_Due] = []
        self._turns = count()
        self._timers: dict[object, _Due] = {}
        self._floors: dict[object, datetime] = {}
        self._latency: Latency | None = None
        self._strikes = 0
        self._window = LONG_AGO
        self._in_window = 0
        self._paced = False

    # hearing

    def receive(self, data: bytes, now: datetime) -> None:
        """Take the next bytes of the client, in whatever pieces they come."""
        self.now = now
        try:
            for message in self._inbox.feed(data):
                if self.phase is Phase.CLOSED:
                    return
                self._hear(message)
        except Garbage:
            self.close()

    def _hear(self, message: Hello | Fields) -> None:
        if isinstance(message, Hello):
            self._agree(message)
        elif self.phase is Phase.VERSION_AGREED:
            self._start(message)
        elif self._within_rate():
            self._request(message)

    def _agree(self, offer: Hello) -> None:
        if not offer.lowest <= SERVER_VERSION <= offer.highest:
            self.close()
            return
        self._paced = "+PACEAPI" in offer.options
        self.phase = Phase.VERSION_AGREED
        moment = self.now.strftime("%Y%m%d %H:%M:%S UTC")
        self.say(replies.fields(SERVER_VERSION, moment))

    def _start(self, message: Fields) -> None:
        if message[:1] != (str(START_API),):
            return  # the real one is silent before startApi, too
        read = Reader(message)
        try:
            read.version()
            client_id = read.integer()
        except Unreadable as problem:
            self.error(replies.NOT_TIED, CANNOT_PARSE, str(problem))
            return
        if not self._host.admit(self, client_id):
            text = (
                "Unable to connect as the client id is already in use."
                " Retry with a unique client id."
            )
            self.error(replies.NOT_TIED, 326, text)
            self.close_when_said()

    def open(self, client_id: int) -> None:
        """Mark the conversation as begun under *client_id*."""
        self.client_id, self.phase = client_id, Phase.OPEN
        self._latency = self._host.latency(client_id)

    def _within_rate(self) -> bool:
        if self.now - self._window >= SECOND:
            self._window, self._in_window = self.now, 0
        self._in_window += 1
        over = self._in_window - self._host.messages_a_second
        if over <= 0 or self._paced:
            return True
        if over == 1:
            self._strikes += 1
            limit = self._host.messages_a_second
            text = (
                "Max rate of messages per second has been exceeded:"
                f" max={limit} rec={self._in_window} ({self._strikes})"
            )
            self.error(replies.NOT_TIED, 100, text)
            if self._strikes >= STRIKES:
                self.close_when_said()
        return False

    def _request(self, message: Fields) -> None:
        passed = self._host.bend_request(message)
        for late, each in passed.messages:
            if late:
                self.later(late, partial(self._answer, each))
            else:
                self._answer(each)
        for trouble in passed.struck:
            self._host.strike(trouble, self, message)

    def _answer(self, message: Fields) -> None:
        try:
            self._host.answer(self, message)
        except Unreadable as problem:
            text = f"Error reading request. {problem}"
            self.error(request_id(message), CANNOT_PARSE, text)

    # speaking

    def say(
        self, message: Fields, *, delay: float = 0.0, channel: object = None
    ) -> None:
        """Send *message* after *delay* seconds, never before its channel's last one."""
        passed = self._host.bend_reply(message)
        for late, each in passed.messages:
            due = self._due_at(delay + late, None if late else channel)
            heappush(self._due, _Due(due, next(self._turns), each))
        for trouble in passed.struck:
            wait = self._floors.get(channel, self.now) - self.now
            self._strike_later(wait.total_seconds(), trouble, message)

    def _strike_later(self, seconds: float, trouble: Trouble, message: Fields) -> None:
        if trouble.action in {
            Action.CUT,
            Action.FREEZE,
            Action.CUT_BEFORE,
            Action.NOTE,
        }:
            self.later(seconds, lambda: self._host.strike(trouble, self, message))

    def error(
        self,
        req_id: int,
        code: int,
        text: str,
        *,
        delay: float = 0.0,
        channel: object = None,
    ) -> None:
        """Send a message 4."""
        message = replies.error(req_id, code, text)
        self.say(message, delay=delay, channel=channel)

    def takes(self, step: Step) -> float:
        """Draw how many seconds an answer of this kind takes."""
        return self._latency(step) if self._latency else 0.0

    def later(self, seconds: float, deed: Deed, *, key: object = None) -> None:
        """Do *deed* after *seconds*; a later deed with the same key replaces it."""
        due = _Due(self._due_at(seconds, None), next(self._turns), deed, key)
        if key is not None:
            self._timers[key] = due
        heappush(self._due, due)

    def forget(self, key: object) -> None:
        """Do not do what was planned under *key*."""
        self._timers.pop(key, None)

    def planned(self, key: object) -> bool:
        """Whether a deed is planned under *key*."""
        return key in self._timers

    def memo(self, kind: type[MemoT]) -> MemoT:
        """Return what a desk remembers about this client."""
        return cast("MemoT", self._memos.setdefault(kind, kind()))

    def lose_subscriptions(self) -> None:
        """Forget what is lost with code 1101."""
        for memo in self._memos.values():
            memo.lose()

    def _due_at(self, delay: float, channel: object) -> datetime:
        due = self.now + timedelta(seconds=delay)
        if channel is None:
            return due
        due = max(due, self._floors.get(channel, due))
        self._floors[channel] = due
        return due

    # passing time

    def due(self, now: datetime) -> bytes:
        """Do what has become due by *now*, and return the bytes to send."""
        self.now = max(now, self.now)
        out = bytearray()
        while self._due and self._due[0].at <= self.now:
            each = heappop(self._due)
            if isinstance(each.what, tuple):
                out += frame(each.what)
            elif each.key is None or self._timers.get(each.key) is each:
                self._timers.pop(each.key, None)
                each.what()
        if len(self._floors) > 1000:  # noqa: PLR2004  channels of long ago
            self._floors = {k: at for k, at in self._floors.items() if at > self.now}
        return bytes(out)

    def next_due(self) -> datetime | None:
        """Return when there will be something to do or to say."""
        return self._due[0].at if self._due else None

    def close_when_said(self) -> None:
        """Close once everything said so far is out."""
        self.later(0.0, self.close)

    def close(self) -> None:
        """End the conversation; nothing more is heard."""
        if self.phase is Phase.CLOSED:
            return
        self.phase = Phase.CLOSED
        self._host.leave(self)
        self._timers.clear()
        self._due.clear()


def request_id(message: Fields) -> int:
    """Guess the request id of a message that could not be read."""
    for each in message[1:3][::-1] if message[:1] != (PLACE_ORDER,) else message[1:2]:
        if each.isdecimal() and len(each) < 10:  # noqa: PLR2004  ids have 31 bits
            return int(each)
    return replies.NOT_TIED


def message_id(message: Fields) -> int:
    """Return the id a message begins with; 0 when it begins with something else."""
    first = message[0] if message else ""
    return int(first) if first.isdecimal() and first.isascii() and len(first) < 6 else 0  # noqa: PLR2004  ids are small
