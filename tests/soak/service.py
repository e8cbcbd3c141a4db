"""What systemd is to the bot by docs/deploy/openbell.service: it is told that the bot is
ready and that its loop turns, ends it, and starts it again."""

import asyncio
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import SpawnProcess
from pathlib import Path
from time import monotonic
from typing import Final, NamedTuple, Protocol


WATCHDOG: Final = 4.0
"""Seconds that the bot is told it has for a sign of life; the unit gives it 90, and no
session takes so long here."""

MOST: Final = 90.0
"""WatchdogSec of the unit: a longer silence would end the bot."""

_AGAIN: Final = 60.0


class Account(NamedTuple):
    """What a supervisor has counted, and what of it should not have been."""

    said: str
    wrong: Sequence[str]


class Supervisor(Protocol):
    """Whoever starts the bot, and starts it again."""

    @property
    def pid(self) -> int:
        """The bot's process."""
        ...

    def log_size(self) -> int:
        """Bytes of the log on disk."""
        ...

    async def again(self, *, kill: bool) -> bool:
        """End the bot, in order or as a crash does, and have it started again. Whether
        it says that it is ready."""
        ...

    async def account(self) -> Account:
        """To be asked at the end, while the bot should still live."""
        ...


@dataclass(slots=True)
class Service:
    """The bot's process, and what it has said to whoever supervises it.

    ``starts``, ``readies`` and ``ends`` count; ``longest`` are the most seconds between
    two signs of life of one run.
    """

    begin: Callable[[], SpawnProcess]
    out: socket.socket
    log: Path
    process: SpawnProcess = field(init=False)
    starts: int = 0
    readies: int = 0
    ends: int = 0
    longest: float = 0.0
    _beat: float | None = None

    @property
    def pid(self) -> int:
        assert self.process.pid
        return self.process.pid

    def log_size(self) -> int:
        return self.log.stat().st_size

    def start(self) -> None:
        self.starts += 1
        self._beat = None
        self.process = self.begin()

    async def again(self, *, kill: bool) -> bool:
        (self.process.kill if kill else self.process.terminate)()
        await asyncio.to_thread(self.process.join)
        before, until = self.readies, monotonic() + _AGAIN
        self.start()
        while self.readies == before and monotonic() < until:  # noqa: ASYNC110  time itself
            await asyncio.sleep(0.05)
        return self.readies > before

    def receive(self) -> None:
        """Read what has come."""
        for word in self.out.recv(4096).decode().splitlines():
            self.readies += word == "READY=1"
            self.ends += word == "STOPPING=1"
            if word == "WATCHDOG=1":
                self._note(monotonic())

    def _note(self, beat: float) -> None:
        if self._beat is not None:
            self.longest = max(self.longest, beat - self._beat)
        self._beat = beat

    async def account(self) -> Account:
        said = (
            f"{self.starts} starts, {self.readies} times ready, {self.ends} ends in "
            f"order, {self.longest:.1f} s at most between two signs of life"
        )
        return Account(said, list(self._wrong()))

    def _wrong(self) -> Iterator[str]:
        if self.readies != self.starts:
            yield f"{self.starts} starts, and {self.readies} of them said READY=1"
        if self.longest > MOST:
            yield f"no sign of life for {self.longest:.0f} s"
        if self.process.exitcode is not None:
            yield f"the bot ended by itself: {self.log.read_text()[-2000:]}"


@contextmanager
def supervised(
    folder: Path, log: Path, begin: Callable[[dict[str, str]], SpawnProcess]
) -> Iterator[Service]:
    """The bot that *begin* starts with these further settings and that writes to *log*,
    supervised until the block is left. Needs a running loop."""
    path = folder / "notify"
    words = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": f"{WATCHDOG * 1e6:.0f}"}
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.bind(str(path))
        out.setblocking(False)
        service = Service(lambda: begin(words), out, log)
        loop.add_reader(out, service.receive)
        service.start()
        try:
            yield service
        finally:
            service.process.terminate()
            service.process.join()
            loop.remove_reader(out)
