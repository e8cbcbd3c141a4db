"""The timer looks again and again, and a failed look is nobody's secret."""

import asyncio
from time import monotonic

import pytest

from core.model.errors import StoreError
from core.schedule import looking


SOON = 0.02
"""Seconds between two looks of a test."""

AT_LAST = 240.0
"""Seconds after which a look has certainly been forgotten."""


class Looks:
    """Counts looks, and says when there were enough."""

    def __init__(self) -> None:
        self.count = 0
        self._one_more = asyncio.Event()

    def look(self) -> None:
        self.count += 1
        self._one_more.set()

    async def come_to(self, enough: int) -> None:
        async with asyncio.timeout(AT_LAST):
            while self.count < enough:
                self._one_more.clear()
                await self._one_more.wait()


async def test_it_looks_again_and_again() -> None:
    looks = Looks()

    async with looking(looks.look, every=SOON):
        await looks.come_to(3)


@pytest.mark.slow_on_purpose
async def test_it_looks_again_after_a_look_that_took_much_too_long() -> None:
    looks = Looks()

    def look_slowly() -> None:
        until = monotonic() + 5 * SOON
        while monotonic() < until:
            pass
        looks.look()

    async with looking(look_slowly, every=SOON):
        await looks.come_to(3)


async def test_it_stops_with_the_block() -> None:
    looks = Looks()
    async with looking(looks.look, every=SOON):
        await looks.come_to(1)
    counted = looks.count

    await asyncio.sleep(5 * SOON)

    assert looks.count == counted


async def test_a_look_that_fails_ends_the_block() -> None:
    def fail() -> None:
        raise StoreError("disk full")

    with pytest.raises(ExceptionGroup) as failure:
        async with asyncio.timeout(AT_LAST), looking(fail, every=SOON):
            await asyncio.Event().wait()

    assert failure.group_contains(StoreError, match="disk full")


@pytest.mark.attack(16)
@pytest.mark.slow_on_purpose
async def test_an_end_while_the_next_look_is_due_is_nobodys_error(
    caplog: pytest.LogCaptureFixture,
) -> None:

    def wait_for_a_lock_in_vain() -> None:
        until = monotonic() + 5 * SOON
        while monotonic() < until:
            pass
        raise StoreError("locked")

    with pytest.raises(ExceptionGroup):
        async with (
            asyncio.timeout(AT_LAST),
            looking(wait_for_a_lock_in_vain, every=SOON),
        ):
            await asyncio.Event().wait()
    await asyncio.sleep(2 * SOON)

    assert "Error running job" not in caplog.text
