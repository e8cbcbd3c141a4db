"""The morning report: once for each session, whatever happens on the way."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Final

from core.flows.chosen.once import CHAT_WAIT, Once
from core.flows.offer import Offers
from core.flows.research.snapshots import quotes_of
from core.flows.trades import trades_today
from core.ledger.unit_of_work import UnitOfWork
from core.model.errors import BrokerAway, BrokerSilent
from core.model.evidence import Line, LineState
from core.model.fills import Trade
from core.model.market import ConId, Quote, Session
from core.model.money import Money
from core.model.news import News, ReportMissed, ReportReady
from core.model.portfolio import OpenOrder
from core.model.proposal import Proposal, Shown
from core.model.report import MORNING_REPORT, MorningReport, ReportState
from core.ports.account import AccountReader
from core.ports.chat import Notifier
from core.ports.journal import Reports
from core.ports.market import Calendar, Clock, QuoteSource
from core.ports.memory import ReportMemory, ScoreReader
from core.ports.orders import CardAndCountedOrders
from core.ports.proposals import LatestPicks
from core.ports.schedules import ScheduleReader
from core.ports.settings import InstructionReader
from core.rules.chosen.schedule import is_off
from core.rules.exits.splits import unadjusted_closes
from core.rules.new_york import day_of
from core.rules.reporting import ReportParts, closed_today, morning_report
from core.rules.sessions import ReportStep, report_step


_log: Final = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Reporter:
    """Makes the report when it is due; the store lets each day's report happen once."""

    market: QuoteSource
    broker: AccountReader
    notifier: Notifier
    calendar: Calendar
    clock: Clock
    reports: Reports
    proposals: LatestPicks
    orders: CardAndCountedOrders
    memory: ReportMemory
    scores: ScoreReader
    instructions: InstructionReader
    unit: UnitOfWork
    offers: Offers
    schedules: ScheduleReader
    once: Once
    _due: asyncio.Event = field(default_factory=asyncio.Event)

    def look(self) -> None:
        """Time has passed: see what is due."""
        self._due.set()

    async def run(self) -> None:
        """Make what is due at each look; never ends."""
        while True:
            await self._due.wait()
            self._due.clear()
            if self.instructions.read().report and not self._is_off():
                await self._step()

    def _is_off(self) -> bool:
        """Whether the owner has taken this day off."""
        now = self.clock.now()
        return is_off(day_of(now), now, self.schedules.days_off())

    async def _step(self) -> None:
        now = self.clock.now()
        day = day_of(now)
        sessions = self.calendar.sessions()
        step = report_step(
            sessions,
            now,
            after_open=self.instructions.read().report_after_open,
            give_up=self.instructions.read().report_give_up,
            state=self.reports.state(day),
        )
        match step:
            case ReportStep.NOTHING:
                return
            case ReportStep.OPEN_DUE:
                with self.reports.transaction():
                    self.reports.open_day(day, ReportState.DUE)
                self._due.set()
            case ReportStep.RUN:
                await self._run(day)
            case ReportStep.MISS:
                self._miss(day)
            case _:
                news = closed_today(
                    sessions, now, self.instructions.read().report_after_open
                )
                self._end(day, ReportState.CLOSED, news)

    async def _run(self, day: date) -> None:
        """Have the day's report made, once IB has sent enough for it."""
        if self.broker.line().state is not LineState.UP:
            return  # looked at again until it is missed
        key = f"report:{day.isoformat()}"
        make = partial(self.make, key=key, within=CHAT_WAIT)
        await self.once.do(day, MORNING_REPORT, make)

    async def make(self, *, key: str, within: float | None = None) -> None:
        """Send a report of this moment and then a scan's card, once for *key*. What IB
        does not answer is named in the report as missing.

        Raises:
            NotifierAway: the chat refused them, or was not reached *within* so many
                seconds.
        """
        session = await self.offers.session()
        if session is not None:  # without a calendar the scan says so
            shown = await self.notifier.place(key, within=within)
            self._tell(shown, await self._report(session))
        await self.offers.scan(key=f"{key}:scan", within=within)

    async def _report(self, session: Session) -> MorningReport:
        picks, score = self.proposals.latest(before=session.day), self.scores.score()
        quotes, trades = await self._quotes(picks), await self._trades_today()
        return morning_report(
            ReportParts(
                now=self.clock.now(),
                session=session,
                mode=self.instructions.read().limits.mode,
                account=self.broker.account(),
                last_value=self._last_value(session),
                positions=self.broker.positions(),
                quotes=quotes,
                open_orders=await self._open_orders(),
                last_picks=picks,
                last_orders=self.orders.of_proposal(picks.id) if picks else (),
                away=_away(self.broker.line()),
                trades=trades,
                score=score and score.headline,
                unadjusted=unadjusted_closes(
                    quotes,
                    self.broker.positions() or (),
                    self.orders.of_stock,
                    now=self.clock.now(),
                ),
            )
        )

    async def _quotes(self, picks: Proposal | None) -> Mapping[ConId, Quote]:
        """Quotes of the stocks that are held or were last picked."""
        held = [
            each.instrument
            for each in self.broker.positions() or ()
            if each.is_dollar_stock
        ]
        picked = [leg.instrument for leg in picks.legs] if picks else []
        within = self.instructions.read().timeouts.quotes
        return await quotes_of(self.market, [*held, *picked], within=within)

    async def _trades_today(self) -> tuple[Trade, ...] | None:
        return await trades_today(
            self.broker,
            self.orders,
            account=self.instructions.read().limits.account,
            calendar=self.calendar,
            clock=self.clock,
            within=self.instructions.read().timeouts.quotes,
        )

    async def _open_orders(self) -> tuple[OpenOrder, ...] | None:
        try:
            return await self.broker.open_orders()
        except (BrokerAway, BrokerSilent) as problem:
            _log.warning("report without open orders: %s", problem)
            return None

    def _last_value(self, session: Session) -> Money | None:
        """The account's value in dollars in the report of the session before."""
        before = [one for one in self.calendar.sessions().all if one.day < session.day]
        return self.memory.account_value(before[-1].day) if before else None

    def _tell(self, shown: Shown, report: MorningReport) -> None:
        """Store the news of the report. A report already shown is not replaced by one
        made without IB: a /report that is repeated after a restart runs before the line
        is back."""
        news = ReportReady(shown=shown, report=report)
        if report.away is not None and self.memory.was_told(news.key):
            return
        with self.unit.writing():
            self.unit.notify(news)
            if report.away is None:
                self.memory.add_told(news.key)
            if report.account and report.account.net_liquidation is not None:
                value = report.account.net_liquidation
                self.memory.set_account_value(report.session.day, value)

    def _miss(self, day: date) -> None:
        line = self.broker.line()
        reason = line.reason or "the bot was not running at its time"
        self._end(day, ReportState.MISSED, ReportMissed(day=day, reason=reason))

    def _end(self, day: date, state: ReportState, news: News) -> None:
        """There is no report of *day*, and the owner is told why."""
        with self.unit.writing():
            self.reports.open_day(day, state)
            self.reports.close(day, state)
            self.unit.notify(news)


def _away(line: Line) -> str | None:
    """Why IB cannot be reached; None when it can."""
    return None if line.state is LineState.UP else line.reason or line.state.value
