"""One process of the bot on a jumping clock, for games that may kill it anywhere."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from hypothesis.stateful import RuleBasedStateMachine, initialize

from core.model.order import OrderState
from core.model.patience import Patience
from core.model.points import (
    RECOVER_ABSENT,
    RECOVER_ADOPT,
    RECOVER_ASK,
    SENT,
    W1,
    W2,
    W3,
    W4,
    W5,
)
from core.model.proposal import Tap
from tests.builders import an_account, money
from tests.core.trading import a_house, turns
from tests.fakes.loop import JumpingLoop


MEMORY: Final = Path("/dev/shm")  # noqa: S108  a journal of this process alone
"""Where syncing a journal costs nothing, if the machine has it."""

LABELS: Final = (
    *W1,
    *W2,
    *W3,
    *W4,
    *W5,
    SENT,
    RECOVER_ADOPT,
    RECOVER_ABSENT,
    RECOVER_ASK,
)
"""Where a process can be killed."""


class KilledError(BaseException):
    """kill -9, as far as one process can play it."""


class Game(RuleBasedStateMachine):
    """An engine that runs between the rules. ``wrong`` are broken promises that only
    show while it runs."""

    @initialize()
    def begin(self) -> None:
        """A process starts on a fresh journal; the line is up."""
        directory = mkdtemp(dir=MEMORY if MEMORY.is_dir() else None)
        self.house = a_house(
            Path(directory), patience=Patience(), max_day=money("1000000")
        )
        self.house.broker.summary = an_account(available_funds=money("1000000"))
        self.loop = JumpingLoop(
            lambda seconds: self.house.clock.forward(seconds=seconds)
        )
        self.taps: list[Tap] = []
        self.keys = self.nights = 0
        self.wrong: list[str] = []
        self.engine: asyncio.Task[None] | None = None
        self.start()
        self.house.broker.connect()
        self.act(turns)

    # the process

    def start(self) -> None:
        self.house.start()
        self.house.reached = self.watch_w2
        self.engine = self.loop.create_task(self.house.engine.run(), name="engine")

    def stop(self) -> None:
        """The process is gone. If nothing killed it, it says on disk that it ended
        well, so that ever new starts are no crash loop."""
        assert self.engine is not None
        self.engine.cancel()
        self.loop.run_until_complete(asyncio.wait([self.engine]))
        if not self.engine.cancelled():
            killed = self.engine.exception()
            assert killed is None or _is_killed(killed), killed
        self.house.stop()

    def act(self, story: Callable[[], Awaitable[object]]) -> None:
        """Do it, and bury the process if it died of it."""

        async def doing() -> None:
            await story()
            await turns(8)

        try:
            self.loop.run_until_complete(doing())
        except KilledError:
            self.restart()
            return
        assert self.engine is not None
        if self.engine.done():
            self.restart()

    def do(self, happens: Callable[[], object]) -> None:
        async def story() -> None:
            happens()

        self.act(story)

    def restart(self) -> None:
        self.stop()
        self.start()

    def watch_w2(self, point: str) -> None:
        """I3: whenever an order is about to leave, nothing else is in doubt."""
        if point == "W2":
            status = self.house.engine.status()
            sending = [o for o in status.in_doubt if o.state is OrderState.SENDING]
            if len(sending) != 1 or not status.reconciled or status.halted:
                self.wrong.append(f"I3 {len(sending)} {status.blocks}")


def _is_killed(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(_is_killed(each) for each in error.exceptions)
    return isinstance(error, KilledError)
