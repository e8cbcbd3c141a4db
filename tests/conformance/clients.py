"""The independent clients as processes, and one conversation with a gateway in each."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any, Final

from tests.conformance.drivers.speech import BROKEN, CLOSED, OPENED
from tests.conformance.install import FOLDER, HERE, OFFICIAL, STOQEY
from tests.conformance.vocabulary import WORDS


ROOT: Final = HERE.parents[1]
TIMEOUT: Final = 20.0  # seconds to wait for what must come; a busy machine is slow
LONGEST_LINE: Final = 1 << 22


class ClientName(StrEnum):
    """The columns of the matrix."""

    IB_ASYNC = "ib_async"
    OFFICIAL = "ibapi"
    STOQEY = "@stoqey/ib"
    AT_173 = "version 173"
    INSYNC_86 = "insync .86"
    INSYNC_70 = "insync .70"
    OFFICIAL_981 = "ibapi 9.81"
    STOQEY_12 = "stoqey 1.2"


CURRENT: Final = (ClientName.IB_ASYNC, ClientName.OFFICIAL, ClientName.STOQEY)
NEWEST_VERSION: Final[Mapping[ClientName, int]] = {
    ClientName.AT_173: 173,
    ClientName.INSYNC_86: 176,
    ClientName.INSYNC_70: 163,
    ClientName.OFFICIAL_981: 157,
    ClientName.STOQEY_12: 165,
}
OLDER: Final = tuple(NEWEST_VERSION)


def older_than(version: int, what: str) -> dict[ClientName, str]:
    """Say of the clients that are too old for it that *what* came later."""
    words = f"It speaks an older version: {what} came with {version}."
    return {name: words for name, own in NEWEST_VERSION.items() if own < version}


class Disappointed(AssertionError):
    """The client did not hear what it had to hear, or heard what it must not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMessage:
    """One callback, its arguments by the names of the API's documentation."""

    name: str
    args: Mapping[str, Any]

    def __getitem__(self, word: str) -> Any:
        return self.args[word]

    def matches(self, wanted: Mapping[str, Any]) -> bool:
        """Whether every wanted argument is as wanted; ``a__b`` looks into an object."""
        return all(self._agrees(*each) for each in wanted.items())

    def _agrees(self, path: str, wish: Any) -> bool:
        value: Any = self.args
        for word in path.split("__"):
            value = value.get(word) if isinstance(value, Mapping) else None
        if callable(wish):
            return value is not None and bool(wish(value))
        return bool(value == wish)


class Conversation:
    """One connection of one client, and everything it has heard."""

    def __init__(self, process: "ClientProcess", line: str) -> None:
        self._process = process
        self._line = line
        self._news = asyncio.Event()
        self.received: list[ReceivedMessage] = []

    def ask(self, deed: str, *words: object) -> None:
        """Let the client call the method *deed* of its API."""
        self._process.send(self._line, deed, *words)

    def learn(self, received: ReceivedMessage) -> None:
        """Take note of a callback."""
        self.received.append(received)
        self._news.set()

    def mark(self) -> int:
        """Return a place in what was heard, for ``since``."""
        return len(self.received)

    def all(self, name: str, *, since: int = 0, **wanted: Any) -> list[ReceivedMessage]:
        """Return every such callback so far."""
        received = self.received[since:]
        return [each for each in received if each.name == name and each.matches(wanted)]

    async def receives(
        self, name: str, *, since: int = 0, within: float = TIMEOUT, **wanted: Any
    ) -> ReceivedMessage:
        """Return the first such callback, once it comes.

        Raises:
            Disappointed: it did not come in time.
        """
        try:
            async with asyncio.timeout(within):
                while not (found := self.all(name, since=since, **wanted)):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise Disappointed(self._complaint(name, wanted)) from None
        return found[0]

    def _complaint(self, name: str, wanted: Mapping[str, Any]) -> str:
        same = [str(dict(each.args))[:300] for each in self.all(name)[-3:]]
        names = [each.name for each in self.received[-12:]]
        errors = [dict(each.args) for each in self.all("error")[-3:]]
        wish = {
            word: "(a condition)" if callable(w) else w for word, w in wanted.items()
        }
        return (
            f"no {name} {wish}; such were {same}; errors {errors}; last heard {names}"
        )

    async def refused(
        self, code: int, *, since: int = 0, **wanted: Any
    ) -> ReceivedMessage:
        """Return the error with this code, once it comes."""
        return await self.receives("error", since=since, code=code, **wanted)

    async def settled(self) -> None:
        """Wait until the gateway has answered what was asked before."""
        here = self.mark()
        self.ask("reqCurrentTime")
        await self.receives("currentTime", since=here)


class ClientProcess:
    """A process that holds one client; its driver obeys and reports."""

    def __init__(self, process: asyncio.subprocess.Process, name: ClientName) -> None:
        self._process = process
        self.name = name
        self._lines: dict[str, Conversation] = {}
        self._numbers = count(1)
        self.ended = False
        self.broken: list[str] = []  # what the client could not make sense of

    def open_line(self) -> Conversation:
        """Make room for one more connection."""
        line = str(next(self._numbers))
        conversation = self._lines[line] = Conversation(self, line)
        return conversation

    def forget(self) -> None:
        """Begin anew: what is still to come of earlier connections does not count."""
        self._lines.clear()
        self.broken.clear()

    def send(self, line: str, deed: str, *words: object) -> None:
        """Write one order to the driver."""
        order = json.dumps({"line": line, "do": deed, "with": words})
        if self._process.stdin is None:
            raise RuntimeError("a driver without input")
        self._process.stdin.write(f"{order}\n".encode())

    async def listen(self) -> None:
        """Hand out what the driver reports, until it ends."""
        if self._process.stdout is None:
            raise RuntimeError("a driver without output")
        async for text in self._process.stdout:
            told = json.loads(text)
            ours = told["line"] in self._lines
            if told["name"] == BROKEN and (ours or not told["line"]):
                self.broken.append(str(told["args"][0]))
            elif ours:
                self._lines[told["line"]].learn(_named(told["name"], told["args"]))
        self.ended = True
        self.broken.append("the driver has ended")


def _named(name: str, args: list[Any]) -> ReceivedMessage:
    words = WORDS.get(name, ())
    return ReceivedMessage(name=name, args=dict(zip(words, args, strict=False)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to start a client's driver."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def _python(module: str, *folders: Path, **environment: str) -> Recipe:
    path = os.pathsep.join(str(each) for each in (ROOT, *folders))
    command = (sys.executable, "-m", f"tests.conformance.drivers.{module}")
    return Recipe(command=command, environment={"PYTHONPATH": path, **environment})


def _node(name: str) -> Recipe:
    driver = HERE / "drivers" / "stoqey.mjs"
    return Recipe(command=("node", str(driver), str(FOLDER / name)))


RECIPES: Final[Mapping[ClientName, Callable[[], Recipe]]] = {
    ClientName.IB_ASYNC: lambda: _python("asynchronous"),
    ClientName.OFFICIAL: lambda: _python("official", FOLDER / OFFICIAL),
    ClientName.AT_173: lambda: _python("asynchronous", NEWEST_VERSION="173"),
    ClientName.INSYNC_86: lambda: _python(
        "asynchronous", FOLDER / "ib_insync-0.9.86", LIBRARY="ib_insync"
    ),
    ClientName.INSYNC_70: lambda: _python(
        "asynchronous", FOLDER / "ib_insync-0.9.70", LIBRARY="ib_insync"
    ),
    ClientName.OFFICIAL_981: lambda: _python("official", FOLDER / "ibapi-9.81"),
    ClientName.STOQEY: lambda: _node(STOQEY),
    ClientName.STOQEY_12: lambda: _node("stoqey-1.2.39"),
}


@asynccontextmanager
async def running(name: ClientName) -> AsyncIterator[ClientProcess]:
    """Keep a client's process running for as long as the block lasts."""
    recipe = RECIPES[name]()
    process = await asyncio.create_subprocess_exec(
        *recipe.command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, **recipe.environment},
        limit=LONGEST_LINE,
    )
    client = ClientProcess(process, name)
    async with asyncio.TaskGroup() as children:
        listening = children.create_task(client.listen(), name=f"listens to {name}")
        try:
            yield client
        finally:
            listening.cancel()
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def opened(conversation: Conversation, port: int, client_id: int) -> None:
    """Connect, and wait until the gateway has said its first words."""
    conversation.ask("connect", port, client_id)
    await conversation.receives(OPENED)
    await conversation.receives("nextValidId")


async def hung_up(conversation: Conversation) -> None:
    """Wait until the client has noticed that the line is gone."""
    await conversation.receives(CLOSED)
