"""What comes in from the socket, cut into messages; of ticks only the newest.

In a busy market ticks come faster than they can be decoded one by one, and all else (an
answer, a fill, the owner's next word) would wait behind them. Of those that came in one
read, a later one of the same request and kind replaces the earlier; nothing else is left
out, and the order of what stays is the order in which it came.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final


_LENGTH: Final = 4
"""Bytes in front of each message that say how long it is."""

_TICKS: Final = (b"1\0", b"2\0", b"45\0", b"46\0")
"""How tickPrice, tickSize, tickGeneric and tickString begin. Behind the number come a
version, the request and the kind of the tick."""

_TOGETHER: Final = 32
"""Messages that are handed on in one piece: for each, ib_async copies what is left."""

_IDENTITY: Final = 4
"""Fields that two ticks must share for the later one to replace the earlier."""


class Conflation:
    """Takes bytes and hands messages on, whole and with their length in front."""

    def __init__(
        self, hand_on: Callable[[bytes], None], *, is_over: Callable[[], bool]
    ) -> None:
        """Once the conversation *is_over* nothing of it is handed on."""
        self._hand_on = hand_on
        self._is_over = is_over
        self._rest = b""

    def take(self, data: bytes) -> None:
        """Take what was read from the socket."""
        messages = iter(_newest(self._messages(data)))
        while some := b"".join(islice(messages, _TOGETHER)):
            if self._is_over():
                return
            self._hand_on(some)

    def _messages(self, data: bytes) -> Iterator[bytes]:
        """Those that are whole; the rest is kept until more comes."""
        data, at = self._rest + data, 0
        while (ends := _end(data, at)) is not None:
            yield data[at:ends]
            at = ends
        self._rest = data[at:]


def _end(data: bytes, at: int) -> int | None:
    """Where the message that begins at *at* ends; None when it is not whole."""
    begins = at + _LENGTH
    ends = begins + int.from_bytes(data[at:begins], "big")
    return ends if begins <= len(data) and ends <= len(data) else None


def _newest(messages: Iterable[bytes]) -> Iterable[bytes]:
    kept: dict[object, bytes] = {}
    for place, message in enumerate(messages):
        if message.startswith(_TICKS, _LENGTH):
            key: object = tuple(message[_LENGTH:].split(b"\0", _IDENTITY)[:_IDENTITY])
            kept.pop(key, None)
            kept[key] = message
        else:
            kept[place] = message
    return kept.values()
