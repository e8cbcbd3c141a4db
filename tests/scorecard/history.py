"""One simulated history, end to end: the real recorder, follower, journal and score over
a market of random walks."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from core.flows.outcomes import OutcomeTracker
from core.model.market import ConId, RankBy, Session, Sessions, Snapshot
from core.model.money import Shares
from core.model.proposal import ProposalId
from core.model.scoring.following import Followed
from core.model.scoring.recording import Recording
from core.model.scoring.score import Score
from core.rules.ranking import rank
from core.rules.scoring.following import SETTLED
from core.rules.scoring.recording import recording
from core.rules.selection import legs
from core.store.scores import score_of
from tests.builders import a_proposal
from tests.core.store.journals import path_in, write_template
from tests.harness.core import Harness, a_harness
from tests.harness.waiting import turns
from tests.scorecard.market import SCANNED, RandomWalks, weeks


SHARES = Shares(200)
"""The fee of an order is a dollar in $100,000."""


class NoScore:
    """The score is asked for at the end only, not each evening: it takes a second."""

    async def score(self) -> Score | None:
        return None


@dataclass(slots=True)
class History:
    """A journal that is written day by day; ``picked`` are the picks of each card."""

    harness: Harness
    market: RandomWalks
    sessions: Sessions
    done: int = 0
    picked: list[frozenset[ConId]] = field(default_factory=list)

    async def live(self, number: int, *, followed: bool = True) -> None:
        """So many sessions, a card in each; without *followed* the bot is off after the
        card, and nothing is looked at."""
        days = self.sessions.all[self.done : self.done + number]
        for session in days:
            self.record(session)
            if followed:
                await self.evening(session)
        self.done += number

    def record(self, session: Session) -> None:
        """The card of one morning, and the rest of its session."""
        rows = self.market.morning(session)
        self.harness.clock.moment = session.opens + SCANNED
        recorded = self._recording(session, rows)
        self.harness.cards().record(recorded)
        self.picked.append(frozenset(recorded.picked))
        self.market.afternoon(session, self.picked[-1])

    async def evening(self, session: Session) -> None:
        """Follow all that is due, from a quarter of an hour after the close on."""
        self.harness.clock.moment = session.closes + SETTLED
        tracker = OutcomeTracker(
            past=self.market,
            lines=self.harness.broker,
            recordings=self.harness.journal.recordings,
            calendar=self.harness.calendar,
            unit=self.harness.unit(),
            scoring=NoScore(),
            memory=self.harness.journal.memory,
        )
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(tracker.run())
            tracker.look()
            await turns()
            running.cancel()

    def followed(self) -> list[Followed]:
        return [
            each
            for _, became in self.harness.journal.recordings.followed()
            for each in became
        ]

    def score(self) -> Score:
        found = score_of(path_in(self.harness.directory))
        assert found is not None
        return found

    def _recording(self, session: Session, rows: tuple[Snapshot, ...]) -> Recording:
        at = session.opens + SCANNED
        ranking = rank(rows, rank_by=RankBy.SCANNER, session_day=session.day, at=at)
        card = a_proposal(
            id=ProposalId(f"card-{session.day}"),
            session_day=session.day,
            ranking=ranking,
            legs=legs(ranking, shares=SHARES),
        )
        return recording(card, settings="random walks", shares=SHARES)


@contextmanager
def a_history(seed: int, *, edge: float = 0.0, length: int = 12) -> Iterator[History]:
    """An empty one; its calendar knows *length* weeks."""
    with TemporaryDirectory() as folder:
        write_template(path_in(Path(folder)))
        harness = a_harness(Path(folder))
        harness.calendar.known = weeks(length)
        harness.start()
        try:
            market = RandomWalks(Random(seed), edge=edge)
            yield History(harness, market, harness.calendar.known)
        finally:
            harness.stop()
