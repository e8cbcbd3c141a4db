"""The simulated machine keeps the promises of a real one."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import TypeVar, cast

import pytest

from tests.simulation.loop import SimulatedLoop, StuckError
from tests.simulation.network import FAIR, Network, NetworkQuality


T = TypeVar("T")


def simulated(
    main: Callable[[SimulatedLoop], Awaitable[T]],
    *,
    network_quality: NetworkQuality = FAIR,
) -> T:
    network = Network(Random(7))
    loop = SimulatedLoop(network, {"shout": lambda words, said: said.upper()})
    network.network_quality.clear()
    network.default = network_quality

    async def play() -> T:
        return await main(loop)

    try:
        return loop.run_until_complete(play())
    finally:
        network.close()
        loop.close()


def test_a_day_of_sleep_takes_no_time_and_moves_the_clock() -> None:
    async def main(loop: SimulatedLoop) -> float:
        await asyncio.sleep(86_400)
        return loop.time()

    assert simulated(main) == pytest.approx(86_400, abs=0.01)


def test_timers_fire_in_the_order_of_their_times_whatever_the_order_of_arming() -> None:
    async def main(loop: SimulatedLoop) -> list[int]:
        fired: list[int] = []
        for second in (5, 1, 3):
            loop.call_later(second, fired.append, second)
        await asyncio.sleep(10)
        return fired

    assert simulated(main) == [1, 3, 5]


def test_a_timer_that_is_armed_again_for_now_does_not_stop_the_clock() -> None:
    async def main(loop: SimulatedLoop) -> float:
        began = loop.time()
        while not loop.time() > began:  # noqa: ASYNC110  as a library does it
            await asyncio.sleep(0)
        return loop.time() - began

    assert 0 < simulated(main) < 0.001


def test_who_waits_for_nothing_is_found() -> None:
    async def main(loop: SimulatedLoop) -> None:
        await loop.create_future()

    with pytest.raises(StuckError):
        simulated(main)


def test_a_child_process_reads_and_answers() -> None:
    async def main(_: SimulatedLoop) -> tuple[bytes, int | None]:
        child = await asyncio.create_subprocess_exec(
            *("python", "-m", "shout"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, _complaint = await child.communicate(b"hello")
        return said, child.returncode

    assert simulated(main) == (b"HELLO", 0)


class Echo(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


class Receiver(asyncio.Protocol):
    """Gathers what it hears until the line is gone."""

    def __init__(self) -> None:
        self.received = b""
        self.gone: asyncio.Future[Exception | None] = (
            asyncio.get_running_loop().create_future()
        )

    def data_received(self, data: bytes) -> None:
        self.received += data

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone.set_result(exc)


async def called(loop: SimulatedLoop) -> tuple[asyncio.Transport, Receiver]:
    """A line to an echo."""
    server = await loop.create_server(Echo, "127.0.0.1", 0)
    return await loop.create_connection(Receiver, "127.0.0.1", server.port)


async def conversation(loop: SimulatedLoop, *words: bytes) -> bytes:
    transport, receiver = await called(loop)
    for each in words:
        transport.write(each)
    transport.write_eof()
    await receiver.gone
    return receiver.received


@pytest.mark.parametrize("split", [0.0, 1.0])
def test_bytes_arrive_in_order_and_once_however_late_and_split(split: float) -> None:
    network_quality = NetworkQuality(late=0.5, longest=3.0, split=split)

    received = simulated(
        lambda loop: conversation(loop, b"to be ", b"or not ", b"to be"),
        network_quality=network_quality,
    )

    assert received == b"to be or not to be"


def test_nobody_listens_and_a_shut_port_refuse() -> None:
    async def main(loop: SimulatedLoop) -> None:
        await loop.create_connection(Receiver, "127.0.0.1", 9)

    with pytest.raises(ConnectionRefusedError):
        simulated(main)


def test_a_cut_is_heard_at_the_other_end() -> None:
    async def main(loop: SimulatedLoop) -> Exception | None:
        _, receiver = await called(loop)
        loop.network.cut(40_000)
        return await receiver.gone

    assert isinstance(simulated(main), ConnectionResetError)


def test_a_dark_port_loses_nothing_and_delivers_when_it_is_light_again() -> None:
    async def main(loop: SimulatedLoop) -> tuple[bytes, float]:
        loop.network.dark.add(40_000)
        loop.call_later(30, loop.network.dark.clear)
        return await conversation(loop, b"hello"), loop.time()

    received, at = simulated(main)

    assert received == b"hello"
    assert 30 <= at < 31


def test_a_dead_process_sends_nothing_more() -> None:
    async def main(loop: SimulatedLoop) -> None:
        loop.network.give_up_on(0, lose=False)
        await conversation(loop, b"hello")

    with pytest.raises(ConnectionRefusedError):
        simulated(main)
