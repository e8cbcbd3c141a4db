"""The stores that keep these promises."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.ports.journal import Store
from tests.core.store.journals import open_in


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_in(tmp_path) as journal:
        yield journal
