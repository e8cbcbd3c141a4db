"""The timer. It only says "look now": the store decides what is due.

APScheduler drops a job that is over a second late, forgets a fire time that passed
while the process was down, and fires at times that a clock change skipped. None of
that matters to a look that comes every few seconds and reads what is due from disk.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler


LOOK_SECONDS: Final = 5


@contextmanager
def looking(look: Callable[[], None]) -> Iterator[None]:
    """Call *look* every few seconds while the block is open.

    *look* runs on the event loop and must return at once.
    """
    scheduler = AsyncIOScheduler(timezone="UTC")

    async def say_look() -> None:
        look()

    scheduler.add_job(
        say_look,
        "interval",
        seconds=LOOK_SECONDS,
        id="look",
        coalesce=True,
        misfire_grace_time=None,
        max_instances=1,
    )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
