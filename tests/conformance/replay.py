"""Says once more, without sockets or clocks, what a client has said to a gateway.

As a program it reads the words from standard input and prints a digest of the answers:
``python -m tests.conformance.replay SEED SCENARIO``.
"""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from core.sandbox.gateway.handlers import new_gateway
from core.sandbox.trouble.scenarios import LIBRARY
from tests.conformance.wiretap import LENGTH
from tests.harness.client import MID_MORNING, USUAL


PREFIX: Final = b"API\0"
BEAT: Final = timedelta(seconds=0.25)
BEATS: Final = 8  # after each thing said


def frames(spoken: bytes) -> Iterator[bytes]:
    """Cut what a client said into its messages, the hello first."""
    start, read = 0, len(PREFIX)
    while read < len(spoken):
        size = int.from_bytes(spoken[read : read + LENGTH], "big")
        read += LENGTH + size
        yield spoken[start:read]
        start = read


def replay(spoken: bytes, *, seed: int, scenario: str) -> bytes:
    """Say it to a fresh gateway, one message every two seconds; return its answers."""
    config = replace(USUAL, seed=seed, scenario=LIBRARY[scenario])
    gateway, now = new_gateway(config), MID_MORNING
    session = gateway.connect(now)
    if session is None:
        return b""
    answered = bytearray()
    for each in frames(spoken):
        session.receive(each, now)
        for _ in range(BEATS):
            gateway.advance(now)
            answered += session.due(now)
            now += BEAT
    return bytes(answered)


def digest(answered: bytes) -> str:
    """Return a text that stands for these bytes and no others."""
    return hashlib.sha256(answered).hexdigest()


if __name__ == "__main__":
    received = replay(
        sys.stdin.buffer.read(), seed=int(sys.argv[1]), scenario=sys.argv[2]
    )
    sys.stdout.write(digest(received))
