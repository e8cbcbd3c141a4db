"""A slow or busy machine does not fail a property; a harness of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.harness.core import Harness, an_open_harness


settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[Harness]:
    """Its process has begun; nothing runs yet, and there is no line."""
    with an_open_harness(tmp_path) as harness:
        yield harness
