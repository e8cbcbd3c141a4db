"""From the scanner to a ranking. Looks at the market; cannot touch it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from core.model.errors import BrokerSaidNo, BrokerSilent
from core.model.market import (
    Bar,
    ConId,
    Instrument,
    RankBy,
    ScanRequest,
    Snapshot,
)
from core.model.patience import Patience
from core.model.ranking import Ranking
from core.model.status import ScanProgress
from core.ports import Clock, MarketData, QuoteStream
from core.rules.ranking import leaders, rank


KEEP: Final = 5
"""How many of the scanner's rows become the card."""

_GLANCE: Final = 0.2
"""Seconds between two looks at how far a scan is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanPlan:
    """What to scan for, how to rank it, whose open counts as today's (New York)."""

    request: ScanRequest
    rank_by: RankBy
    session_day: date
    patience: Patience


class _Scan:
    """What one scan has learned so far."""

    def __init__(self, market: MarketData, plan: ScanPlan, clock: Clock) -> None:
        self._market = market
        self._plan = plan
        self._clock = clock
        self._bars: dict[ConId, tuple[Bar, ...]] = {}
        self._problems: dict[ConId, str] = {}

    def snapshots(
        self, rows: Sequence[Instrument], stream: QuoteStream
    ) -> tuple[Snapshot, ...]:
        quotes, dead = stream.quotes(), stream.dead()
        return tuple(
            Snapshot(
                rank=number,
                instrument=row,
                quote=quotes.get(row.con_id),
                bars=self._bars.get(row.con_id),
                problem=dead.get(row.con_id) or self._problems.get(row.con_id),
            )
            for number, row in enumerate(rows, start=1)
        )

    def ranking(self, rows: Sequence[Instrument], stream: QuoteStream) -> Ranking:
        return rank(
            self.snapshots(rows, stream),
            keep=KEEP,
            rank_by=self._plan.rank_by,
            session_day=self._plan.session_day,
            at=self._clock.now(),
        )

    async def choose_five(
        self, rows: Sequence[Instrument], stream: QuoteStream
    ) -> tuple[Instrument, ...]:
        """The scanner's five at once; the live ranking's once all are quoted."""
        if self._plan.rank_by is RankBy.OPEN:
            everyone = [row.con_id for row in rows]
            await stream.settled(everyone, within=self._plan.patience.quotes)
        chosen = leaders(
            self.snapshots(rows, stream), rank_by=self._plan.rank_by, keep=KEEP
        )
        return tuple(snapshot.instrument for snapshot in chosen)

    async def learn_bars(self, instrument: Instrument) -> None:
        """The bars of one stock; a stock without them is named, not fatal."""
        try:
            self._bars[instrument.con_id] = await self._market.daily_bars(
                instrument, within=self._plan.patience.bars
            )
        except (BrokerSilent, BrokerSaidNo) as problem:
            self._problems[instrument.con_id] = str(problem)

    def progress(self, start: ScanProgress, stream: QuoteStream) -> ScanProgress:
        return replace(
            start,
            quotes=len(stream.quotes()),
            bars=len(self._bars),
            bars_wanted=min(KEEP, start.rows or 0),
        )


async def scan(
    market: MarketData,
    plan: ScanPlan,
    *,
    clock: Clock,
    on_progress: Callable[[ScanProgress], None],
    on_ranked: Callable[[Ranking], None],
) -> Ranking:
    """Scan, quote everybody at once, fetch the five's bars, and rank.

    *on_ranked* gets the ranking as soon as the five stand, with the quotes that have
    come; what is returned has the rest of them. A ranking without rows is the
    scanner's confirmed answer that there is nothing.

    Raises:
        BrokerAway, ScanRefused, ScanTimedOut: there is nothing to rank.
    """
    begun = clock.now()
    so_far = ScanProgress(code=plan.request.code, location=plan.request.location)
    on_progress(so_far)
    rows = await market.scan(plan.request, within=plan.patience.scan)
    seconds = (clock.now() - begun).total_seconds()
    so_far = replace(so_far, rows=len(rows), scanner_seconds=seconds)
    on_progress(so_far)
    story = _Scan(market, plan, clock)
    async with market.quotes(rows) as stream, asyncio.TaskGroup() as tasks:
        glances = tasks.create_task(
            _glance(lambda: on_progress(story.progress(so_far, stream))), name="glance"
        )
        five = await story.choose_five(rows, stream)
        async with asyncio.TaskGroup() as fetching:
            for instrument in five:
                fetching.create_task(
                    story.learn_bars(instrument), name=f"bars {instrument.symbol}"
                )
            await stream.settled(
                [each.con_id for each in five], within=plan.patience.quotes
            )
        glances.cancel()
        on_ranked(story.ranking(rows, stream))
        await stream.settled([row.con_id for row in rows], within=plan.patience.quotes)
        return story.ranking(rows, stream)


async def _glance(look: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(_GLANCE)
        look()
