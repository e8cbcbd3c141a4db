"""Simulated time over real sockets: what happens when does not depend on the speed."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from math import inf

import pytest

from bot.simulated.loop import PacedLoop


pytestmark = pytest.mark.real_time

DAY = 86_400.0
SPEEDS = [inf, 50_000.0]


def played(speed: float, story: Callable[[], Awaitable[float]]) -> float:
    with asyncio.Runner(loop_factory=lambda: PacedLoop(speed)) as runner:

        async def main() -> float:
            return await story()

        return runner.run(main())


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_day_passes_as_long_as_its_timers_say(speed: float) -> None:
    async def sleep() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.sleep(DAY)
        return loop.time() - began

    assert played(speed, sleep) == pytest.approx(DAY, abs=1e-3)


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.slow_on_purpose
def test_what_the_processor_needs_takes_no_time(speed: float) -> None:
    async def count() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        until = time.process_time() + 0.05
        while time.process_time() < until:
            pass
        await asyncio.sleep(0)
        return loop.time() - began

    assert played(speed, count) < 1e-3


def test_time_waits_for_a_thread() -> None:
    async def ask() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.to_thread(sum, range(1_000_000))
        return loop.time() - began

    assert played(inf, ask) < 1


def test_time_waits_for_a_child_process() -> None:
    async def ask() -> float:
        loop = asyncio.get_running_loop()
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "print(1)", stdout=asyncio.subprocess.PIPE
        )
        began = loop.time()
        async with asyncio.timeout(5):
            said, _ = await child.communicate()
        assert said == b"1\n"
        return loop.time() - began

    assert played(inf, ask) < 1


def test_a_slower_pace_counts_from_now_on() -> None:
    async def slow_down() -> float:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, PacedLoop)
        await asyncio.sleep(DAY)
        loop.pace(20)
        began, wall = loop.time(), time.monotonic()
        await asyncio.sleep(2)
        assert time.monotonic() - wall > 0.09
        return loop.time() - began

    assert played(inf, slow_down) == pytest.approx(2, abs=1e-3)
