"""The timer. It only says "look now": the store decides what is due.

APScheduler drops a job that is over a second late, forgets a fire time that passed
while the process was down, and fires at times that a clock change skipped. None of
that matters to a look that comes every few seconds and reads what is due from disk.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, NoReturn

from apscheduler.schedulers.asyncio import AsyncIOScheduler


LOOK_SECONDS: Final = 5


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
        "interval",
        seconds=every,
        id="look",
        coalesce=True,
        misfire_grace_time=None,
        max_instances=1,
    )
    async with asyncio.TaskGroup() as tasks:
        watch = tasks.create_task(_look_when(due, look), name="looking")
        scheduler.start()
        try:
            yield
        finally:
            scheduler.shutdown(wait=False)
            watch.cancel()


async def _look_when(due: asyncio.Event, look: Callable[[], None]) -> NoReturn:
    while True:
        await due.wait()
        due.clear()
        look()
