"""Waiting in tests: for what will happen, and for what must not."""

import asyncio
from collections.abc import Callable
from typing import Final


SOON: Final = 240.0
"""Seconds in which everything that is to come has come, on a busy machine, too."""

POLL_INTERVAL: Final = 0.002
"""Seconds between two looks."""


async def until(
    holds: Callable[[], object],
    *,
    within: float = SOON,
    interval: float = POLL_INTERVAL,
) -> None:
    """Return when *holds* does, asked every *interval* seconds: for what changes without
    an event of its own.

    Raises:
        TimeoutError: it has not within that many seconds.
    """
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110  there is nothing to wait on
            await asyncio.sleep(interval)


async def turns(count: int = 50) -> None:
    """Run the event loop *count* times: for what must not happen."""
    for _ in range(count):
        await asyncio.sleep(0)
