"""Reads answers that a proxy on the way packed, though none was asked for.

Tested by tests/bot/bot_api/test_client.py.
"""

import json
import zlib
from contextlib import suppress
from http import HTTPStatus
from typing import Final

from bot.bot_api.answers import LARGEST_ANSWER


_BEGINNINGS: Final = (b"\x1f\x8b", b"\x78")
"""How gzip (RFC 1952) and deflate (RFC 1950) begin, and no answer that is not packed."""

_EITHER: Final = zlib.MAX_WBITS | 32
"""zlib finds out which of the two it is."""

_PLAIN: Final = (b"{", b"<")
"""How answers begin that are not packed, whatever their header says."""


def unpacked(body: bytes, encoding: str) -> bytes:
    """*body* as it was packed, to a little more than LARGEST_ANSWER, since some kilobytes
    can become gigabytes; *encoding* is its Content-Encoding. What is packed in another way
    becomes a refusal that says so."""
    if body.startswith(_BEGINNINGS):
        with suppress(zlib.error):
            return _begun(body) or _cannot_be_unpacked(encoding)
    if encoding in {"", "identity"} or body.lstrip().startswith(_PLAIN) or not body:
        return body
    return _cannot_be_unpacked(encoding)


def _begun(body: bytes) -> bytes:
    """What can be unpacked of it, which may have been cut off. Raises zlib.error."""
    return zlib.decompressobj(wbits=_EITHER).decompress(body, LARGEST_ANSWER + 1)


def _cannot_be_unpacked(encoding: str) -> bytes:
    words = (
        f"A proxy on the way sent what is packed as {encoding[:20]}, which was not asked "
        "for, so there is no answer of the Bot API's"
    )
    code = int(HTTPStatus.BAD_GATEWAY)
    refusal = {"ok": False, "error_code": code, "description": words}
    return json.dumps(refusal).encode()
