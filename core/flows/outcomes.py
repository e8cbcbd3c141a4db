"""Follows the rows of every recorded scan, after the close. It only reads market data
and never delays a scan or an order."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from core.flows.research.snapshots import SPY
from core.ledger.unit_of_work import UnitOfWork
from core.model.errors import BrokerAway, BrokerSaidNo, BrokerSilent, StoreError
from core.model.market import ConId, Instrument, Snapshot
from core.model.scoring.following import (
    Followed,
    FollowedRow,
    Horizon,
    PastBar,
    Unfinished,
)
from core.model.scoring.recording import Recording
from core.ports.journal import Recordings, Scoring
from core.ports.market import Calendar, PastPrices
from core.ports.memory import ScoreMemory
from core.rules.new_york import day_of
from core.rules.scoring.following import (
    due,
    followed_row,
    is_quiet,
    price_at,
    sessions_since,
)


_log: Final = logging.getLogger(__name__)

_BACK: Final = timedelta(days=90)
"""Older recordings are no longer followed: the bot was off for too long."""

_REST: Final = timedelta(minutes=10)
"""The pause between two rounds, and after IB did not answer."""

_BARS: Final = 30.0
"""Seconds to wait for one stock's bars, which nobody needs at once."""

_PATIENT: Final = timedelta(days=3)
"""How long a stock without an answer is requested again every evening."""

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)

Ends = Mapping[Horizon, datetime]


@dataclass(slots=True, kw_only=True)
class OutcomeTracker:
    """Follows every recorded scan to its horizons. Progress is in the journal, so a
    crash or some days of absence only cause a delay."""

    past: PastPrices
    recordings: Recordings
    calendar: Calendar
    unit: UnitOfWork
    scoring: Scoring
    memory: ScoreMemory
    _news: bool = True  # a run that ended may not have come to the score
    _rest_until: datetime = _LONG_AGO
    _names: dict[ConId, str] = field(default_factory=dict)  # of one round
    _due: asyncio.Event = field(default_factory=asyncio.Event)

    def look(self) -> None:
        """Time has passed: see what is due."""
        self._due.set()

    async def run(self) -> None:
        """Follow what is due, each time somebody looks; never ends."""
        while True:
            await self._due.wait()
            self._due.clear()
            if self.unit.now() >= self._rest_until:
                await self._round()

    async def _round(self) -> None:
        self._names.clear()
        try:
            for scan in self.recordings.unfinished(
                since=day_of(self.unit.now()) - _BACK
            ):
                if not is_quiet(self.calendar.sessions(), self.unit.now()):
                    break
                await self._follow(scan)
        except (BrokerAway, BrokerSilent):
            pass
        self._rest_until = self.unit.now() + _REST
        await self._score()

    async def _score(self) -> None:
        """Compute the score again after something was followed."""
        if not self._news or not is_quiet(self.calendar.sessions(), self.unit.now()):
            return
        try:
            score = await self.scoring.score()
        except StoreError as problem:
            _log.warning("no score: %s", problem)
            return
        self._news = False
        if score is not None:
            with self.unit.writing():
                self.memory.set_score(score)

    async def _follow(self, scan: Unfinished) -> None:
        now, sessions = self.unit.now(), self.calendar.sessions()
        ends = dict(due(scan, scan.done, sessions=sessions, now=now))
        recording = self.recordings.by_id(scan.proposal_id) if ends else None
        if recording is None:
            return
        back = sessions_since(scan, sessions=sessions, now=now)
        spy, _ = await self._bars(SPY, back, since=now)
        rows = [await self._row(row, recording, ends, back) for row in recording.rows]
        with self.unit.writing():
            for horizon, end in ends.items():
                became = Followed(
                    proposal_id=recording.proposal_id,
                    horizon=horizon,
                    until=end,
                    spy_from=price_at(spy, recording.at),
                    spy_to=price_at(spy, end),
                    rows=tuple(row[horizon] for row in rows),
                )
                digest = self.recordings.follow(became)
                sealed = f"{horizon} {digest}"
                self.unit.audit(recording.proposal_id, "followed", sealed)
        self._news = True

    async def _row(
        self, row: Snapshot, recording: Recording, ends: Ends, back: int
    ) -> Mapping[Horizon, FollowedRow]:
        since = min(ends.values())
        stock = await self._as_called_now(row.instrument, back)
        bars, problem = await self._bars(stock, back, since=since)
        symbol = stock.symbol if stock != row.instrument else None
        if problem is not None:
            con_id = row.instrument.con_id
            lost = FollowedRow(con_id=con_id, problem=problem, renamed=symbol)
            return dict.fromkeys(ends, lost)
        return {
            horizon: replace(
                followed_row(row, bars, begin=recording.at, end=end), renamed=symbol
            )
            for horizon, end in ends.items()
        }

    async def _as_called_now(self, stock: Instrument, back: int) -> Instrument:
        """*stock* under the symbol that IB now has for its number, or the recorded one
        if IB names none. No stock is renamed during a session."""
        if back == 1:
            return stock
        if stock.con_id not in self._names:
            try:
                symbol = await self.past.symbol_now(stock, within=_BARS)
            except (BrokerSaidNo, BrokerSilent):
                symbol = stock.symbol
            self._names[stock.con_id] = symbol
        return replace(stock, symbol=self._names[stock.con_id])

    async def _bars(
        self, instrument: Instrument, back: int, *, since: datetime
    ) -> tuple[tuple[PastBar, ...], str | None]:
        """The bars, or none and the reason. They are due *since* (UTC); IB's silence is
        tolerated for _PATIENT after that."""
        try:
            return await self.past.bid_bars(
                instrument, sessions=back, within=_BARS
            ), None
        except BrokerSaidNo as refused:
            return (), str(refused)
        except BrokerSilent as silent:
            if self.unit.now() - since < _PATIENT:
                raise
            return (), str(silent)
