"""The timer. It only says "look now": the store decides what is due.

APScheduler drops a job that is over a second late, forgets a fire time that passed
while the process was down, and fires at times that a clock change skipped. None of
that matters to a look that comes every few seconds and reads what is due from disk.
When the machine's clock is set back it would wait for the old time; it is restarted.
Its own interval would count every look that a sleeping machine has missed, 17,280 a
day, before the next one; ours counts from now.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NoReturn

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger


LOOK_SECONDS: Final = 5

_LATE: Final = 2
"""So many times as long as between two looks is too long."""


class FromNow(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """Fires *every* so many seconds; what was missed is left out, however long it was."""

    def __init__(self, every: float) -> None:
        self._every = timedelta(seconds=every)

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """When it fires after *now*; APScheduler asks again until that is not over."""
        return now + self._every


@asynccontextmanager
async def looking(
    look: Callable[[], None], *, every: float = LOOK_SECONDS
) -> AsyncIterator[None]:
    """Call *look* again and again, *every* so many seconds, while the block is open.

    *look* runs on the event loop and must return at once. What it raises ends the
    block: the scheduler would only log it.
    """
    due = asyncio.Event()

    async def say_look_now() -> None:
        due.set()

    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(
        say_look_now,
        trigger=FromNow(every),
        id="look",
        coalesce=True,
        misfire_grace_time=None,
        max_instances=1,
    )
    async with asyncio.TaskGroup() as tasks:
        scheduler.start()
        restart = partial(scheduler.reschedule_job, "look", trigger=FromNow(every))
        watch = tasks.create_task(
            _look_when(due, look, restart, within=_LATE * every), name="looking"
        )
        try:
            yield
        finally:
            scheduler.pause()
            await asyncio.sleep(0)  # a job that has just become due ends by itself
            scheduler.shutdown(wait=False)
            watch.cancel()


async def _look_when(
    due: asyncio.Event,
    look: Callable[[], None],
    restart: Callable[[], object],
    *,
    within: float,
) -> NoReturn:
    """Look when it is due, and after *within* seconds of the loop at the latest. Then
    the clock on the wall was set back: the scheduler waits for a time of before."""
    while True:
        try:
            async with asyncio.timeout(within):
                await due.wait()
        except TimeoutError:
            restart()
        due.clear()
        look()
