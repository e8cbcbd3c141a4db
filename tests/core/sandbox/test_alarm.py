"""A sleeper wakes at its time, or as soon as the alarm rings, and never misses a ring."""

import asyncio

import pytest

from core.sandbox.alarm import Alarm


async def test_sleep_ends_at_its_time() -> None:
    alarm, loop = Alarm(), asyncio.get_running_loop()
    began = loop.time()
    await alarm.wait(0.01)
    assert loop.time() - began >= 0.01


async def test_a_ring_wakes_the_sleeper() -> None:
    alarm = Alarm()
    asyncio.get_running_loop().call_soon(alarm.ring)
    await alarm.wait(None)


async def test_a_ring_before_the_sleep_counts_until_it_is_stopped() -> None:
    alarm, loop = Alarm(), asyncio.get_running_loop()
    alarm.ring()
    await alarm.wait(None)
    alarm.stop()
    began = loop.time()
    await alarm.wait(0.01)
    assert loop.time() - began >= 0.01


async def test_a_sleeper_that_is_cancelled_leaves_the_alarm_usable() -> None:
    alarm = Alarm()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await alarm.wait(60.0)
    alarm.ring()
    await alarm.wait(None)
