"""Whether an order would be sent at once, checked right before each.

Tested by tests/core/flows/test_sending.py.
"""

import asyncio
import logging
from typing import Final

from core.loop_time import loop_time
from core.model.errors import BrokerAway, BrokerSilent
from core.ports.account import Prober
from core.ports.market import SteadyClock


_log: Final = logging.getLogger(__name__)

_PAUSE: Final = 0.05
"""Seconds between two checks whether anything still waits to be sent."""

_BUSY: Final = "Too much is waiting to be sent to IB Gateway."


def slept(clock: SteadyClock) -> float:
    """Seconds on a clock that counts only the machine's sleep: what IB had sent before it
    is read after it, and looks new."""
    return clock.boottime() - loop_time()


async def not_ready(broker: Prober, *, within: float) -> str | None:
    """Why an order would not be sent at once; None if the gateway has just answered and
    nothing is queued in front of it. What is queued is lost if the line is. It waits for
    *within* seconds at most for the answer, and as long for the queue."""
    try:
        await broker.probe(within=within)
        async with asyncio.timeout(within):
            while not broker.has_sent_all():  # noqa: ASYNC110  no event says so
                await asyncio.sleep(_PAUSE)
    except TimeoutError:
        return _BUSY
    except (BrokerAway, BrokerSilent) as problem:
        _log.warning("no answer before an order: %s", problem)
        return str(problem)
    return None
