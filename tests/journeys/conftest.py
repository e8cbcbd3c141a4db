"""Every test below this folder is a journey; each has a folder of its own.

They are walked in simulated time, on one loop with the bot, but for those that say that
they need a process or a browser (``real_time``).
"""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.simulation import in_tests
from tests.simulation.in_tests import simulated_libraries


__all__ = ["simulated_libraries"]

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.timeout(120))


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Which loop a journey is walked on."""
    if item.get_closest_marker("real_time"):
        return {"real": asyncio.new_event_loop}
    return in_tests.pytest_asyncio_loop_factories(config, item)
