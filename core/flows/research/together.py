"""Coroutines that run at the same time, and whose errors need no unwrapping."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar


T = TypeVar("T")


@asynccontextmanager
async def one_task_group() -> AsyncIterator[asyncio.TaskGroup]:
    """Tasks that end with the block; the first that fails ends the others and the
    block, and its error comes out as itself."""
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None


async def together(name: str, *coroutines: Coroutine[Any, Any, T]) -> tuple[T, ...]:
    """Run all at once, as tasks of that name; their results in the order given.

    Raises: as one_task_group.
    """
    async with one_task_group() as tasks:
        started = [tasks.create_task(each, name=name) for each in coroutines]
    return tuple(each.result() for each in started)
