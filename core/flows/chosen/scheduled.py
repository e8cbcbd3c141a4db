"""Running the schedule: each run is made once for its session, or reported as
missed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from core.flows.chosen.bulletins import Bulletins
from core.flows.chosen.once import CHAT_WAIT, Once
from core.flows.offer import Offers
from core.flows.report import Reporter
from core.ledger.unit_of_work import UnitOfWork
from core.model.chosen.news import RunsMissed
from core.model.chosen.schedule import Run, RunKind
from core.model.evidence import LineState
from core.model.market import Session
from core.model.report import ReportState
from core.ports.account import LineReader
from core.ports.journal import Reports
from core.ports.market import Calendar, Clock
from core.ports.schedules import ScheduleReader
from core.rules.chosen.schedule import runs, sessions_to_look_at, to_be_done
from core.rules.new_york import day_of


_NEED_THE_LINE: Final = frozenset({RunKind.SCAN, RunKind.REPORT})
"""The others are made without IB, and say what is missing."""

_NOT_RUNNING: Final = "I was not running, or the machine was asleep, at its time"


@dataclass(slots=True, kw_only=True)
class Scheduled:
    """Makes the runs that are due at each look, one after the other."""

    schedules: ScheduleReader
    reports: Reports
    once: Once
    calendar: Calendar
    clock: Clock
    broker: LineReader
    unit: UnitOfWork
    offers: Offers
    reporter: Reporter
    bulletins: Bulletins
    _due: asyncio.Event = field(default_factory=asyncio.Event)

    def look(self) -> None:
        """Time has passed: see what is due."""
        self._due.set()

    def recover(self) -> None:
        """At a start, release all claims, including the report's: no other process can
        hold them."""
        sessions = self.calendar.sessions()
        days = {each.day for each in sessions_to_look_at(sessions, self.clock.now())}
        self.once.recover(*days, day_of(self.clock.now()))

    async def run(self) -> None:
        """Make what is due at each look; never ends."""
        while True:
            await self._due.wait()
            self._due.clear()
            now = self.clock.now()
            for session in sessions_to_look_at(self.calendar.sessions(), now):
                await self._look_at(session, now)

    async def _look_at(self, session: Session, now: datetime) -> None:
        entries = self.schedules.entries()
        if not entries:
            return
        ready, missed = to_be_done(
            entries,
            session,
            now,
            states=self.reports.states(session.day),
            days_off=self.schedules.days_off(),
        )
        if missed:
            self._miss(missed)
        for run in ready:
            await self._run(run, session)

    async def _run(self, run: Run, session: Session) -> None:
        line = self.broker.line()
        if run.kind in _NEED_THE_LINE and line.state is not LineState.UP:
            return  # looked at again until it is missed
        await self.once.do(run.day, run.key, partial(self._make, run, session))

    async def _make(self, run: Run, session: Session) -> None:
        key = f"{run.kind}:{run.day.isoformat()}:{run.key}"
        match run.kind:
            case RunKind.SCAN:
                await self.offers.scan(key=key, within=CHAT_WAIT)
            case RunKind.REPORT:
                await self.reporter.make(key=key, within=CHAT_WAIT)
            case RunKind.BRIEF:
                today = self._coming(session)
                await self.bulletins.brief(session, today, key=key, within=CHAT_WAIT)
            case RunKind.SUMMARY:
                await self.bulletins.summary(session, key=key, within=CHAT_WAIT)

    def _coming(self, session: Session) -> tuple[Run, ...]:
        """The other runs of that day."""
        now, entries = self.clock.now(), self.schedules.entries()
        found = [run for entry in entries for run in runs(entry, session)]
        return tuple(sorted((r for r in found if r.due > now), key=lambda r: r.due))

    def _miss(self, missed: Sequence[Run]) -> None:
        """Close the *missed* runs, and tell the owner why in one message."""
        line = self.broker.line()
        away = "" if line.state is LineState.UP else line.reason
        told = RunsMissed(runs=tuple(missed), reason=away or _NOT_RUNNING)
        with self.unit.writing():
            for run in missed:
                self.reports.open_day(run.day, ReportState.MISSED, run.key)
                self.reports.close(run.day, ReportState.MISSED, run.key)
            self.unit.notify(told)
