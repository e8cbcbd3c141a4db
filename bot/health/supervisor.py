"""Tells systemd that the bot is ready, its status, and that its event loop runs.

The protocol is that of sd_notify(3): datagrams of NAME=value lines to the socket that
NOTIFY_SOCKET names. Without one nothing is sent.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot.health.readings import HealthReadings


_log: Final = logging.getLogger(__name__)

USUALLY: Final = 30.0
"""Seconds between two status messages, unless the watchdog needs them more often."""

SOON: Final = 2.0
"""The same while it is not ready, since the owner may have just started it."""


def notify(
    words: Mapping[str, str], environment: Mapping[str, str] = os.environ
) -> bool:
    """Send *words* to the supervisor. Returns whether there is one; never raises."""
    name = environment.get("NOTIFY_SOCKET", "")
    if name[:1] not in {"/", "@"}:
        return False
    address = f"\0{name[1:]}" if name.startswith("@") else name
    told = "\n".join(f"{each}={value}" for each, value in words.items())
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.setblocking(False)
            out.sendto(told.encode(), address)
    except OSError as problem:
        _log.warning("systemd was not told: %s", problem.strerror)
    return True


def pause(environment: Mapping[str, str] = os.environ) -> float:
    """Seconds between two watchdog messages: half of the watchdog's timeout
    (WATCHDOG_USEC, sd_watchdog_enabled(3))."""
    microseconds = environment.get("WATCHDOG_USEC", "")
    if not microseconds.isdigit() or int(microseconds) == 0:
        return USUALLY
    return min(USUALLY, int(microseconds) / 2e6)


async def keep_alive() -> None:
    """Send watchdog messages for as long as the process lives, and at its end that it
    stops; returns at once without a supervisor."""
    try:
        while notify({"WATCHDOG": "1"}):  # noqa: ASYNC110  time itself is waited for
            await asyncio.sleep(pause())
    finally:
        notify({"STOPPING": "1"})


async def keep_telling(read: Callable[[], HealthReadings]) -> None:
    """Send that the bot is ready, and from then on its status."""
    words, blocks = {"READY": "1"}, read().status.blocks
    while notify({**words, "STATUS": _standing(blocks)}):
        await asyncio.sleep(SOON if blocks else USUALLY)
        words, blocks = {}, read().status.blocks


def _standing(blocks: Sequence[str]) -> str:
    return f"Not ready: {blocks[0]}" if blocks else "Ready to trade"
