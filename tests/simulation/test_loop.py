"""The simulated machine keeps the promises of a real one."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import TypeVar, cast

import pytest

from tests.simulation.loop import SimulatedLoop, StuckError
from tests.simulation.network import FAIR, Network, Weather


T = TypeVar("T")


def simulated(
    story: Callable[[SimulatedLoop], Awaitable[T]], *, weather: Weather = FAIR
) -> T:
    network = Network(Random(7))
    loop = SimulatedLoop(network, {"shout": lambda words, said: said.upper()})
    network.weather.clear()
    network.default = weather

    async def play() -> T:
        return await story(loop)

    try:
        return loop.run_until_complete(play())
    finally:
        network.close()
        loop.close()


def test_a_day_of_sleep_takes_no_time_and_moves_the_clock() -> None:
    async def story(loop: SimulatedLoop) -> float:
        await asyncio.sleep(86_400)
        return loop.time()

    assert simulated(story) == pytest.approx(86_400, abs=0.01)


def test_timers_fire_in_the_order_of_their_times_whatever_the_order_of_arming() -> None:
    async def story(loop: SimulatedLoop) -> list[int]:
        fired: list[int] = []
        for second in (5, 1, 3):
            loop.call_later(second, fired.append, second)
        await asyncio.sleep(10)
        return fired

    assert simulated(story) == [1, 3, 5]


def test_a_timer_that_is_armed_again_for_now_does_not_stop_the_clock() -> None:
    async def story(loop: SimulatedLoop) -> float:
        began = loop.time()
        while not loop.time() > began:  # noqa: ASYNC110  as a library does it
            await asyncio.sleep(0)
        return loop.time() - began

    assert 0 < simulated(story) < 0.001


def test_who_waits_for_nothing_is_found() -> None:
    async def story(loop: SimulatedLoop) -> None:
        await loop.create_future()

    with pytest.raises(StuckError):
        simulated(story)


def test_a_child_process_reads_and_answers() -> None:
    async def story(_: SimulatedLoop) -> tuple[bytes, int | None]:
        child = await asyncio.create_subprocess_exec(
            *("python", "-m", "shout"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, _complaint = await child.communicate(b"hello")
        return said, child.returncode

    assert simulated(story) == (b"HELLO", 0)


class Echo(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


class Ear(asyncio.Protocol):
    """Gathers what it hears until the line is gone."""

    def __init__(self) -> None:
        self.heard = b""
        self.gone: asyncio.Future[Exception | None] = (
            asyncio.get_running_loop().create_future()
        )

    def data_received(self, data: bytes) -> None:
        self.heard += data

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone.set_result(exc)


async def called(loop: SimulatedLoop) -> tuple[asyncio.Transport, Ear]:
    """A line to an echo."""
    server = await loop.create_server(Echo, "127.0.0.1", 0)
    return await loop.create_connection(Ear, "127.0.0.1", server.port)


async def talked(loop: SimulatedLoop, *words: bytes) -> bytes:
    transport, ear = await called(loop)
    for each in words:
        transport.write(each)
    transport.write_eof()
    await ear.gone
    return ear.heard


@pytest.mark.parametrize("split", [0.0, 1.0])
def test_bytes_arrive_in_order_and_once_however_late_and_split(split: float) -> None:
    weather = Weather(late=0.5, longest=3.0, split=split)

    heard = simulated(
        lambda loop: talked(loop, b"to be ", b"or not ", b"to be"), weather=weather
    )

    assert heard == b"to be or not to be"


def test_nobody_listens_and_a_shut_port_refuse() -> None:
    async def story(loop: SimulatedLoop) -> None:
        await loop.create_connection(Ear, "127.0.0.1", 9)

    with pytest.raises(ConnectionRefusedError):
        simulated(story)


def test_a_cut_is_heard_at_the_other_end() -> None:
    async def story(loop: SimulatedLoop) -> Exception | None:
        _, ear = await called(loop)
        loop.network.cut(40_000)
        return await ear.gone

    assert isinstance(simulated(story), ConnectionResetError)


def test_a_dark_port_loses_nothing_and_delivers_when_it_is_light_again() -> None:
    async def story(loop: SimulatedLoop) -> tuple[bytes, float]:
        loop.network.dark.add(40_000)
        loop.call_later(30, loop.network.dark.clear)
        return await talked(loop, b"hello"), loop.time()

    heard, at = simulated(story)

    assert heard == b"hello"
    assert 30 <= at < 31


def test_a_dead_process_sends_nothing_more() -> None:
    async def story(loop: SimulatedLoop) -> None:
        loop.network.give_up_on(0, lose=False)
        await talked(loop, b"hello")

    with pytest.raises(ConnectionRefusedError):
        simulated(story)
