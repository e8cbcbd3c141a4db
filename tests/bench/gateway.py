"""The simulated gateway as a process of its own, with a diary of what it drew.

``python -m tests.bench.gateway DIARY PROFILE SEED MISSING TICKS`` serves until it is told
to stop. Each line of the diary is one message of a client: when it was taken up, on
the clock that all processes of a machine share, and how long its answer was drawn to
take. MISSING is the share of quote and bar requests that are never answered, TICKS how
many ticks are sent each second beside the gateway's own.
"""

import asyncio
import json
import random
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Final, TextIO

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.gateway.gateway import Gateway
from core.sandbox.gateway.handlers import HANDLERS
from core.sandbox.gateway.requests import orders
from core.sandbox.gateway.session import ClientSession, message_id, request_id
from core.sandbox.latency import AnswerKind, Latency, Profile
from core.sandbox.protocol.wire import Fields
from core.sandbox.server import serve
from core.sandbox.trouble.faults import QUIET_DAY, Action, Scenario, Trouble
from tests.bench.flood import flood
from tests.bench.site import QUOTE


CANCEL_QUOTE: Final = 2
CLOCK: Final = datetime.fromisoformat("2026-11-23T09:41:00-05:00")
"""A Monday, eleven minutes into its session."""

MOST_MESSAGES: Final = 5_000
"""Of each kind; so many are dealt out for the share that goes missing."""


class _Noted(Latency):
    """Draws as ever, and lets the gateway note it."""

    def __init__(self, profile: Profile, *, seed: str, takes: list[float]) -> None:
        super().__init__(profile, seed=seed)
        self._takes = takes

    def __call__(self, step: AnswerKind) -> float:
        seconds = super().__call__(step)
        self._takes.append(seconds)
        return seconds


class DiaryGateway(Gateway):
    """The gateway unchanged, but that it keeps a diary."""

    def __init__(self, config: GatewayConfig, diary: TextIO) -> None:
        self._diary = diary
        self._drawn: list[float] = []
        self.lines: set[int] = set()
        """Quote requests that are open."""
        super().__init__(config, answers=HANDLERS, tell=orders.tell)

    def latency(self, client_id: int) -> Latency:
        seed = f"{self.config.seed} {client_id}"
        return _Noted(self.config.profile, seed=seed, takes=self._drawn)

    def answer(self, session: ClientSession, message: Fields) -> None:
        at = time.monotonic()
        self._drawn.clear()
        super().answer(session, message)
        if message_id(message) == QUOTE:
            self.lines.add(request_id(message))
        elif message_id(message) == CANCEL_QUOTE:
            self.lines.discard(request_id(message))
        entry = {
            "at": at,
            "client": session.client_id,
            "message": message_id(message),
            "request": request_id(message),
            "takes": self._drawn[0] if self._drawn else 0.0,
        }
        self._diary.write(f"{json.dumps(entry)}\n")


def _missing(share: float) -> Scenario:
    """Swallow that share of the requests for quotes and bars, dealt by a seed."""
    deal = random.Random(share)
    troubles = tuple(
        Trouble(message=name, action=Action.DROP, nth=number)
        for name in ("reqMktData", "reqHistoricalData")
        for number in range(1, MOST_MESSAGES)
        if deal.random() < share
    )
    return Scenario(name="missing", seen="Replies that never come.", troubles=troubles)


async def main(
    diary: Path, profile: Profile, seed: int, missing: float, ticks: int
) -> None:
    """Serve until a signal comes; one line says that it is ready."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    config = GatewayConfig(
        port=0,
        seed=seed,
        profile=profile,
        clock=CLOCK,
        scenario=_missing(missing) if missing else QUIET_DAY,
    )
    with diary.open("a", buffering=1, encoding="utf-8") as book:
        async with serve(config) as server:
            server.gateway = gateway = DiaryGateway(config, book)
            server.gateway.now = server.clock.now()
            sys.stdout.write(f"{server.port} {server.clock.now().isoformat()}\n")
            sys.stdout.flush()
            async with asyncio.TaskGroup() as tasks:
                flooding = tasks.create_task(
                    flood(server, gateway.lines, ticks), name="flood"
                )
                await stop.wait()
                flooding.cancel()


if __name__ == "__main__":
    asyncio.run(
        main(
            Path(sys.argv[1]),
            Profile(sys.argv[2]),
            int(sys.argv[3]),
            float(sys.argv[4]),
            int(sys.argv[5]),
        )
    )
