"""What the tests of the bot's face have in common."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.sandbox.changes import Changes
from bot.sandbox.server import BotApiServer
from core.model.card import Card
from core.model.proposal import ProposalId
from core.store.journal import Journal
from tests.harness.waiting import SOON, until


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def boottime(self) -> float:
        return self.at.timestamp()

    def wait(self, **span: float) -> None:
        self.at += timedelta(**span)


class Halt(asyncio.Event):
    """Holds whoever comes until it is set, and says when somebody has come."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()

    async def wait(self) -> Literal[True]:
        self.reached.set()
        return await super().wait()


class RingingJournal(Journal):
    """A journal that says when something was written."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.changes = Changes()

    def committed(self) -> None:
        super().committed()
        self.changes.announce()

    def raw_updates(self) -> list[str]:
        """Every raw update that is kept."""
        return [raw for (raw,) in self._access.rows("SELECT raw FROM inbox")]

    async def comes_to(self, look: Callable[[], bool], *, within: float = SOON) -> None:
        """Return when *look* holds; it is asked after every transaction.

        Raises:
            TimeoutError: it did not come to that.
        """
        async with asyncio.timeout(within):
            while not look():
                await self.changes.wait()


class DealtCards:
    """Implements CardReader: cards as a test has dealt them."""

    def __init__(self) -> None:
        self._cards: dict[ProposalId, Card] = {}

    def deal(self, card: Card) -> None:
        self._cards[card.proposal.id] = card

    def card(self, proposal_id: ProposalId) -> Card | None:
        return self._cards.get(proposal_id)


async def has_polled(server: BotApiServer) -> None:
    """Return when the bot's first poll is answered.

    Raises:
        TimeoutError: there was none.
    """
    await until(lambda: _polls(server))


def _polls(server: BotApiServer) -> bool:
    return any(call.method == "getUpdates" for call in server.calls)


@asynccontextmanager
async def running(story: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Have *story* run beside the block; its failure is the block's."""
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(story)
        yield
        task.cancel()


@contextmanager
def nobody_waits(_asker: int, _key: str) -> Iterator[None]:
    """Nobody is shown that something is on its way."""
    yield


async def greets_nobody() -> None:
    """There is no gateway to ask."""


async def no_menu(_number: int) -> None:
    """Shows nobody his commands."""
