"""The orders in what a client of the TWS API writes, as the bytes go by."""

from collections.abc import Iterator
from typing import Final


PLACE_ORDER: Final = b"3"
_PREFIX: Final = b"tb-"
_LENGTH: Final = 4
_GREETING: Final = b"API\0"


class Wire:
    """Puts the pieces of each connection together, and reads the frames."""

    def __init__(self) -> None:
        self._rest: dict[int, bytes] = {}

    def orders_in(self, connection: int, data: bytes) -> Iterator[str]:
        """The orderRef of each placeOrder that *data* completes."""
        rest = self._rest.get(connection, b"") + data
        rest = rest.removeprefix(_GREETING)
        while len(rest) >= _LENGTH:
            end = _LENGTH + int.from_bytes(rest[:_LENGTH])
            if len(rest) < end:
                break
            frame, rest = rest[_LENGTH:end], rest[end:]
            yield from _ref_of(frame)
        self._rest[connection] = rest


def _ref_of(frame: bytes) -> Iterator[str]:
    fields = frame.split(b"\0")
    if fields[0] == PLACE_ORDER:
        yield next((f.decode() for f in fields if f.startswith(_PREFIX)), "no ref")
