"""Whether an order would leave at once: asked right before each.

Tested by tests/core/flows/test_sending.py.
"""

import asyncio
import logging
from typing import Final

from core.model.errors import BrokerAway, BrokerSilent
from core.ports.account import Prober


_log: Final = logging.getLogger(__name__)

_PAUSE: Final = 0.05
"""Seconds between two looks whether anything still waits to be sent."""

_BUSY: Final = "Too much is waiting to be sent to IB Gateway."


async def not_ready(broker: Prober, *, within: float) -> str | None:
    """Why an order would not leave now; None after the gateway has answered just now
    and while nothing waits in front of it: what queues is lost when the line falls."""
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
