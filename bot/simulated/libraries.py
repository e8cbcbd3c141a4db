"""The libraries' own readers of the wall clock, given simulated time.

The product takes its time from ``bot.machine``. Three libraries read the machine's:
APScheduler the time of day, httpcore how long a connection has rested, ib_async when
its statistics began. Each looks the reader up in its own module, and finds ours there.
httpcore also looks for a package that is not installed, anew at each lock: it is told.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, tzinfo
from types import ModuleType, SimpleNamespace
from typing import Any, Final

import apscheduler.executors.base
import apscheduler.schedulers.base
import apscheduler.triggers.interval
import ib_async.client
from httpcore import _synchronization
from httpcore._async import http11


_APSCHEDULER: Final[tuple[ModuleType, ...]] = (
    apscheduler.executors.base,
    apscheduler.schedulers.base,
    apscheduler.triggers.interval,
)


@contextmanager
def simulated(
    *, now: Callable[[], datetime], monotonic: Callable[[], float]
) -> Iterator[None]:
    """While the block is open, *now* (UTC) and *monotonic* (seconds) are the time."""

    class Simulated(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return now().astimezone(tz)

    ticking = SimpleNamespace(monotonic=monotonic)
    telling = SimpleNamespace(time=lambda: now().timestamp())
    with ExitStack() as undo:
        for module in _APSCHEDULER:
            undo.enter_context(replaced(module, "datetime", Simulated))
        undo.enter_context(replaced(http11, "time", ticking))
        undo.enter_context(replaced(ib_async.client, "time", telling))
        undo.enter_context(
            replaced(_synchronization, "current_async_library", lambda: "asyncio")
        )
        yield


@contextmanager
def replaced(module: object, name: str, value: object) -> Iterator[None]:
    """While the block is open, a module or class has *value* under that name."""
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)
