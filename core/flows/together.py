"""Coroutines that run at the same time, in one line."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar


T = TypeVar("T")


async def together(name: str, *stories: Coroutine[Any, Any, T]) -> tuple[T, ...]:
    """Run all at once, as tasks of that name; their results in the order given.

    The first that fails ends the others, and its error comes out as itself.
    """
    try:
        async with asyncio.TaskGroup() as tasks:
            told = [tasks.create_task(story, name=name) for story in stories]
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None
    return tuple(each.result() for each in told)
