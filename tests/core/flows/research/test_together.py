"""What runs together ends together, with one plain result or one plain error."""

import asyncio

import pytest

from core.flows.research.together import together


async def said(word: str, after: asyncio.Event) -> str:
    await after.wait()
    return word


async def breaks() -> str:
    raise LookupError("broken")


async def test_results_come_in_the_order_asked_for() -> None:
    first = asyncio.Event()

    async def late() -> str:
        first.set()
        return "b"

    assert await together("talk", said("a", first), late()) == ("a", "b")


async def test_nothing_at_all_is_done_at_once() -> None:
    assert await together("talk") == ()


async def test_an_error_comes_out_as_itself_and_ends_the_others() -> None:
    ended: list[str] = []

    async def waits() -> str:
        try:
            return await said("never", asyncio.Event())
        finally:
            ended.append("waits")

    with pytest.raises(LookupError, match="broken"):
        await together("talk", waits(), breaks())

    assert ended == ["waits"]


async def test_being_cancelled_is_no_error() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await together("talk", said("never", asyncio.Event()))
