"""What one part must tell another that is built later, as events that both are given."""

import asyncio
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """``orders_due``: there may be planned orders that can leave. ``compared``: the
    line is up and the orders have been compared with IB's. Each has one consumer."""

    orders_due: asyncio.Event = field(default_factory=asyncio.Event)
    compared: asyncio.Event = field(default_factory=asyncio.Event)
