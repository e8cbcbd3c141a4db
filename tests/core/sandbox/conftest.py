"""The simulated gateway is tried in simulated time, but for what says ``real_time``."""

from tests.simulation.in_tests import pytest_asyncio_loop_factories, simulated_libraries


__all__ = ["pytest_asyncio_loop_factories", "simulated_libraries"]
