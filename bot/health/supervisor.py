"""Says to systemd that the bot is ready, how it stands, and that its loop turns.

The protocol is that of sd_notify(3): datagrams of NAME=value lines to the socket that
NOTIFY_SOCKET names. Without one nothing is sent.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot.health.vitals import Vitals


_log: Final = logging.getLogger(__name__)

USUALLY: Final = 30.0
"""Seconds between two words about how it stands, where no watchdog asks for more."""

SOON: Final = 2.0
"""The same while it is not ready: whoever has just started it looks."""


def notify(
    words: Mapping[str, str], environment: Mapping[str, str] = os.environ
) -> bool:
    """Send *words*. Returns whether somebody is there to be told; never raises."""
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
    """Seconds between two signs of life: half of what the watchdog waits for
    (WATCHDOG_USEC, sd_watchdog_enabled(3))."""
    microseconds = environment.get("WATCHDOG_USEC", "")
    if not microseconds.isdigit() or int(microseconds) == 0:
        return USUALLY
    return min(USUALLY, int(microseconds) / 2e6)


async def keep_alive() -> None:
    """Say again and again that the loop turns, as long as the process lives, and at its
    end that it ends; returns at once where nobody is there to be told."""
    try:
        while notify({"WATCHDOG": "1"}):  # noqa: ASYNC110  time itself is waited for
            await asyncio.sleep(pause())
    finally:
        notify({"STOPPING": "1"})


async def keep_telling(read: Callable[[], Vitals]) -> None:
    """Say that the bot is ready, and from then on how it stands."""
    words, blocks = {"READY": "1"}, read().status.blocks
    while notify({**words, "STATUS": _standing(blocks)}):
        await asyncio.sleep(SOON if blocks else USUALLY)
        words, blocks = {}, read().status.blocks


def _standing(blocks: Sequence[str]) -> str:
    return f"Not ready: {blocks[0]}" if blocks else "Ready to trade"
