"""The timer looks again and again, whatever the clock on the wall does."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.simulated import libraries
from bot.simulated.clock import SimulatedClock
from core.schedule import LOOK_SECONDS, FromNow, looking
from tests.simulation.loop import SimulatedLoop
from tests.simulation.network import Network


@pytest.mark.parametrize("error", [-3600.0, -1.0, 0.0, 1.0, 3600.0, 86_400.0])
def test_it_looks_as_often_after_the_clock_was_set(error: float) -> None:
    network = Network(Random(1))
    loop = SimulatedLoop(network, {})
    clock = SimulatedClock(datetime(2026, 11, 23, 14, tzinfo=UTC), loop)
    looks: list[float] = []

    async def main() -> None:
        async with looking(lambda: looks.append(loop.time())):
            await asyncio.sleep(60)
            clock.error = error
            looks.clear()
            with suppress(TimeoutError):
                await asyncio.sleep(60)

    with libraries.simulated(now=clock.now, monotonic=loop.time):
        loop.run_until_complete(main())
    loop.close()
    network.close()

    assert 60 / LOOK_SECONDS - 2 <= len(looks) <= 60 / LOOK_SECONDS + 2


def test_what_a_sleeping_machine_missed_is_not_counted_look_by_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[datetime] = []
    next_time = FromNow.get_next_fire_time

    def asking(self: FromNow, previous: datetime | None, now: datetime) -> datetime:
        asked.append(now)
        return next_time(self, previous, now)

    monkeypatch.setattr(FromNow, "get_next_fire_time", asking)
    network = Network(Random(1))
    loop = SimulatedLoop(network, {})
    clock = SimulatedClock(datetime(2026, 11, 23, 14, tzinfo=UTC), loop)
    looks: list[float] = []

    async def main() -> None:
        async with looking(lambda: looks.append(loop.time())):
            await asyncio.sleep(2 * LOOK_SECONDS + 1)
            asked.clear()
            clock.asleep = timedelta(days=30).total_seconds()
            await asyncio.sleep(2 * LOOK_SECONDS)

    with libraries.simulated(now=clock.now, monotonic=loop.time):
        loop.run_until_complete(main())
    loop.close()
    network.close()

    assert len(looks) == 4
    assert len(asked) <= 4
