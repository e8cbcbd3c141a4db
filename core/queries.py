"""Everything that the chat can read. Nothing here writes or can place an order."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from core.flows.research.charts import charts
from core.flows.research.snapshots import quotes_of
from core.flows.research.stocks import Stocks
from core.flows.standing import Standing
from core.flows.trades import trades_today
from core.model.card import Card
from core.model.chart import Charts
from core.model.chosen.schedule import Anchor, Beside, Run, ScheduleEntry, Times
from core.model.errors import BrokerAway, BrokerError
from core.model.evidence import LineState
from core.model.fills import Trade
from core.model.halt import Halt
from core.model.instructions import Limits
from core.model.order import FINAL, IN_DOUBT, WORKING, Order, OrderState
from core.model.portfolio import AccountSummary, OpenOrder, Position
from core.model.proposal import Proposal, ProposalId, ProposalState, Shown, Token
from core.model.scoring.score import Score
from core.model.scoring.trades import ListedHoldings
from core.model.status import MarketState, Status
from core.ports.account import AccountReader
from core.ports.chat import StrangerCount
from core.ports.journal import JournalSizer, OrderReader, ProposalReader
from core.ports.market import Calendar, Clock, MarketData
from core.ports.memory import HaltReader, ScoreMemory
from core.ports.schedules import ScheduleReader
from core.ports.settings import InstructionReader
from core.rules.chosen.schedule import next_run
from core.rules.circumstances import Circumstances
from core.rules.exits.exposure import time_bare
from core.rules.figures.sizing import can_be_resized, sizes_for
from core.rules.figures.terms import in_force
from core.rules.halts import exits_wait, in_words
from core.rules.new_york import day_of, start_of
from core.rules.outlook import outlook
from core.rules.reporting import marked
from core.rules.selling.fresh import listed_otherwise
from core.rules.selling.holding import orders_in
from core.rules.sessions import (
    coming_close,
    market_state,
    next_report,
    open_to_queue_for,
)


_log: Final = logging.getLogger(__name__)

UNFINISHED: Final = tuple(state for state in OrderState if state not in FINAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardQuery:
    """Cards in their current state."""

    proposals: ProposalReader
    orders: OrderReader
    memory: HaltReader
    scores: ScoreMemory
    broker: AccountReader
    calendar: Calendar
    clock: Clock
    instructions: InstructionReader

    def card(self, proposal_id: ProposalId) -> Card | None:
        """The card with its orders, and the next open or close if that matters."""
        proposal = self.proposals.by_id(proposal_id)
        if proposal is None:
            return None
        now = self.clock.now()
        market = market_state(self.calendar.sessions(), now)
        card = Card(
            proposal=proposal,
            orders=self.orders.of_proposal(proposal_id),
            exits=self.orders.exits_of(proposal_id),
            exits_wait=exits_wait(self.memory.halts()),
            opens=open_to_queue_for(market, now),
            closes=coming_close(market, now),
        )
        if proposal.state is not ProposalState.OFFERED:
            return card
        limits, is_open = self.instructions.read().limits, can_be_resized(proposal)
        card = replace(card, score=self.scores.score(), held=self._held(proposal))
        card = replace(
            card,
            sizes=sizes_for(proposal, limits.default_size),
            terms=proposal.terms or in_force(limits) if is_open else None,
        )
        would = outlook(self._circumstances(proposal, market))
        return replace(card, refused=would.refused, fitting=would.fitting)

    def _held(self, proposal: Proposal) -> tuple[Position, ...]:
        wanted = {leg.instrument.con_id for leg in proposal.legs}
        held = self.broker.positions() or ()
        return tuple(
            each
            for each in held
            if each.instrument.con_id in wanted and each.shares != 0
        )

    def _circumstances(self, proposal: Proposal, market: MarketState) -> Circumstances:
        """The circumstances without quotes, and as if the orders had been compared:
        temporary reasons are reported at the tap."""
        now, supply = self.clock.now(), self.broker.supply()
        return Circumstances(
            now=now,
            line=self.broker.line(),
            supply=supply,
            reconciled=True,
            halted=in_words(self.memory.halts()),
            market=market,
            quotes={},
            account=supply.account,
            in_doubt=self.orders.in_states(tuple(IN_DOUBT)),
            working=self.orders.in_states(tuple(WORKING)),
            counting=self.orders.counting_since(start_of(day_of(now))),
            held=self.broker.positions() or (),
            limits=self.instructions.limits_of(proposal.made_at),
            exits_end=True,
            proposal=proposal,
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
class Queries:
    """Everything that a command may ask for."""

    market: MarketData
    broker: AccountReader
    proposals: ProposalReader
    orders_of_ours: OrderReader
    calendar: Calendar
    clock: Clock
    standing: Standing
    instructions: InstructionReader
    gate: StrangerCount
    journal: JournalSizer
    memory: ScoreMemory
    stocks: Stocks
    schedules: ScheduleReader

    def score(self) -> Score | None:
        """The score of the last evening; None before the first."""
        return self.memory.score()

    def proposal(self, token: Token) -> Proposal | None:
        """The card that a button belongs to."""
        return self.proposals.by_token(token)

    def proposal_of(self, card: ProposalId) -> Proposal | None:
        """The card with that id, whatever it asks now."""
        return self.proposals.by_id(card)

    def card_at(self, shown: Shown | None) -> Proposal | None:
        """The scan's card in that message, or else the newest."""
        there = self.proposals.newest_in(shown) if shown else None
        found = self.proposals.by_id(there) if there else None
        return found or self.proposals.latest(before=None)

    async def charts(self, proposal: Proposal) -> Charts:
        """The charts of a card's five over its two sessions; a stock without bars has
        the reason."""
        within = self.instructions.read().timeouts.charts
        return await charts(self.market, proposal, within=within, clock=self.clock)

    async def positions(self) -> tuple[Position, ...]:
        """The account's positions, at current prices as far as they arrive in time.

        Raises:
            BrokerAway: there is no connection, or IB has not listed everything yet.
        """
        stocks = [p.instrument for p in self._held() if p.is_dollar_stock]
        within = self.instructions.read().timeouts.quotes
        quotes = await quotes_of(self.market, stocks, within=within)
        trades = await self._trades_today() if stocks else ()
        return tuple(
            marked(position, quotes.get(position.instrument.con_id), trades)
            for position in self._held()
        )

    async def listed_otherwise(self) -> Mapping[str, Decimal]:
        """By symbol, what IB lists as held if it is asked now, where the account window
        says another number. Empty if it does not answer in time."""
        within = self.instructions.read().timeouts.quotes
        try:
            async with asyncio.timeout(within):
                inventory = await self.broker.inventory()
        except (BrokerError, TimeoutError) as problem:
            _log.warning("IB did not list what is held: %r", problem)
            return {}
        return listed_otherwise(self.broker.positions() or (), inventory, self.orders())

    def shares_listed(self) -> ListedHoldings:
        """How many shares the account holds of each stock, as far as IB lists them, with
        IB's prices of its latest listing."""
        is_up = self.broker.line().state is LineState.UP
        listed = self.broker.positions() if is_up else None
        account = self.instructions.read().limits.account
        return ListedHoldings(
            account=account,
            at=self.clock.now(),
            shares=None
            if listed is None
            else {each.instrument.con_id: each.shares for each in listed},
            costs={
                each.instrument.con_id: each.average_cost
                for each in listed or ()
                if each.average_cost is not None
            },
            prices={
                each.instrument.con_id: each.price
                for each in listed or ()
                if each.price is not None
            },
        )

    def _held(self) -> tuple[Position, ...]:
        self._need_line()
        held = self.broker.positions()
        if held is None:
            raise BrokerAway("IB has not listed the holdings yet")
        return held

    async def _trades_today(self) -> tuple[Trade, ...] | None:
        return await trades_today(
            self.broker,
            self.orders_of_ours,
            account=self.instructions.read().limits.account,
            calendar=self.calendar,
            clock=self.clock,
            within=self.instructions.read().timeouts.quotes,
        )

    async def open_orders(self) -> tuple[OpenOrder, ...]:
        """Every working order in the account. Raises BrokerAway or BrokerSilent."""
        return await self.broker.open_orders()

    def orders(self) -> tuple[Order, ...]:
        """Our orders that have not ended, and all sent today."""
        today = self.orders_of_ours.sent_on(day_of(self.clock.now()))
        unfinished = self.orders_of_ours.in_states(UNFINISHED)
        return tuple({o.ref: o for o in (*unfinished, *today)}.values())

    def longest_bare(self) -> timedelta | None:
        """The longest time that a purchase was without its stop, among the stops that
        work or were sent today; None if it is not known for any."""
        known = (time_bare(order, self._beside(order)) for order in self.orders())
        return max((each for each in known if each is not None), default=None)

    def _beside(self, order: Order) -> Sequence[Order]:
        """All orders of its stock, in its account."""
        of_it = self.orders_of_ours.of_stock(order.instrument.con_id)
        return orders_in(order.account, of_it)

    async def account(self) -> AccountSummary:
        """The account's figures. Raises BrokerAway without a connection or figures."""
        self._need_line()
        summary = self.broker.account()
        if summary is None:
            raise BrokerAway("the account's figures have not arrived yet")
        return summary

    def _need_line(self) -> None:
        line = self.broker.line()
        if line.state is not LineState.UP:
            raise BrokerAway(line.reason or line.state)

    async def see_data(self) -> None:
        """Request one quote if no price has come for a while, so that status can say
        whether live data comes. Returns within a few seconds."""
        await self.standing.heartbeat.look()

    def status(self) -> Status:
        """The status of everything, with the reasons why nothing may be sent now."""
        readiness, limits = self.standing.read(), self.instructions.read().limits
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
        sessions, after_open = (
            self.calendar.sessions(),
            self.instructions.read().report_after_open,
        )
        return next_report(sessions, self.clock.now(), after_open)
