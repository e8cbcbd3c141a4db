"""Splits the bytes from the socket into messages, and keeps only the newest of each
tick.

In a busy market ticks come faster than they can be decoded, and everything else
(answers, fills, the owner's commands) would wait behind them. Of the ticks that came in
one read, a later one of the same request and kind replaces the earlier; nothing else is
left out, and the order is kept."""

from collections.abc import Callable, Iterator
from typing import Final


LENGTH: Final = 4
"""Bytes before each message that give its length."""

_TICKS: Final = frozenset({"1", "2", "45", "46"})
"""The numbers of tickPrice, tickSize, tickGeneric and tickString. Behind the number come
a version, the request and the kind of the tick."""

_IDENTITY: Final = 4
"""Fields that two ticks must share for the later one to replace the earlier."""


class Conflation:
    """Takes bytes and hands on the fields of each message that is whole."""

    def __init__(
        self, hand_on: Callable[[list[str]], None], *, is_over: Callable[[], bool]
    ) -> None:
        """*hand_on* gets the fields of one message, as text; nothing once the conversation
        *is_over*."""
        self._hand_on = hand_on
        self._is_over = is_over
        self._rest = b""

    def take(self, data: bytes) -> None:
        """Take what was read from the socket."""
        newest: dict[object, list[str]] = {}
        for place, fields in enumerate(self._messages(data)):
            is_tick = fields[0] in _TICKS
            key: object = tuple(fields[:_IDENTITY]) if is_tick else place
            newest.pop(key, None)
            newest[key] = fields
        for fields in newest.values():
            if self._is_over():
                return
            del fields[-1]  # each field ends with the sign that parts them
            self._hand_on(fields)

    def _messages(self, data: bytes) -> Iterator[list[str]]:
        """Those that are whole; the rest is kept until more comes."""
        data, at = self._rest + data, 0
        last = len(data) - LENGTH
        while at <= last:
            begins = at + LENGTH
            ends = begins + int.from_bytes(data[at:begins], "big")
            if ends > len(data):
                break
            yield data[begins:ends].decode(errors="backslashreplace").split("\0")
            at = ends
        self._rest = data[at:]
