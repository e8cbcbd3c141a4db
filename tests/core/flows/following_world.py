"""A bot that records scans and follows them, over a past that changes with the clock.

Tested by tests/core/flows/test_absences.py.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from core.flows.outcomes import OutcomeTracker
from core.model.market import Instrument, Snapshot
from core.model.proposal import ProposalId
from core.model.scoring.following import Followed, Horizon
from core.model.scoring.recording import Recording
from core.ports.journal import Recordings
from core.rules.new_york import NEW_YORK, day_of
from tests.builders import FDMX, QRVX, a_quote
from tests.contracts.store.test_recordings import A_RECORDING
from tests.core.flows.past_market import PastMarket, at
from tests.harness.core import Harness
from tests.scorecard.history import NoScore


SCANNED = time(9, 36)
"""In New York."""


@dataclass(slots=True)
class World:
    """A bot whose journal is real, and a market whose past it can ask for."""

    harness: Harness
    market: PastMarket
    tracker: OutcomeTracker = field(init=False)

    def __post_init__(self) -> None:
        self.harness.calendar.known = self.market.known
        self.restart()

    def restart(self) -> None:
        """Another process over the same journal."""
        self.tracker = self.following(self.harness.journal.recordings)

    def following(self, recordings: Recordings) -> OutcomeTracker:
        return OutcomeTracker(
            past=self.market,
            lines=self.harness.broker,
            recordings=recordings,
            calendar=self.harness.calendar,
            unit=self.harness.unit(),
            scoring=NoScore(),
            memory=self.harness.journal.memory,
        )

    def card(
        self,
        moment: datetime,
        *bare: Instrument,
        stocks: Sequence[Instrument] = (QRVX, FDMX),
    ) -> Recording:
        """A scan of *stocks*, and of *bare* ones without a quote, recorded at *moment*
        (UTC); its id is that moment of New York."""
        self.harness.clock.moment = moment
        quoted = [
            Snapshot(
                rank=rank,
                instrument=stock,
                quote=a_quote(bid=self.market.bid(stock.con_id, moment)),
            )
            for rank, stock in enumerate(stocks, start=1)
        ]
        unfit = [
            Snapshot(rank=rank, instrument=stock, quote=None, unfit="a warrant")
            for rank, stock in enumerate(bare, start=len(stocks) + 1)
        ]
        recorded = replace(
            A_RECORDING,
            proposal_id=ProposalId(f"{moment.astimezone(NEW_YORK):%m-%d %H:%M}"),
            session_day=day_of(moment),
            at=moment,
            rows=(*quoted, *unfit),
        )
        self.harness.cards().record(recorded)
        return recorded

    def cards(self, days: Iterable[date], times: Sequence[time] = (SCANNED,)) -> None:
        for day in days:
            for each in times:
                self.card(at(day, each))

    async def evening(self, moment: datetime) -> None:
        """It is *moment*, and the bot looks what is due."""
        self.harness.clock.moment = moment
        await self.look()

    async def look(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(self.tracker.run())
            self.tracker.look()
            for _ in range(3):
                await asyncio.sleep(0)
            running.cancel()

    def followed(self) -> list[Followed]:
        return [
            each
            for _, became in self.harness.journal.recordings.followed()
            for each in became
        ]

    def horizons(self) -> dict[ProposalId, set[Horizon]]:
        found: dict[ProposalId, set[Horizon]] = {}
        for each in self.followed():
            found.setdefault(each.proposal_id, set()).add(each.horizon)
        return found

    def days(self) -> list[date]:
        return [session.day for session in self.market.known.all]
