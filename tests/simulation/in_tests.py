"""Runs tests in simulated time: waiting costs nothing, and the machine's load changes
nothing.

A folder's conftest.py imports what is public here; pytest-asyncio then takes the event
loops of that folder's tests from it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final, TypeVar

import pytest

from bot.simulated import libraries
from tests.simulation.loop import SimulatedLoop
from tests.simulation.network import Network
from tests.simulation.programs import PROGRAMS


T = TypeVar("T")

BEGAN: Final = datetime(2026, 11, 23, 14, tzinfo=UTC)
"""What the libraries take for the time of day when a test begins."""


class OwnNetworkLoop(SimulatedLoop):
    """A simulated loop whose network ends with it."""

    def __init__(self) -> None:
        super().__init__(Network(Random(7)), PROGRAMS)

    def close(self) -> None:
        """Give back the network's descriptors as well."""
        if not self.is_closed():
            self.network.close()
        super().close()


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """pytest-asyncio's hook: which event loop a test runs on."""
    del config
    if item.get_closest_marker("real_time"):
        return {"real": asyncio.new_event_loop}
    return {"simulated": OwnNetworkLoop}


@pytest.fixture(autouse=True)
async def simulated_libraries() -> AsyncIterator[None]:
    """Have the libraries read the running loop's clock."""
    loop = asyncio.get_running_loop()
    if not isinstance(loop, SimulatedLoop):
        yield  # a test that needs the clock on the wall
        return
    with _simulated(loop):
        yield


def simulated_run(story: Coroutine[Any, Any, T]) -> T:
    """As ``asyncio.run``, in simulated time: for a test that runs many loops."""
    with asyncio.Runner(loop_factory=OwnNetworkLoop) as runner:
        loop = runner.get_loop()
        with _simulated(loop):
            return runner.run(story)


def _simulated(loop: asyncio.AbstractEventLoop) -> AbstractContextManager[None]:
    """Have the libraries read the clock of *loop*."""
    return libraries.simulated(
        now=lambda: BEGAN + timedelta(seconds=loop.time()), monotonic=loop.time
    )
