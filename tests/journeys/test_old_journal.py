"""A start and /status do no more work in a long journal than in a short one: counted in
the steps of SQLite's machine, which no other work on the processor changes."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from core.store import disk
from tests.bench.load import long_past
from tests.harness.product import at, opened


SHORT: Final = 0.0005
"""Of what `make bench` calls a journal of 500 MB: ten cards, 200 lines, 25 updates."""

LONG: Final = 20 * SHORT

DEEPER: Final = 1.1
"""A search in a tree of one more level is some steps longer."""


class Steps:
    """Counts the steps of all statements of this process, in tens."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tens = 0
        connect: Callable[..., sqlite3.Connection] = sqlite3.connect

        def counted(*words: object, **more: object) -> sqlite3.Connection:
            connection = connect(*words, **more)
            connection.set_progress_handler(self._ten_more, 10)
            return connection

        monkeypatch.setattr(sqlite3, "connect", counted)
        monkeypatch.setattr(disk, "CHECKED_AT_ONCE", 0)

    def _ten_more(self) -> int:
        self.tens += 1
        return 0

    def since(self, before: int) -> int:
        return self.tens - before


def folder_in(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir()
    return made


async def steps_of(folder: Path, steps: Steps, *, share: float) -> tuple[int, int]:
    """What a start until it is ready takes, and one /status."""
    long_past(folder, share=share)
    async with opened(folder, clock=at(9, 41)) as product:
        began = steps.tens
        await product.start()
        await product.ready()
        started = steps.since(began)
        began = steps.tens
        await product.asked("/status")
        return started, steps.since(began)


async def test_neither_a_start_nor_the_status_grows_with_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = Steps(monkeypatch)

    short = await steps_of(folder_in(tmp_path, "short"), steps, share=SHORT)
    long = await steps_of(folder_in(tmp_path, "long"), steps, share=LONG)

    assert min(short) > 0
    for now, then in zip(long, short, strict=True):
        assert now <= then * DEEPER
