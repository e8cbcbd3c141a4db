"""From the scanner to a ranking. Looks at the market; cannot touch it."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from core.flows.research.bar_book import BarBook
from core.flows.research.together import one_task_group, together
from core.loop_time import loop_time
from core.model.errors import BrokerSaidNo, BrokerSilent
from core.model.instructions import Timeouts
from core.model.market import (
    Bar,
    ConId,
    Instrument,
    Quote,
    RankBy,
    ScannedRow,
    ScanRequest,
    Snapshot,
)
from core.model.ranking import Ranking
from core.model.status import ScanProgress
from core.ports.market import BarSource, Clock, QuoteStream, ScanData
from core.rules.figures.bars import as_of
from core.rules.ranking import KEEP, leaders, rank
from core.rules.scanned_rows import doubled, merged, unfit


TELLING: Final = 0.8
"""The share of the rows whose quotes tell early which five will lead by the open."""

POLL_INTERVAL: Final = 0.2
"""Seconds between two readings of how far a scan is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanPlan:
    """What to scan for, how to rank it, whose open counts as today's (New York), and
    whether that session is over: its bars are whole then, and no price goes into them.

    The answers of several requests are merged into one.
    """

    requests: tuple[ScanRequest, ...]
    rank_by: RankBy
    session_day: date
    timeouts: Timeouts
    is_over: bool = False


async def scan(
    market: ScanData,
    plan: ScanPlan,
    *,
    book: BarBook,
    clock: Clock,
    on_progress: Callable[[ScanProgress], None],
    on_ranked: Callable[[Ranking], None],
) -> Ranking:
    """Scan, quote everybody at once, fetch the five's bars, and rank.

    *on_ranked* gets the ranking as soon as the five stand, with the quotes that have
    come; what is returned has the rest of them. A ranking without rows is the
    scanner's confirmed answer that there is nothing.

    Raises:
        ScanRefused, ScanTimedOut: there is nothing to rank.
        BrokerAway: the line was lost; *on_ranked* may have been called before.
    """
    begun = clock.now()
    so_far = _nothing_yet(plan)
    on_progress(so_far)
    within = plan.timeouts.scan
    answers = await together(
        "scanner", *(market.scan(each, within=within) for each in plan.requests)
    )
    listed = _judged(answers)
    seconds = (clock.now() - begun).total_seconds()
    so_far = replace(so_far, rows=len(listed), scanner_seconds=seconds)
    on_progress(so_far)
    rows = tuple(row for row, unfit in listed if unfit is None)
    async with market.quotes(rows) as stream:
        story = _Scan(
            market, plan, clock=clock, book=book, listed=listed, stream=stream
        )
        with _polling(lambda: on_progress(story.progress(so_far))):
            await story.learn_the_five()
        on_ranked(story.ranking())
        await story.quoted(rows)
        return story.ranking()


Judged = tuple[Instrument, str | None]
"""A row of the scanner, and what it is if it is no stock to be bought."""


def _judged(answers: Sequence[Sequence[ScannedRow]]) -> tuple[Judged, ...]:
    """All answers as one list, in the order of their ranks."""
    twice = doubled(answers)
    return tuple((row.instrument, unfit(row, twice=twice)) for row in merged(answers))


def _nothing_yet(plan: ScanPlan) -> ScanProgress:
    codes = dict.fromkeys(each.code for each in plan.requests)
    locations = dict.fromkeys(each.location for each in plan.requests)
    return ScanProgress(code=",".join(codes), location=",".join(locations))


@contextmanager
def _polling(look: Callable[[], None]) -> Iterator[None]:
    """Call *look* every POLL_INTERVAL seconds while the block is open."""
    loop = asyncio.get_running_loop()
    next_time: asyncio.TimerHandle

    def poll() -> None:
        nonlocal next_time
        look()
        next_time = loop.call_later(POLL_INTERVAL, poll)

    next_time = loop.call_later(POLL_INTERVAL, poll)
    try:
        yield
    finally:
        next_time.cancel()


class _Scan:
    """What one scan has learned so far."""

    def __init__(
        self,
        market: BarSource,
        plan: ScanPlan,
        *,
        clock: Clock,
        book: BarBook,
        listed: Sequence[Judged],
        stream: QuoteStream,
    ) -> None:
        self._market, self._plan, self._clock, self._book = market, plan, clock, book
        self._listed, self._stream = listed, stream
        self._rows = [row for row, unfit in listed if unfit is None]
        self._began = loop_time()
        self._bars: dict[ConId, tuple[Bar, ...]] = {}
        self._asked: set[ConId] = set()
        self._recalled: set[ConId] = set()
        self._problems: dict[ConId, str] = {}

    # learning

    async def learn_the_five(self) -> None:
        """Return when the five have their quotes and bars, or will not have them.

        By the open, all must be quoted to know who leads; the bars of those who seem
        to lead are on their way meanwhile.
        """
        async with one_task_group() as tasks:
            if self._plan.rank_by is RankBy.SCANNER:
                self._ask_for_bars(tasks)
                await self.quoted(self._leaders())
                return
            quoting = tasks.create_task(self.quoted(self._rows), name="quotes")
            while not quoting.done():
                if self._can_tell():
                    self._ask_for_bars(tasks)
                await asyncio.wait({quoting}, timeout=POLL_INTERVAL)
            self._ask_for_bars(tasks)

    def _ask_for_bars(self, tasks: asyncio.TaskGroup) -> None:
        """Of those who lead by now and were not asked for before."""
        for story in self._bars_of(self._leaders()):
            tasks.create_task(story, name="bars")

    async def quoted(self, rows: Sequence[Instrument]) -> None:
        """Return when each has a usable quote, or will not have one."""
        con_ids = [row.con_id for row in rows]
        await self._stream.settled(con_ids, within=self._plan.timeouts.quotes)

    def _leaders(self) -> tuple[Instrument, ...]:
        chosen = leaders(self._snapshots(), rank_by=self._plan.rank_by, keep=KEEP)
        return tuple(snapshot.instrument for snapshot in chosen)

    def _can_tell(self) -> bool:
        answered = self._stream.quotes().keys() | self._stream.dead().keys()
        return len(answered) >= TELLING * len(self._rows)

    def _bars_of(
        self, rows: Sequence[Instrument]
    ) -> Iterator[Coroutine[Any, Any, None]]:
        """Requests for the bars of those *rows* that were not asked for yet, and that
        no earlier scan has kept."""
        for row in rows:
            if row.con_id in self._asked:
                continue
            self._asked.add(row.con_id)
            known = self._book.recall(
                row.con_id,
                session_day=self._plan.session_day,
                is_over=self._plan.is_over,
            )
            if known is None:
                yield self._learn_bars(row)
            else:
                self._bars[row.con_id] = known
                self._recalled.add(row.con_id)

    async def _learn_bars(self, instrument: Instrument) -> None:
        """The bars of one stock; a stock without them is named, not fatal."""
        con_id, within = instrument.con_id, self._plan.timeouts.bars
        spent = loop_time() - self._began
        try:  # the set has one deadline; who was asked for late has half its time
            bars = await self._market.daily_bars(
                instrument, within=max(within - spent, within / 2)
            )
        except (BrokerSilent, BrokerSaidNo) as problem:
            self._problems[con_id] = str(problem)
        else:
            self._bars[con_id] = bars
            self._book.keep(
                con_id,
                bars,
                session_day=self._plan.session_day,
                is_over=self._plan.is_over,
            )

    # telling

    def progress(self, start: ScanProgress) -> ScanProgress:
        return replace(
            start,
            quotes=len(self._stream.quotes()),
            bars=len(self._bars),
            bars_wanted=min(KEEP, len(self._rows)),
        )

    def ranking(self) -> Ranking:
        return rank(
            self._snapshots(),
            keep=KEEP,
            rank_by=self._plan.rank_by,
            session_day=self._plan.session_day,
            at=self._clock.now(),
        )

    def _snapshots(self) -> tuple[Snapshot, ...]:
        quotes, dead = self._stream.quotes(), self._stream.dead()
        return tuple(
            Snapshot(
                rank=number,
                instrument=row,
                quote=(quote := quotes.get(row.con_id)),
                bars=self._bars_at(row.con_id, quote),
                problem=dead.get(row.con_id) or self._problems.get(row.con_id),
                unfit=unfit,
            )
            for number, (row, unfit) in enumerate(self._listed, start=1)
        )

    def _bars_at(self, con_id: ConId, quote: Quote | None) -> tuple[Bar, ...] | None:
        bars = self._bars.get(con_id)
        if bars is None or con_id not in self._recalled or self._plan.is_over:
            return bars
        return as_of(bars, quote, session_day=self._plan.session_day)
