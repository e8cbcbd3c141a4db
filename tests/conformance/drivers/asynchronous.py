"""Drives the encoder and decoder of ``ib_async`` as orders on standard input say.

In the environment, ``LIBRARY`` names ``ib_insync`` instead, and ``NEWEST_VERSION`` the
newest version of the protocol that the client offers.
"""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable
from datetime import UTC
from importlib import import_module
from types import SimpleNamespace
from typing import Any, Final

from tests.conformance.drivers.speech import BROKEN, CLOSED, OPENED, grown, say


LIBRARY: Final = os.environ.get("LIBRARY", "ib_async")
_theirs: Final = import_module(LIBRARY)
Client: Final[Any] = import_module(f"{LIBRARY}.client").Client
if "NEWEST_VERSION" in os.environ:
    Client.MaxClientVersion = int(os.environ["NEWEST_VERSION"])
CLASSES: Final[dict[str, type]] = {
    "Contract": _theirs.Contract,
    "ExecutionFilter": _theirs.ExecutionFilter,
    "Order": _theirs.Order,
    "PriceCondition": _theirs.PriceCondition,
    "ScannerSubscription": _theirs.ScannerSubscription,
    "TagValue": SimpleNamespace,  # theirs is a tuple that cannot be changed
}
SECONDS_TO_CONNECT: Final = 15


class Listener:
    """Takes every callback of the decoder and passes it on."""

    ib: Final = SimpleNamespace(TimezoneTWS=None)
    defaultTimezone: Final = UTC  # noqa: N815  the decoder's name

    def __init__(self, line: str) -> None:
        self._line = line

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith(("__", "tcpData")):
            raise AttributeError(name)
        return lambda *args: say(self._line, name, *args)

    def setEventsDone(self) -> None:  # noqa: N802  the client's name
        """The socket is gone, whether the conversation had begun or not."""
        say(self._line, CLOSED)

    def connectionClosed(self) -> None:  # noqa: N802  the client's name
        """Said already."""

    def connectAck(self) -> None:  # noqa: N802  the client's name
        """Said once the conversation is open."""

    def priceSizeTick(self, req_id: int, kind: int, price: float, size: float) -> None:  # noqa: N802  the decoder's name
        """Message 1, price and size in one."""
        say(self._line, "tickPrice", req_id, kind, price, {"size": size})

    def error(self, req_id: int, code: int, text: str, *_json: str) -> None:
        """Message 4."""
        say(self._line, "error", req_id, code, text)


class Complaints(logging.Handler):
    """The decoder logs what it cannot decode, and goes on."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass on what came with a traceback."""
        if record.exc_info:
            say("", BROKEN, f"{record.getMessage()} {record.exc_info[1]!r}")


class Driver:
    """The connections of this process, by their names."""

    def __init__(self, children: asyncio.TaskGroup) -> None:
        self._children = children
        self._lines: dict[str, Any] = {}

    def obey(self, line: str, deed: str, words: list[Any]) -> None:
        """Connect, disconnect, or call the method of that name."""
        if deed == "connect":
            self._children.create_task(self._connect(line, *words))
        else:
            args = [grown(word, CLASSES) for word in words]
            getattr(self._lines[line], deed)(*args)

    async def _connect(
        self, line: str, port: int, client_id: int, options: str = ""
    ) -> None:
        client = Client(Listener(line))
        self._lines[line] = client
        client.setConnectOptions(options)
        client.MaxRequests = 0  # the gateway's own limit is to be seen
        try:
            await client.connectAsync("127.0.0.1", port, client_id, SECONDS_TO_CONNECT)
        except (OSError, TimeoutError):
            say(line, CLOSED)
        else:
            say(line, OPENED, client.serverVersion())


async def main() -> None:
    """Obey until the input ends."""
    logging.getLogger(LIBRARY).addHandler(Complaints())
    logging.getLogger(LIBRARY).propagate = False
    orders = asyncio.StreamReader(limit=1 << 20)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(orders), sys.stdin
    )
    async with asyncio.TaskGroup() as children:
        driver = Driver(children)
        async for text in orders:
            order = json.loads(text)
            try:
                driver.obey(order["line"], order["do"], order["with"])
            except Exception as fault:  # noqa: BLE001  the client refuses: that is news, too
                say(order["line"], BROKEN, repr(fault))


if __name__ == "__main__":
    asyncio.run(main())
