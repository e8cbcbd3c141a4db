"""A slow or busy machine does not fail a property; a house of its own for each story."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.harness.core import House, an_open_house


settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Its process has begun; nothing runs yet, and there is no line."""
    with an_open_house(tmp_path) as house:
        yield house
