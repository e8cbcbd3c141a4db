"""Who answers on a port: the first two messages of the TWS protocol, and nothing more.

No session is begun (startApi is never sent), so no client id is taken and nobody who is
connected notices. The layout is that of the official client (ibapi, client.py: connect).
"""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from core.broker.texts import known_zone


OLDEST: Final = 100
NEWEST: Final = 999
"""The versions that are offered: whatever answers names the newest that it speaks."""

_LENGTH: Final = 4
_LONGEST: Final = 200
"""Bytes of an answer; the real one has about 30."""

_MOMENT: Final = re.compile(r"(\d{8} \d\d:\d\d:\d\d)\s*(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """What a TWS or IB Gateway says first: the newest version of the protocol that it
    speaks, and the moment by its own clock, as `20261123 09:41:00 EST`."""

    version: int
    moment: str

    @property
    def zone(self) -> str:
        """The time zone that it names: "" when it names none."""
        found = _MOMENT.fullmatch(self.moment)
        return found[2].strip() if found else ""

    @property
    def at(self) -> datetime | None:
        """The moment (UTC); None when its zone is no name that can be read.

        Raises:
            ValueError: its digits are no date.
        """
        found, zone = _MOMENT.fullmatch(self.moment), known_zone(self.zone)
        if found is None or zone is None:
            return None
        local = datetime.strptime(found[1], "%Y%m%d %H:%M:%S")  # noqa: DTZ007  next line
        return local.replace(tzinfo=zone).astimezone(UTC)


async def hello(host: str, port: int, *, within: float) -> Hello | None:
    """Ask who listens on *port* of *host*; None when nobody does who speaks the TWS
    protocol, or not within *within* seconds."""
    try:
        async with asyncio.timeout(within):
            return await _ask(host, port)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
        return None


async def _ask(host: str, port: int) -> Hello:
    """Raises OSError, IncompleteReadError, or ValueError for another protocol."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        offer = f"v{OLDEST}..{NEWEST}".encode()
        writer.write(b"API\0" + len(offer).to_bytes(_LENGTH, "big") + offer)
        length = int.from_bytes(await reader.readexactly(_LENGTH), "big")
        if length > _LONGEST:
            raise ValueError(length)
        version, moment, _ = (await reader.readexactly(length)).decode().split("\0")
        return Hello(version=int(version), moment=moment)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
