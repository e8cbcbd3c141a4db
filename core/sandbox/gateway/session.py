"""One client's session as a state machine: bytes in, bytes out when they are due.

It has no sockets and no clock: its callers pass the time (UTC).
"""

from collections.abc import Hashable
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from typing import Final, TypeVar, cast

from core.sandbox.gateway.host import Host
from core.sandbox.gateway.rate import LONG_AGO, MessageRate, RateVerdict
from core.sandbox.latency import AnswerKind, Latency
from core.sandbox.protocol import replies
from core.sandbox.protocol.reading import Reader, UnreadableField, whole_number
from core.sandbox.protocol.versions import (
    OLDEST_VERSION,
    SERVER_VERSION,
    agreed,
    as_of,
)
from core.sandbox.protocol.wire import Deframer, Fields, Garbage, Hello, frame
from core.sandbox.refusal import RequestRefused
from core.sandbox.timers import Callback, Timers
from core.sandbox.trouble.faults import Action


OUT_OF_DATE: Final = 357
OUT_OF_DATE_TEXT: Final = (
    "Your client version is out of date."
    f" Please upgrade to a minimum version {OLDEST_VERSION}."
)
START_API: Final = "71"
CANNOT_PARSE: Final = 320
ID_SECOND: Final = frozenset(  # behind the message's own version
    {1, 2, 4, 7, 9, 10, 11, 21, 23, 25, 50, 51, 52, 53, 54, 55, 56, 57}
    | {62, 63, 67, 68, 69, 70, 74, 75, 76, 77},
)
ID_FIRST: Final = frozenset(
    {3, 20, 22, 78, 79, 81, 83, 84, 86, 87, 88, 89, 90, 92, 93, 94, 95, 96, 97, 98}
    | {100, 101, 102, 103, 104},
)


class Phase(Enum):
    """How far a session has come."""

    HELLO = "hello"
    VERSION_AGREED = "version agreed"
    OPEN = "open"
    CLOSED = "closed"


class ClientState:
    """What the handlers of one kind remember about one client; made when first used."""

    def lose(self) -> None:
        """Forget what is lost with code 1101; nothing, unless a subclass overrides it."""


StateT = TypeVar("StateT", bound=ClientState)


class ClientSession:
    """One client's session, from its first byte to its last."""

    def __init__(self, host: "Host[ClientSession]") -> None:
        self.phase = Phase.HELLO
        self.client_id = -1
        self.version = SERVER_VERSION
        self.now = LONG_AGO
        self._states: dict[type[ClientState], ClientState] = {}
        self._host = host
        self._inbox = Deframer()
        self._timers = Timers[Fields | list[Fields] | bytes | Callback]()
        self._rate = MessageRate()
        self._latency: Latency | None = None
        self._paced = False

    # receiving

    def receive(self, data: bytes, now: datetime) -> None:
        """Take the next bytes from the client, however they are split."""
        self.now = now
        try:
            for message in self._inbox.feed(data):
                if self.phase is Phase.CLOSED:
                    return
                self._handle(message)
        except Garbage:
            self.close()

    def _handle(self, message: Hello | Fields) -> None:
        if isinstance(message, Hello):
            self._agree(message)
        elif self.phase is Phase.VERSION_AGREED:
            self._start(message)
        elif self._paced or not self._host.rejects_over_rate:
            self._wait_for_turn(message)
        elif self._within_rate():
            self._request(message)

    def _agree(self, offer: Hello) -> None:
        version = agreed(offer.lowest, offer.highest)
        if version is None:
            self.error(replies.NOT_TIED, OUT_OF_DATE, OUT_OF_DATE_TEXT)
            self.close_when_said()
            return
        self.version = version
        self._paced = "+PACEAPI" in offer.options
        self.phase = Phase.VERSION_AGREED
        moment = self.now.strftime("%Y%m%d %H:%M:%S UTC")
        self.say(replies.fields(version, moment))

    def _start(self, message: Fields) -> None:
        if message[:1] != (START_API,):
            return  # the real one is silent before startApi, too
        passed = self._host.alter_request(self, message)
        for trouble in passed.applied:
            self._host.apply_trouble(trouble, self, message)
        for _, each in passed.messages[:1]:
            self._begin(each)

    def _begin(self, message: Fields) -> None:
        read = Reader(message)
        try:
            read.version()
            client_id = read.integer()
        except UnreadableField as problem:
            self.error(replies.NOT_TIED, CANNOT_PARSE, str(problem))
            return
        try:
            self._host.admit(self, client_id)
        except RequestRefused as refusal:
            self.error(replies.NOT_TIED, refusal.code, refusal.text)
            self.close_when_said()

    def open(self, client_id: int) -> None:
        """Mark the session as open under *client_id*."""
        self.client_id, self.phase = client_id, Phase.OPEN
        self._latency = self._host.latency(client_id)

    def _wait_for_turn(self, message: Fields) -> None:
        """Handle a message above the rate limit later; none is lost.

        As TWS does by default, with its setting "Reject messages above maximum allowed
        message rate vs applying pacing" off, and always for a client that sends
        +PACEAPI.
        """
        turn = self._rate.pace(self.now, limit=self._host.messages_a_second)
        if turn > self.now:
            self._timers.add(turn, partial(self._request, message))
        else:
            self._request(message)

    def _within_rate(self) -> bool:
        limit, rate = self._host.messages_a_second, self._rate
        verdict = rate.count(self.now, limit=limit)
        if verdict in {RateVerdict.STRIKE, RateVerdict.OUT}:
            text = (
                "Max rate of messages per second has been exceeded:"
                f" max={limit} rec={rate.in_second} ({rate.strikes})"
            )
            self.error(replies.NOT_TIED, 100, text)
        if verdict is RateVerdict.OUT:
            self.close_when_said()
        return verdict is RateVerdict.FINE

    def _request(self, message: Fields) -> None:
        passed = self._host.alter_request(self, message)
        before = [each for each in passed.applied if each.action is Action.HAPPEN]
        for trouble in before:
            self._host.apply_trouble(trouble, self, message)
        for late, each in passed.messages:
            if late:
                self._host.plan(late, partial(self.answer, each))
            elif self.phase is Phase.OPEN:
                self.answer(each)
        for trouble in passed.applied:
            if trouble not in before:
                self._host.apply_trouble(trouble, self, message)

    def answer(self, message: Fields) -> None:
        """Answer a request, or refuse it under its own id."""
        try:
            self._host.answer(self, message)
        except UnreadableField as problem:
            text = f"Error reading request. {problem}"
            self.error(request_id(message), CANNOT_PARSE, text)
        except RequestRefused as refusal:
            self.error(request_id(message), refusal.code, refusal.text)

    # sending

    def say(self, message: Fields, *, delay: float = 0.0) -> None:
        """Send *message* after *delay* seconds."""
        self._timers.add(self.now + timedelta(seconds=delay), message)

    def say_all(self, messages: list[Fields]) -> None:
        """Send *messages* now, one behind the other."""
        if messages:
            self._timers.add(self.now, messages)

    def error(self, req_id: int, code: int, text: str, *, delay: float = 0.0) -> None:
        """Send a message 4 after *delay* seconds."""
        self.say(replies.error(req_id, code, text), delay=delay)

    def say_raw(self, data: bytes) -> None:
        """Send bytes that are not a message."""
        self._timers.add(self.now, data)

    def takes(self, step: AnswerKind) -> float:
        """Draw the delay in seconds of an answer of this kind."""
        return self._latency(step) if self._latency else 0.0

    def later(
        self, seconds: float, callback: Callback, *, key: Hashable = None
    ) -> None:
        """Call *callback* after *seconds*; a later call with the same key replaces it."""
        self._timers.add(self.now + timedelta(seconds=seconds), callback, key=key)

    def forget(self, key: Hashable) -> None:
        """Remove the callback planned under *key*."""
        self._timers.forget(key)

    def planned(self, key: Hashable) -> bool:
        """Whether a callback is planned under *key*."""
        return self._timers.has(key)

    def state(self, kind: type[StateT]) -> StateT:
        """What the handlers of that kind remember about this client."""
        return cast("StateT", self._states.setdefault(kind, kind()))

    def lose_subscriptions(self) -> None:
        """Forget the subscriptions that are lost with code 1101."""
        for state in self._states.values():
            state.lose()

    # passing time

    def due(self, now: datetime) -> bytes:
        """Do what is due by *now*, and return the bytes to send."""
        self.now = max(now, self.now)
        out = bytearray()
        for timer in self._timers.due(self.now):
            self._do(timer.what, out)
        return bytes(out)

    def _do(
        self, what: Fields | list[Fields] | bytes | Callback, out: bytearray
    ) -> None:
        if isinstance(what, tuple):
            self._send(what, out)
        elif isinstance(what, list):
            self._send_all(what, out)
        elif isinstance(what, bytes):
            out += what
        else:
            what()

    def _send_all(self, messages: list[Fields], out: bytearray) -> None:
        for each in messages:
            if self.phase is not Phase.CLOSED:  # by what went wrong with one before
                self._send(each, out)

    def _send(self, message: Fields, out: bytearray) -> None:
        passed = self._host.alter_reply(self, message)
        for late, each in passed.messages:
            written = frame(as_of(self.version, each))
            if late:
                self._timers.add(self.now + timedelta(seconds=late), written)
            else:
                out += written
        for trouble in passed.applied:
            self._host.apply_trouble(trouble, self, message)

    def next_due(self) -> datetime | None:
        """When the next callback or message is due; None while nothing is pending."""
        return self._timers.next_at()

    def close_when_said(self) -> None:
        """Close once every pending message has been sent."""
        self.later(0.0, self.close)

    def close(self) -> None:
        """End the session; nothing more is read."""
        if self.phase is Phase.CLOSED:
            return
        self.phase = Phase.CLOSED
        self._host.leave(self)
        self._timers.clear()


def request_id(message: Fields) -> int:
    """The id that errors about a request carry; -1 when it has none."""
    number = message_id(message)
    at = 1 if number in ID_FIRST else 2 if number in ID_SECOND else len(message)
    found = whole_number(message[at]) if at < len(message) else None
    return replies.NOT_TIED if found is None else found


def message_id(message: Fields) -> int:
    """The number that a message begins with; 0 when it begins with something else."""
    first = message[0] if message else ""
    return int(first) if first.isdecimal() and first.isascii() and len(first) < 6 else 0  # noqa: PLR2004  ids are small
