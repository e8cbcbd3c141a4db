"""Frames and bytes: four bytes of length, then text fields each ended by NUL.

Nothing here knows a socket or the meaning of a field. The layout is that of
TWS server versions 100 to 200: ids and values are text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


PREFIX: Final = b"API\0"
LENGTH_BYTES: Final = 4
LARGEST_FRAME: Final = 1 << 20  # no client message comes near; a wild length does
HELLO: Final = re.compile(rb"v(\d{1,6})(?:\.\.(\d{1,6}))?(?: (.*))?", re.DOTALL)


class Garbage(ValueError):
    """The bytes are not a TWS conversation; the connection must be closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """The versions a client offers, both ends included, and its options."""

    lowest: int
    highest: int
    options: str


Fields = tuple[str, ...]


def frame(fields: Fields) -> bytes:
    """Return the bytes of one message."""
    body = ("\0".join(fields) + "\0").encode()
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


class Deframer:
    """Turns a client's byte stream, however chopped, into its messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._prefix_seen = False
        self._hello_seen = False

    def feed(self, data: bytes) -> Iterator[Hello | Fields]:
        """Yield what *data* completes.

        Raises:
            Garbage: what follows can never become a message.
        """
        self._buffer += data
        if not self._prefix_seen and not self._strip_prefix():
            return
        while (body := self._next_body()) is not None:
            if self._hello_seen:
                yield split(body)
            else:
                self._hello_seen = True
                yield hello(body)

    def _strip_prefix(self) -> bool:
        start = bytes(self._buffer[: len(PREFIX)])
        if not PREFIX.startswith(start):
            raise Garbage(f"a client opens with {PREFIX!r}, not {start!r}")
        if len(start) < len(PREFIX):
            return False
        del self._buffer[: len(PREFIX)]
        self._prefix_seen = True
        return True

    def _next_body(self) -> bytes | None:
        if len(self._buffer) < LENGTH_BYTES:
            return None
        length = int.from_bytes(self._buffer[:LENGTH_BYTES], "big")
        if not 0 < length <= LARGEST_FRAME:
            raise Garbage(f"a message of {length} bytes")
        end = LENGTH_BYTES + length
        if len(self._buffer) < end:
            return None
        body = bytes(self._buffer[LENGTH_BYTES:end])
        del self._buffer[:end]
        return body


def split(body: bytes) -> Fields:
    """Return the fields of a message body; a missing last NUL is forgiven."""
    fields = body.decode(errors="backslashreplace").split("\0")
    if fields[-1] == "":
        fields.pop()
    return tuple(fields)


def hello(body: bytes) -> Hello:
    """Read the version offer, the one message that has no NUL.

    Raises:
        Garbage: it is no version offer.
    """
    match = HELLO.fullmatch(body.rstrip(b"\0"))
    if match is None:
        raise Garbage(f"no version offer: {body[:40]!r}")
    lowest, highest, options = match.groups()
    return Hello(
        lowest=int(lowest),
        highest=int(highest or lowest),
        options=(options or b"").decode(errors="backslashreplace"),
    )
