"""Each contract test runs twice: in memory, and at a simulated gateway."""

from collections.abc import AsyncIterator

import pytest

from tests.contracts.ib.worlds import World, a_world
from tests.simulation.in_tests import pytest_asyncio_loop_factories, simulated_libraries


__all__ = ["pytest_asyncio_loop_factories", "simulated_libraries"]


@pytest.fixture(params=["memory", "gateway"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    async with a_world(request.param) as world:
        yield world
