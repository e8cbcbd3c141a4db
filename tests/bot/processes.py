"""`python -m bot` as a process of its own, with what it says."""

import asyncio
import os
import pty
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

from bot.sandbox.changes import Changes
from tests.harness.waiting import SOON


ROOT: Final = Path(__file__).parents[2]

WARM: Final = SOON
"""Seconds that a process may take to start on a busy machine."""

_ENDING: Final = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class Running:
    """A process and all it has said so far, on both of its streams."""

    process: Process
    said: str = ""
    _changes: Changes = field(default_factory=Changes)

    async def says(
        self, enough: Callable[[str], bool], *, within: float = WARM
    ) -> None:
        """Return when *enough* holds for all it has said.

        Raises:
            TimeoutError: it did not say it.
        """
        async with asyncio.timeout(within):
            while not enough(self.said):
                await self._changes.wait()

    async def ends(self, *, within: float = WARM) -> int:
        """Return its exit code, when it has ended and all it said is heard."""
        async with asyncio.timeout(within):
            code = await self.process.wait()
        await self.listening
        return code

    async def listen(self) -> None:
        """Hear it out."""
        assert self.process.stdout
        while line := await self.process.stdout.readline():
            self.said += line.decode()
            self._changes.announce()

    listening: asyncio.Task[None] = field(init=False)


@asynccontextmanager
async def running(
    *words: str,
    cwd: Path,
    settings: Mapping[str, str] | None = None,
    through: Sequence[str] = (),
    stdin: int = DEVNULL,
) -> AsyncIterator[Running]:
    """`python -m bot` with *words*, in *cwd*, leading a process group of its own; started
    by the command *through*, if there is one, and reading from *stdin*.

    Whatever is left of the group when the block is left is killed.
    """
    others = {k: v for k, v in os.environ.items() if not k.startswith("OPENBELL_")}
    with nothing_ignored():
        process = await asyncio.create_subprocess_exec(
            *(*through, sys.executable, "-m", "bot", *words),
            env=others | {"PYTHONPATH": str(ROOT)} | dict(settings or {}),
            cwd=cwd,
            stdin=stdin,
            stdout=PIPE,
            stderr=STDOUT,
            start_new_session=True,
        )
    run = Running(process)
    async with asyncio.TaskGroup() as tasks:
        run.listening = tasks.create_task(run.listen(), name="listening")
        try:
            yield run
        finally:
            if group_is_alive(process.pid):
                os.killpg(process.pid, 9)
            await process.wait()


@contextmanager
def a_terminal() -> Iterator[int]:
    """The file descriptor of a terminal at which nobody types."""
    master, slave = pty.openpty()
    try:
        yield slave
    finally:
        os.close(slave)
        os.close(master)


@contextmanager
def nothing_ignored() -> Iterator[None]:
    """Who is started meanwhile ignores no signal that ends a program, as at a terminal;
    else it would ignore what its starter does (`nohup`, or `&` in a script)."""
    ignored = [each for each in _ENDING if signal.getsignal(each) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, _caught)  # what is caught is the default after exec
    try:
        yield
    finally:
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)


def _caught(_number: int, _frame: FrameType | None) -> None:
    """Nothing: the tests go on, as if it were ignored."""


def group_is_alive(leader: int) -> bool:
    """Whether a process of that group is there still."""
    with suppress(ProcessLookupError):
        os.killpg(leader, 0)
        return True
    return False


def contents(folder: Path) -> list[str]:
    """The names of what is in *folder*, sorted."""
    return sorted(path.name for path in folder.iterdir())
