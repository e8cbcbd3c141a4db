"""What does not grow: with the journal's age, and with the ticks of a busy market."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Final

from core.model.news import CardChanged
from core.model.proposal import ProposalState
from core.sandbox.latency import Profile
from core.store.journal import Journal
from tests.bench.site import opened
from tests.bench.table import Figure
from tests.bench.whole import Bot, running
from tests.builders import NOW
from tests.core.store.journals import open_in, proposals


STARTS: Final = 5
ANSWERS: Final = 20
TICKS: Final = 50_000
"""A second."""

CARDS: Final = 20_000
LINES: Final = 400_000
UPDATES: Final = 50_000


async def measured() -> list[Figure]:
    """Rows of a long past, and of a flood of ticks."""
    return [*await with_a_long_past(), await _flooded()]


async def with_a_long_past() -> list[Figure]:
    """Rows of a journal of 500 MB. It is written once, and copied for each start: it
    takes some 15 s of CPU to write."""
    with TemporaryDirectory(prefix="openbell-past-") as folder:
        long_past(Path(folder))

        def past(data: Path) -> None:
            copytree(folder, data, dirs_exist_ok=True)

        async with opened(Profile.INSTANT) as site:
            starts: list[float] = []
            for _ in range(STARTS):
                async with running(site, past=past) as bot:
                    starts.append(bot.seconds_to_ready)
            async with running(site, past=past) as bot:
                answers = tuple([await _status(bot) for _ in range(ANSWERS)])
    return [
        Figure(
            name="start to ready, journal of 500 MB",
            values=tuple(starts),
            median_aim=1.0,
        ),
        Figure(
            name="/status, journal of 500 MB",
            values=answers,
            unit="ms",
            worst_aim=0.1,
        ),
    ]


async def _flooded() -> Figure:
    async with opened(Profile.INSTANT, ticks=TICKS) as site, running(site) as bot:
        await bot.card()  # from here on its stocks are watched
        flooded = tuple([await _status(bot) for _ in range(ANSWERS)])
    return Figure(
        name=f"/status, {TICKS:,} ticks a second",
        values=flooded,
        unit="ms",
        worst_aim=0.1,
    )


async def _status(bot: Bot) -> float:
    await asyncio.sleep(0.3)
    began = time.monotonic()
    sent = await bot.phone.send("/status")
    await bot.phone.reads("", after=sent, within=30)
    return time.monotonic() - began


def long_past(folder: Path, *, share: float = 1) -> None:
    """Some years of cards, news, updates and audit lines, or a *share* of them; all
    settled."""
    updates, lines = int(share * UPDATES), int(share * LINES)
    with open_in(folder) as journal:
        with journal.transaction():
            journal.inbox.receive([(n, "x" * 1_000) for n in range(updates)], at=NOW)
            for number in range(updates):
                journal.inbox.finish(number)
        with journal.transaction():
            _tell_cards(journal, int(share * CARDS))
        with journal.transaction():
            for number in range(lines):
                journal.trail.append(
                    at=NOW, ref=f"p{number}", kind="note", payload="x" * 700
                )


def _tell_cards(journal: Journal, count: int) -> None:
    for number, offer in enumerate(proposals(count)):
        card = replace(
            offer,
            state=ProposalState.SUPERSEDED,
            decided_by="a newer card",
            decided_at=NOW,
        )
        journal.proposals.add(card)
        news = CardChanged(proposal_id=card.id)
        journal.outbox.notify(news)
        journal.outbox.mark_sent(news, edition=1, message=number)
