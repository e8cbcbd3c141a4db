"""Making the brief before an open and the summary after a close.

Tested by tests/core/flows/chosen/test_scheduled.py.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from core.flows.other_trades import read_other_trades
from core.flows.research.snapshots import quotes_of
from core.flows.trades import trades_today
from core.ledger.others import Others
from core.ledger.unit_of_work import UnitOfWork
from core.model.chosen.bulletins import Brief, Summary
from core.model.chosen.news import BriefReady, SummaryReady
from core.model.chosen.schedule import Run
from core.model.errors import StoreError
from core.model.evidence import LineState
from core.model.market import Instrument, Session
from core.model.order import WORKING, Order, OrderState
from core.model.portfolio import Position
from core.model.report import Scorecard
from core.model.scoring.trades import ListedHoldings, RoundTrip
from core.ports.account import AccountReader
from core.ports.chat import Notifier
from core.ports.journal import Results
from core.ports.market import Calendar, Clock, QuoteSource
from core.ports.memory import AccountValues, ScoreReader
from core.ports.orders import CardAndCountedOrders
from core.ports.proposals import LatestPicks
from core.ports.settings import InstructionReader
from core.rules.chosen import bulletins as rules
from core.rules.exits.splits import unadjusted_closes
from core.rules.figures.scorecard import scorecard
from core.rules.new_york import start_of
from core.rules.reporting import marked, overnight


_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletins:
    """Makes both; each names the parts that could not be read."""

    market: QuoteSource
    broker: AccountReader
    notifier: Notifier
    calendar: Calendar
    clock: Clock
    proposals: LatestPicks
    orders: CardAndCountedOrders
    memory: AccountValues
    scores: ScoreReader
    results: Results
    instructions: InstructionReader
    unit: UnitOfWork
    others: Others

    async def brief(
        self, session: Session, today: tuple[Run, ...], *, key: str, within: float
    ) -> None:
        """Send the brief for *session*, with the runs of *today*, once for *key*.

        Raises:
            NotifierAway: the chat refused it or was not reached *within* that many
                seconds.
        """
        shown = await self.notifier.place(key, within=within)
        held = self._watched()
        quotes = await quotes_of(self.market, [*held], within=self._timeouts)
        gaps, unpriced = rules.gaps(held, quotes)
        sessions = self.calendar.sessions()
        brief = Brief(
            at=self.clock.now(),
            session=session,
            mode=self.instructions.read().limits.mode,
            gaps=gaps,
            unpriced=unpriced,
            queued=self._queued(),
            today=today,
            closed=rules.next_closed(sessions, session.day),
            early=rules.next_early(sessions, session.day),
            away=self._away(),
        )
        self.unit.announce(BriefReady(shown=shown, brief=brief))

    async def summary(self, session: Session, *, key: str, within: float) -> None:
        """Send the summary of *session*, once for *key*. Raises as ``brief``."""
        shown = await self.notifier.place(key, within=within)
        positions = await self._positions()
        account = self.broker.account()
        value = account.net_liquidation if account else None
        counted = sum(each.is_dollar_stock for each in positions or ())
        before = self.memory.account_value(session.day)
        summary = Summary(
            at=self.clock.now(),
            session=session,
            mode=self.instructions.read().limits.mode,
            account=account,
            since_report=overnight(value, before),
            trips=await self._trips(session),
            day_profit=rules.day_profit(positions),
            held=counted,
            uncounted=len(positions or ()) - counted,
            orders=self._filled(session),
            picks=await self._picks(session),
            score=self.scores.score(),
            away=self._away(),
        )
        self.unit.announce(SummaryReady(shown=shown, summary=summary))

    @property
    def _timeouts(self) -> float:
        return self.instructions.read().timeouts.quotes

    def _watched(self) -> dict[Instrument, Decimal]:
        """The stocks that are held or were last picked, with the shares held."""
        held = [p for p in self.broker.positions() or () if p.is_dollar_stock]
        last = self.proposals.latest(before=None)
        picked = {leg.instrument: Decimal(0) for leg in last.legs} if last else {}
        return {**picked, **{each.instrument: each.shares for each in held}}

    def _queued(self) -> tuple[Order, ...]:
        at_ib = self.orders.in_states((OrderState.PLANNED, *WORKING))
        return tuple(order for order in at_ib if order.held_until is not None)

    async def _positions(self) -> tuple[Position, ...] | None:
        """The positions at current prices."""
        held = self.broker.positions()
        if held is None:
            return None
        stocks = [each.instrument for each in held if each.is_dollar_stock]
        quotes = await quotes_of(self.market, stocks, within=self._timeouts)
        trades = await trades_today(
            self.broker,
            self.orders,
            account=self.instructions.read().limits.account,
            calendar=self.calendar,
            clock=self.clock,
            within=self._timeouts,
        )
        old = unadjusted_closes(
            quotes, held, self.orders.of_stock, now=self.clock.now()
        )
        return tuple(
            marked(
                each,
                quotes.get(number := each.instrument.con_id),
                trades,
                is_unadjusted=number in old,
            )
            for each in held
        )

    async def _trips(self, session: Session) -> tuple[RoundTrip, ...] | None:
        await read_other_trades(self.broker, self.others, within=self._timeouts)
        try:
            found = await self.results.trades(self._account())
        except StoreError as problem:
            _log.warning("summary without sales: %s", problem)
            return None
        return rules.trips_of(found.trips, session.day)

    def _account(self) -> ListedHoldings:
        return ListedHoldings(
            account=self.instructions.read().limits.account, at=self.clock.now()
        )

    def _filled(self, session: Session) -> tuple[Order, ...]:
        since = self.orders.counting_since(start_of(session.day))
        return rules.filled_on(since, session.day)

    async def _picks(self, session: Session) -> Scorecard | None:
        """The day's last card with picks, and how they have done."""
        picks = self.proposals.latest(before=session.day + timedelta(days=1))
        if picks is None or picks.session_day != session.day:
            return None
        stocks = [leg.instrument for leg in picks.legs]
        quotes = await quotes_of(self.market, stocks, within=self._timeouts)
        prices = {
            con_id: quote.last
            for con_id, quote in quotes.items()
            if quote.last is not None
        }
        return scorecard(picks, self.orders.of_proposal(picks.id), prices)

    def _away(self) -> str | None:
        line = self.broker.line()
        return None if line.state is LineState.UP else line.reason or line.state.value
