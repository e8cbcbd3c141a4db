"""Where a measurement takes place: a gateway in another process, and its diary."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from core.sandbox.latency import Profile


SCAN, QUOTE, BARS, ORDER = 22, 1, 20, 3
"""The numbers of the messages that a client asks with."""

SEED: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message that the gateway took up: when (monotonic seconds), and how long
    its answer was drawn to take."""

    at: float
    client: int
    message: int
    request: int
    takes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A running gateway."""

    port: int
    began: datetime
    since: float
    diary: Path

    def now(self) -> datetime:
        """The gateway's own time: the product's clock here."""
        return self.began + timedelta(seconds=time.monotonic() - self.since)

    def entries(self, client: int) -> tuple[Entry, ...]:
        """What one client asked for, in order."""
        lines = self.diary.read_text(encoding="utf-8").splitlines()
        told = (Entry(**json.loads(line)) for line in lines)
        return tuple(entry for entry in told if entry.client == client)


@asynccontextmanager
async def opened(
    profile: Profile, *, missing: float = 0.0, ticks: int = 0
) -> AsyncIterator[Site]:
    """A gateway in a process of its own for as long as the block lasts; *ticks* are sent
    each second beside its own."""
    with TemporaryDirectory(prefix="openbell-bench-") as folder:
        diary = Path(folder) / "diary"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.gateway"),
            *(str(diary), profile, str(SEED), str(missing), str(ticks)),
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout
        try:
            port, moment = (await process.stdout.readline()).decode().split()
            yield Site(
                port=int(port),
                began=datetime.fromisoformat(moment).astimezone(UTC),
                since=time.monotonic(),
                diary=diary,
            )
        finally:
            process.terminate()
            await process.wait()
