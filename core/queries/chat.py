"""Everything that the chat can read. Nothing here writes or can place an order."""

from dataclasses import dataclass
from datetime import datetime

from core.flows.research.charts import charts
from core.flows.research.stocks import Stocks
from core.flows.standing import Standing
from core.model.chart import Charts
from core.model.chosen.schedule import Anchor, Beside, Run, ScheduleEntry, Times
from core.model.instructions import Limits
from core.model.proposal import Proposal, ProposalId, Shown, Token
from core.model.report import ReportDay
from core.model.scoring.score import Score
from core.model.status import Halt, Status
from core.ports.chat import StrangerCount
from core.ports.market import BarSource
from core.ports.memory import ScoreReader
from core.ports.proposals import ProposalFinder
from core.ports.retention import JournalSizer
from core.ports.schedules import ScheduleReader
from core.queries.account import AccountQuery
from core.rules.chosen.schedule import is_off, next_run
from core.rules.new_york import day_of
from core.rules.sessions import (
    last_report_session,
    next_report,
    open_to_queue_for,
    report_over,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The schedule: each line with its next run, None if the calendar ends before it.
    ``report`` is the next morning report (UTC), None without one; ``report_when`` is
    its time in a session. ``limits`` apply to what it buys in automatic mode."""

    lines: tuple[tuple[ScheduleEntry, Run | None], ...]
    report: datetime | None
    report_when: Times
    limits: Limits

    @property
    def automatic(self) -> bool:
        """Whether its cards buy without asking."""
        return self.limits.automatic


@dataclass(slots=True, kw_only=True)
class Queries(AccountQuery):
    """Everything that a command may ask for."""

    history: BarSource
    proposals: ProposalFinder
    standing: Standing
    gate: StrangerCount
    journal: JournalSizer
    memory: ScoreReader
    stocks: Stocks
    schedules: ScheduleReader

    def score(self) -> Score | None:
        """The score of the last evening; None before the first."""
        return self.memory.score()

    def proposal(self, token: Token) -> Proposal | None:
        """The card that a button belongs to."""
        return self.proposals.by_token(token)

    def proposal_of(self, proposal_id: ProposalId) -> Proposal | None:
        """The card with that id, whatever it asks now."""
        return self.proposals.by_id(proposal_id)

    def card_at(self, shown: Shown | None) -> Proposal | None:
        """The scan's card in that message, or else the newest, with an offer or without."""
        there = self.proposals.newest_in(shown) if shown else None
        found = self.proposals.by_id(there) if there else None
        return found or self.proposals.newest_scan()

    async def charts(self, proposal: Proposal) -> Charts:
        """The charts of a card's five over its two sessions; a stock without bars has
        the reason."""
        within = self.instructions.read().timeouts.charts
        return await charts(self.history, proposal, within=within, clock=self.clock)

    async def see_data(self) -> None:
        """Request one quote if no price has come for a while, so that status can say
        whether live data comes. Returns within a few seconds."""
        await self.standing.heartbeat.look()

    def status(self) -> Status:
        """The status of everything, with the reasons why nothing may be sent now."""
        readiness, limits = self.standing.readiness(), self.instructions.read().limits
        return Status(
            at=readiness.at,
            mode=limits.mode,
            account=limits.account,
            line=readiness.line,
            reconciled=readiness.reconciled,
            halted=readiness.halted,
            market=readiness.market,
            waits_for=open_to_queue_for(readiness.market, readiness.at),
            in_doubt=readiness.in_doubt,
            next_report=self._next_report(),
            max_order=limits.max_order,
            max_day=limits.max_day,
            used_today=readiness.used_today,
            strangers=self.gate.strangers,
            journal=self.journal.size(),
            blocks=self.standing.blocks(readiness),
        )

    def halts(self) -> tuple[Halt, ...]:
        """Why trading is halted, oldest first; empty when it is not."""
        return self.standing.halts.all()

    def planned(self) -> Planned:
        """The schedule, each line with its next run."""
        now, sessions = self.clock.now(), self.calendar.sessions()
        plan, days_off = self.instructions.read(), self.schedules.days_off()
        entries = self.schedules.entries()
        after_open = int(plan.report_after_open.total_seconds() / 60)
        return Planned(
            lines=tuple((e, next_run(e, sessions, now, days_off)) for e in entries),
            report=self._next_report(),
            report_when=Beside(anchor=Anchor.OPEN, minutes=after_open),
            limits=plan.limits,
        )

    def _next_report(self) -> datetime | None:
        """When (UTC) the next report is due; None without one in the calendar."""
        if not self.instructions.read().report:
            return None
        return next_report(
            self.calendar.sessions(),
            self.clock.now(),
            self.instructions.read().report_after_open,
            is_off=self._is_off,
        )

    def _is_off(self, at: datetime) -> bool:
        """Whether *at* (UTC) is on a day that the owner has taken off."""
        return is_off(day_of(at), at, self.schedules.days_off())

    def report_day(self) -> ReportDay | None:
        """The morning report that came last, or should have; None if the calendar begins
        after it."""
        now, plan = self.clock.now(), self.instructions.read()
        session = last_report_session(
            self.calendar.sessions(), now, plan.report_after_open
        )
        if session is None:
            return None
        return ReportDay(
            day=session.day,
            due=session.opens + plan.report_after_open,
            over=report_over(session, plan.report_give_up),
            is_on=plan.report,
            is_off=self._is_off(now),
            following=self._next_report(),
        )
