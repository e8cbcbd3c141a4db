"""No step of the product holds the event loop for long: measured in every test.

By the processor's time and not by the clock on the wall, so that a loaded machine
fails nobody; what waits without working (a disk, say) is not seen. What the rubbish
collection takes is not counted: among all these tests it takes more than in a bot.
"""

import asyncio
import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import Any, Final


ROOT: Final = Path(__file__).parents[1]

LONGEST: Final = 0.1
"""Seconds of work in one step. At 0.05, five tests of five thousand failed at 54 to 78 ms
when two workers shared two cores with others; this is what an owner begins to notice."""

_OWN_WORK: Final = 0.005
"""Seconds of work before a step that may be taken for its own."""

_PRODUCT: Final = ("core", "bot")
_SANDBOX: Final = "sandbox"
_OUR_CLIENT: Final = "ib_async."
"""Its protocol hears IB, and calls us from there."""

_OPENING: Final = ("bot/app.py: live", "bot/keep_running.py: keep_running")
"""Opens and closes the application: nobody can be kept waiting before that or after."""


class Steps:
    """Steps of event loops; those of the product below *root* that were too long, in
    words."""

    def __init__(self, root: Path) -> None:
        self.slow: list[str] = []
        self._root = root
        self._collecting = 0.0
        self._collected = 0.0
        self._looked = float("-inf")
        self._worked = 0.0

    def timed(self, run: Callable[[Any], None]) -> Callable[[Any], None]:
        """*run* does one step: the same, with an eye on what it takes."""

        def step(handle: asyncio.Handle) -> None:
            callback = getattr(handle, "_callback")  # noqa: B009  asyncio's own
            began = time.perf_counter()
            if began - self._looked > _OWN_WORK:
                self._looked, self._worked = began, self._work()
            run(handle)
            if time.perf_counter() - began > LONGEST:
                self._judge(callback, self._work() - self._worked)

        return step

    def _work(self) -> float:
        """Seconds that this thread has worked; the clock for it is a slow one."""
        return time.thread_time() - self._collected

    def _judge(self, callback: Any, took: float) -> None:
        if took > LONGEST and (whose := self._whose(callback)):
            self.slow.append(f"{whose} worked {took * 1000:.0f} ms in one step")

    def collecting(self, phase: str, _: dict[str, int]) -> None:
        """For gc.callbacks."""
        if phase == "start":
            self._collecting = time.thread_time()
        else:
            self._collected += time.thread_time() - self._collecting

    def _whose(self, callback: Any) -> str | None:
        """The product's function in which the step began; None for others' steps."""
        owner = getattr(callback, "__self__", None)
        if isinstance(owner, asyncio.Task):
            return self._named(getattr(owner.get_coro(), "cr_code", None))
        simulated = getattr(owner, "protocol", None)
        protocol = type(getattr(owner, "_protocol", simulated))
        if protocol.__module__.startswith(_OUR_CLIENT):
            return f"{protocol.__module__}{protocol.__qualname__}"
        function = getattr(callback, "__func__", callback)
        return self._named(getattr(function, "__code__", None))

    def _named(self, code: CodeType | None) -> str | None:
        if code is None or not Path(code.co_filename).is_relative_to(self._root):
            return None
        path = Path(code.co_filename).relative_to(self._root)
        name = f"{path.as_posix()}: {code.co_qualname}"
        ours = path.parts[0] in _PRODUCT and _SANDBOX not in path.parts
        return name if ours and name not in _OPENING else None


@contextmanager
def measured(root: Path = ROOT) -> Iterator[Steps]:
    """Every step of every loop while the block is open."""
    steps, run = Steps(root), asyncio.Handle._run
    asyncio.Handle._run = steps.timed(run)  # type: ignore[method-assign, assignment]  # to see all
    gc.callbacks.append(steps.collecting)
    try:
        yield steps
    finally:
        gc.callbacks.remove(steps.collecting)
        asyncio.Handle._run = run  # type: ignore[method-assign]  # as it was
