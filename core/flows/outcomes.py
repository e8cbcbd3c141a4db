"""Follows the rows of every recorded scan, after the close. It only reads market data
and never delays a scan or an order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, TypeVar

from core.flows.research.snapshots import SPY
from core.ledger.unit_of_work import UnitOfWork
from core.model.errors import (
    BrokerAway,
    BrokerBusy,
    BrokerSaidNo,
    BrokerSilent,
    StoreError,
)
from core.model.market import ConId, Instrument, Snapshot
from core.model.scoring.following import (
    Followed,
    FollowedRow,
    Horizon,
    PastBar,
    Unfinished,
)
from core.model.scoring.recording import Recording
from core.ports.account import LineReader
from core.ports.journal import Recordings, Scoring
from core.ports.market import Calendar, PastPrices
from core.ports.memory import ScoreMemory
from core.rules.new_york import day_of
from core.rules.scoring.following import (
    due,
    followed_row,
    has_come,
    is_quiet,
    price_at,
    recorded_price,
    sessions_since,
)


_log: Final = logging.getLogger(__name__)

_BACK: Final = timedelta(days=90)
"""Older recordings are no longer followed: the bot was off for too long."""

_REST: Final = timedelta(minutes=10)
"""The pause between two rounds, and after IB did not answer."""

_BARS: Final = 30.0
"""Seconds to wait for one stock's bars, which nobody needs at once."""

_REQUESTED_FOR: Final = timedelta(days=3)
"""How long a stock without an answer is requested again, from when it was due."""

_REQUESTED_AT_LEAST_FOR: Final = timedelta(hours=1)
"""How long at least, from the first request without an answer in this run."""

_UNANSWERED: Final = 5
"""So many stocks without an answer end a round: then it is IB that does not answer."""

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)

Ends = Mapping[Horizon, datetime]

_A = TypeVar("_A")


class _PutOff(Exception):
    """The scan is followed in a later round."""


@dataclass(slots=True, kw_only=True)
class OutcomeTracker:
    """Follows every recorded scan to its horizons. Progress is in the journal, so a
    crash or some days of absence only cause a delay."""

    past: PastPrices
    lines: LineReader
    recordings: Recordings
    calendar: Calendar
    unit: UnitOfWork
    scoring: Scoring
    memory: ScoreMemory
    _news: bool = True  # a run that ended may not have come to the score
    _rest_until: datetime = _LONG_AGO
    _names: dict[ConId, str] = field(default_factory=dict)  # of one round
    _unanswered: set[ConId] = field(default_factory=set)  # of one round
    _silent_since: dict[ConId, datetime] = field(default_factory=dict)
    _due: asyncio.Event = field(default_factory=asyncio.Event)

    def look(self) -> None:
        """Time has passed: see what is due."""
        self._due.set()

    async def run(self) -> None:
        """Follow what is due, each time somebody looks; never ends."""
        while True:
            await self._due.wait()
            self._due.clear()
            if not self._is_resting():
                await self._round()

    def _is_resting(self) -> bool:
        """Whether the pause between two rounds lasts; no longer than one, since the
        clock may have been set back."""
        now = self.unit.now()
        return now < self._rest_until <= now + _REST

    def _clocks(self) -> Sequence[datetime]:
        """Now (UTC) by our clock and by the gateway's, the earlier first."""
        now = self.unit.now()
        return sorted((now, now + timedelta(seconds=self.lines.line().skew)))

    def _is_quiet(self) -> bool:
        """Whether bars may be fetched, by our clock and by the gateway's."""
        sessions = self.calendar.sessions()
        return all(is_quiet(sessions, now) for now in self._clocks())

    async def _round(self) -> None:
        self._names.clear()
        self._unanswered.clear()
        with suppress(BrokerAway):
            for scan in self.recordings.unfinished(
                since=day_of(self._clocks()[0]) - _BACK
            ):
                with suppress(_PutOff):
                    await self._follow(scan)
                if not self._may_ask():
                    break
        self._rest_until = self.unit.now() + _REST
        await self._score()

    def _may_ask(self) -> bool:
        """Whether this round goes on: no market is open, and IB answers."""
        if len(self._unanswered) >= _UNANSWERED:
            return False
        return self._is_quiet()

    async def _score(self) -> None:
        """Compute the score again after something was followed."""
        if not self._news or not self._is_quiet():
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
        """Price *scan* at all horizons that are over by both clocks and by IB's bars,
        in one transaction.

        Raises _PutOff or BrokerAway: nothing was written.
        """
        (now, later), sessions = self._clocks(), self.calendar.sessions()
        ends = dict(due(scan, scan.done, sessions=sessions, now=now))
        recording = self.recordings.by_id(scan.proposal_id) if ends else None
        if recording is None:
            return
        back = sessions_since(scan, sessions=sessions, now=later)
        spy, _ = await self._bars(SPY, back, since=self.unit.now())
        ends = {each: end for each, end in ends.items() if has_come(spy, end)}
        if not ends:
            raise _PutOff
        rows = await self._rows(recording, ends, back)
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

    async def _rows(
        self, recording: Recording, ends: Ends, back: int
    ) -> Sequence[Mapping[Horizon, FollowedRow]]:
        """All rows in the order of the scan. Stocks that did not answer lately are asked
        for first, since the whole scan waits for them."""
        found = {
            row.rank: await self._row(row, recording, ends, back)
            for row in sorted(recording.rows, key=self._is_expected_to_answer)
        }
        return [found[row.rank] for row in recording.rows]

    def _is_expected_to_answer(self, row: Snapshot) -> bool:
        return row.instrument.con_id not in self._silent_since

    async def _row(
        self, row: Snapshot, recording: Recording, ends: Ends, back: int
    ) -> Mapping[Horizon, FollowedRow]:
        if recorded_price(row) is None:
            return self._followed(row, (), recording, ends)
        since = min(ends.values())
        stock = await self._as_called_now(row.instrument, back, since=since)
        bars, problem = await self._bars(stock, back, since=since)
        symbol = stock.symbol if stock != row.instrument else None
        if problem is not None:
            con_id = row.instrument.con_id
            lost = FollowedRow(con_id=con_id, problem=problem, renamed=symbol)
            return dict.fromkeys(ends, lost)
        found = self._followed(row, bars, recording, ends)
        return {end: replace(each, renamed=symbol) for end, each in found.items()}

    @staticmethod
    def _followed(
        row: Snapshot, bars: Sequence[PastBar], recording: Recording, ends: Ends
    ) -> Mapping[Horizon, FollowedRow]:
        return {
            horizon: followed_row(row, bars, begin=recording.at, end=end)
            for horizon, end in ends.items()
        }

    async def _as_called_now(
        self, stock: Instrument, back: int, *, since: datetime
    ) -> Instrument:
        """*stock* under the symbol that IB now has for its number, or the recorded one
        if IB names none. No stock is renamed during a session."""
        if back == 1:
            return stock
        if stock.con_id not in self._names:
            asking = partial(self.past.symbol_now, stock, within=_BARS)
            try:
                symbol = await self._ask(stock, asking, since=since)
            except (BrokerSaidNo, BrokerSilent):
                symbol = stock.symbol
            self._names[stock.con_id] = symbol
        return replace(stock, symbol=self._names[stock.con_id])

    async def _bars(
        self, stock: Instrument, back: int, *, since: datetime
    ) -> tuple[tuple[PastBar, ...], str | None]:
        """The bars, or none and the reason; due *since* (UTC)."""
        asking = partial(self.past.bid_bars, stock, sessions=back, within=_BARS)
        try:
            return await self._ask(stock, asking, since=since), None
        except (BrokerSaidNo, BrokerSilent) as problem:
            return (), str(problem)

    async def _ask(
        self, stock: Instrument, asking: Callable[[], Awaitable[_A]], *, since: datetime
    ) -> _A:
        """IB's answer about *stock*.

        Raises:
            _PutOff: it is asked for again in a later round.
            BrokerSaidNo, BrokerSilent: it is not.
            BrokerAway: there is no line.
        """
        con_id = stock.con_id
        if con_id in self._unanswered or not self._may_ask():
            raise _PutOff
        try:
            answer = await asking()
        except (BrokerBusy, BrokerSilent):
            silent_since = self._noted_silent(con_id)
            if self._is_given_up(silent_since, due_since=since):
                raise
            self._unanswered.add(con_id)
            raise _PutOff from None
        self._silent_since.pop(con_id, None)
        return answer

    def _noted_silent(self, con_id: ConId) -> datetime:
        """Since when, and not later than now: the clock may have been set back."""
        now = self.unit.now()
        since = min(now, self._silent_since.get(con_id, now))
        self._silent_since[con_id] = since
        return since

    def _is_given_up(self, silent_since: datetime, *, due_since: datetime) -> bool:
        """After days; and never at the first rounds, for the bot may have been off."""
        now = self.unit.now()
        return (
            now - due_since >= _REQUESTED_FOR
            and now - silent_since >= _REQUESTED_AT_LEAST_FOR
        )
