"""Every test below this folder is a journey; each has a folder of its own."""

from pathlib import Path

import pytest


HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.timeout(120))
