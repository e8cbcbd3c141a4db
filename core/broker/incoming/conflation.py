"""What comes in from the socket, cut into messages; of ticks only the newest.

In a busy market ticks come faster than they can be decoded one by one, and all else (an
answer, a fill, the owner's next word) would wait behind them. Of those that came in one
read, a later one of the same request and kind replaces the earlier; nothing else is left
out, and the order of what stays is the order in which it came.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final


LENGTH: Final = 4
"""Bytes in front of each message that say how long it is."""

_TICKS: Final = (b"1\0", b"2\0", b"45\0", b"46\0")
"""How tickPrice, tickSize, tickGeneric and tickString begin. Behind the number come a
version, the request and the kind of the tick."""

_IDENTITY: Final = 4
"""Fields that two ticks must share for the later one to replace the earlier."""


class Conflation:
    """Takes bytes and hands messages on, each whole and with its length in front."""

    def __init__(
        self, hand_on: Callable[[bytes], None], *, is_over: Callable[[], bool]
    ) -> None:
        """Once the conversation *is_over* nothing of it is handed on."""
        self._hand_on = hand_on
        self._is_over = is_over
        self._rest = b""

    def take(self, data: bytes) -> None:
        """Take what was read from the socket."""
        for message in _newest(self._messages(data)):
            if self._is_over():
                return
            self._hand_on(message)

    def _messages(self, data: bytes) -> Iterator[bytes]:
        """Those that are whole; the rest is kept until more comes."""
        data, at = self._rest + data, 0
        last = len(data) - LENGTH
        while at <= last:
            ends = at + LENGTH + int.from_bytes(data[at : at + LENGTH], "big")
            if ends > len(data):
                break
            yield data[at:ends]
            at = ends
        self._rest = data[at:]


def _newest(messages: Iterable[bytes]) -> Iterable[bytes]:
    kept: dict[object, bytes] = {}
    for place, message in enumerate(messages):
        if message.startswith(_TICKS, LENGTH):
            *identity, _value = message[LENGTH:].split(b"\0", _IDENTITY)
            key: object = tuple(identity)
            kept.pop(key, None)
            kept[key] = message
        else:
            kept[place] = message
    return kept.values()
