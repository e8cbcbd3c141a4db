"""A call to the loop from another thread, and a coroutine that nobody awaits, are found."""

import asyncio
import gc
from collections.abc import Callable

import pytest


def soon(loop: asyncio.AbstractEventLoop) -> None:
    loop.call_soon(print)


def later(loop: asyncio.AbstractEventLoop) -> None:
    loop.call_later(1, print)


@pytest.mark.parametrize("call", [soon, later])
async def test_another_thread_may_not_call_the_loop(
    call: Callable[[asyncio.AbstractEventLoop], None],
) -> None:
    loop = asyncio.get_running_loop()
    assert not loop.get_debug()

    with pytest.raises(RuntimeError, match="threadsafe"):
        await asyncio.to_thread(call, loop)


async def test_another_thread_may_wake_the_loop() -> None:
    loop, woken = asyncio.get_running_loop(), asyncio.Event()

    await asyncio.to_thread(loop.call_soon_threadsafe, woken.set)

    await woken.wait()


def test_a_coroutine_that_nobody_awaits_is_told() -> None:
    with pytest.warns(RuntimeWarning, match="never awaited"):
        forget(asyncio.sleep(0))


def forget(it: object) -> None:
    del it
    gc.collect()
