"""What the socket raises is said in our words: nothing was sent."""

import asyncio

import pytest

from core.broker.session import READ, read_in_pieces, speaking_our_errors
from core.model.errors import BrokerAway


@pytest.mark.parametrize(
    "problem", [ConnectionError("Not connected"), BrokenPipeError(), OSError(5, "I/O")]
)
def test_a_socket_that_fails_is_a_broker_away(problem: OSError) -> None:
    with pytest.raises(BrokerAway) as away, speaking_our_errors():
        raise problem

    assert away.value.__cause__ is problem


def test_other_errors_are_not_touched() -> None:
    with pytest.raises(ZeroDivisionError), speaking_our_errors():
        raise ZeroDivisionError


class Sizes(asyncio.Protocol):
    """Notes how much each read brought."""

    def __init__(self) -> None:
        self.of: list[int] = []
        self.over = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        self.of.append(len(data))

    def connection_lost(self, exc: Exception | None) -> None:
        self.over.set()


@pytest.mark.real_time
async def test_much_that_waits_is_read_in_pieces() -> None:
    """asyncio would read four times as much at once."""
    begin = asyncio.Event()

    async def say_much(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await begin.wait()
        writer.write(bytes(10 * READ))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(say_much, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        loop = asyncio.get_running_loop()
        transport, sizes = await loop.create_connection(Sizes, "127.0.0.1", port)
        read_in_pieces(transport)
        begin.set()
        await sizes.over.wait()

    assert sum(sizes.of) == 10 * READ
    assert max(sizes.of) <= READ
