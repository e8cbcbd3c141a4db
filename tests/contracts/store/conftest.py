"""The stores that keep these promises: the one on disk, and the one in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.ports.journal import Store
from tests.core.store.journals import open_in
from tests.fakes.journal_memory import MemoryStore


@pytest.fixture(params=["on disk", "in memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "in memory":
        yield MemoryStore()
        return
    with open_in(tmp_path) as journal:
        yield journal
