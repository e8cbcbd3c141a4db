"""Every test below this folder is a journey; each has a folder of its own.

They are walked in simulated time, on one loop with the bot, but for those that say that
they need a process or a browser (``real_time``).
"""

from pathlib import Path

import pytest

from tests.simulation.in_tests import pytest_asyncio_loop_factories, simulated_libraries


__all__ = ["pytest_asyncio_loop_factories", "simulated_libraries"]

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)
