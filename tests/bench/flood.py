"""Ticks for every line of a client, as fast as they are asked for."""

import asyncio
from collections.abc import Iterable
from itertools import cycle, islice
from typing import Final

from core.sandbox.protocol.replies import tick_price, tick_size
from core.sandbox.protocol.wire import frame
from core.sandbox.server import GatewayServer


BEAT: Final = 0.01
UNREAD: Final = 1_000_000
"""Bytes that may lie between the two ends: who reads too slowly gets no more."""

KINDS: Final = (1, 2, 4)


def ticks(request: int) -> list[bytes]:
    """One of each kind, for one line: prices that stay, and the sizes behind them."""
    prices = [frame(tick_price(request, kind, 10.0, 100)) for kind in KINDS]
    return [*prices, frame(tick_size(request, 0, 100.0))]


async def flood(server: GatewayServer, lines: Iterable[int], a_second: int) -> None:
    """Send *a_second* ticks to every client, over the lines that are open at each
    moment, for ever."""
    clock = asyncio.get_running_loop()
    last = clock.time()
    while True:
        await asyncio.sleep(BEAT)
        passed, last = clock.time() - last, clock.time()
        each = [tick for request in tuple(lines) for tick in ticks(request)]
        data = b"".join(islice(cycle(each), int(a_second * passed))) if each else b""
        for connection in tuple(server.connections):
            transport = connection._transport
            if transport is not None and transport.get_write_buffer_size() < UNREAD:
                transport.write(data)
