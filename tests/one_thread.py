"""A loop takes calls from its own thread alone: checked in every test.

asyncio's debug mode checks it too, and reads the stack at each call: that took a seventh
of the tests' time. A coroutine that nobody awaited fails its test in any mode; where it
was made is told with ``-o asyncio_debug=true``.
"""

import asyncio
from collections.abc import Callable
from functools import wraps
from threading import get_ident
from typing import Any, Final


CHECKED: Final = ("call_soon", "call_at")  # call_later calls the second


def check_threads() -> None:
    """From now on ``call_soon``, ``call_later`` and ``call_at`` of another thread fail."""
    for name in CHECKED:
        method = getattr(asyncio.BaseEventLoop, name)
        setattr(asyncio.BaseEventLoop, name, _checked(method))


def _checked(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(loop: asyncio.BaseEventLoop, *args: Any, **named: Any) -> Any:
        its: int | None = getattr(loop, "_thread_id")  # noqa: B009  asyncio's own
        if its not in {None, get_ident()}:
            raise RuntimeError("call_soon_threadsafe is for calls from other threads")
        return method(loop, *args, **named)

    return call
