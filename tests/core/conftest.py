"""A harness of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.core import Harness, an_open_harness


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[Harness]:
    """Its process has begun; nothing runs yet, and there is no line."""
    with an_open_harness(tmp_path) as harness:
        yield harness
