"""For the conformance checks: a gateway, a recorded connection, and one client."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.server import GatewayServer, serve
from tests.conformance.clients import (
    CURRENT,
    ClientName,
    ClientProcess,
    Conversation,
    Disappointed,
    opened,
)
from tests.conformance.published import miscounted
from tests.conformance.wiretap import Wiretap, tapped


MID_MORNING: Final = datetime.fromisoformat("2026-07-30T10:15:00-04:00")
EVENING: Final = datetime.fromisoformat("2026-07-30T20:15:00-04:00")
NEXT_OPEN: Final = datetime.fromisoformat("2026-07-31T09:30:05-04:00")
USUAL: Final = GatewayConfig(
    port=0, seed=20260730, profile=Profile.INSTANT, clock=MID_MORNING
)


class ClientHarness:
    """One gateway and one client; further connections when asked for."""

    def __init__(
        self, server: GatewayServer, tap: Wiretap, process: ClientProcess
    ) -> None:
        self.server = server
        self.tap = tap
        self._process = process
        self._open: list[Conversation] = []

    async def client(self, client_id: int = 1) -> Conversation:
        """Connect the client under check, and wait for its first order id."""
        conversation = self.line()
        await opened(conversation, self.tap.port, client_id)
        return conversation

    def line(self) -> Conversation:
        """Reserve a recorded connection that the check opens itself."""
        conversation = self._process.open_line()
        self._open.append(conversation)
        return conversation

    def excuse(self, words: str) -> None:
        """Drop the client's complaints so far that contain these words."""
        broken = self._process.broken
        broken[:] = [each for each in broken if words not in each]

    def leave(self) -> None:
        """Close every connection of this check."""
        for each in self._open:
            if each.received:
                each.ask("disconnect")


Play = Callable[[ClientHarness], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One row of the matrix.

    ``without`` gives the reason for each client that cannot take part. A ``rough``
    check sends broken messages on purpose, so neither field counts nor complaints are
    checked.
    """

    title: str
    play: Play
    gateway: GatewayConfig = USUAL
    without: Mapping[ClientName, str] = field(default_factory=dict)
    rough: bool = False

    async def on(self, process: ClientProcess) -> None:
        """Run the check with one client.

        Raises:
            AssertionError: the gateway or the client did not behave as it must.
        """
        process.forget()
        async with serve(self.gateway) as server, tapped(server.port) as tap:
            harness = ClientHarness(server, tap, process)
            try:
                await self.play(harness)
                if not self.rough:
                    judge(tap, process, current=process.name in CURRENT)
            finally:
                harness.leave()


def judge(tap: Wiretap, process: ClientProcess, *, current: bool) -> None:
    """Count the fields of all messages, and look for complaints of the client.

    Raises:
        Disappointed: a message was not as published, or the client did not understand it.
    """
    counted = tap.lines if current else []  # the counts are those of version 178
    wrong = [fault for line in counted for fault in miscounted(line.told())]
    if wrong or process.broken:
        raise Disappointed("; ".join([*dict.fromkeys(wrong), *process.broken]))


def check(
    title: str,
    *,
    without: Mapping[ClientName, str] | None = None,
    rough: bool = False,
    **settings: Any,
) -> Callable[[Play], Check]:
    """Make a check of a coroutine; *settings* are those of the gateway that are not the
    default.
    """

    def made(play: Play) -> Check:
        return Check(
            title=title,
            play=play,
            gateway=replace(USUAL, **settings),
            without=without or {},
            rough=rough,
        )

    return made


@asynccontextmanager
async def second_gateway(
    config: GatewayConfig,
) -> AsyncIterator[tuple[GatewayServer, Wiretap]]:
    """Serve one more gateway, for checks of what survives a restart of the process."""
    async with serve(config) as server, tapped(server.port) as tap:
        yield server, tap
