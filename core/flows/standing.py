"""Whether orders could be sent now: one reading of everything that all orders share."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.flows.data_heartbeat import DataHeartbeat
from core.flows.reconcile import Reconciler
from core.ledger.halts import Halts
from core.model.identity import Identity
from core.model.order import IN_DOUBT
from core.model.proposal import Proposal, Purpose
from core.model.status import Conditions, MarketState, Readiness
from core.ports.account import LineReader
from core.ports.market import Calendar, Clock
from core.ports.orders import CountedOrders
from core.ports.settings import InstructionReader
from core.rules.circumstances import session_day, spent
from core.rules.guards import yes_blocks
from core.rules.new_york import day_of, start_of
from core.rules.sessions import market_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Reads line, supply, comparison, halt and market, each once, at one moment."""

    broker: LineReader
    heartbeat: DataHeartbeat
    orders: CountedOrders
    reconciler: Reconciler
    halts: Halts
    calendar: Calendar
    clock: Clock
    instructions: InstructionReader

    def read(self) -> Conditions:
        """How they stand at this moment."""
        now, line = self.clock.now(), self.broker.line()
        return Conditions(
            at=now,
            line=line,
            supply=self.heartbeat.supply(),
            reconciled=self.reconciler.holds_for(line),
            halted=self.halts.halted,
            market=market_state(self.calendar.sessions(), now),
            in_doubt=self.orders.in_states(tuple(IN_DOUBT)),
        )

    def readiness(self) -> Readiness:
        """What ``read`` returns, with the dollars that the session's purchases have cost
        or may still cost."""
        now = self.read()
        counting = self.orders.counting_since(start_of(day_of(now.at)))
        used = spent(counting, session_day(now.market, now.at))
        return now.with_used(used)

    def identity(self) -> Identity | None:
        """In whose name the newest session is; None before the first."""
        return self.broker.line().identity

    def is_compared(self) -> bool:
        """Whether the orders have been compared over the line as it is."""
        return self.reconciler.reconciled

    def market(self, at: datetime | None = None) -> MarketState:
        """The regular market *at* a moment (UTC), now if none is given, for those who ask
        for nothing else."""
        return market_state(self.calendar.sessions(), at or self.clock.now())

    def by_both_clocks(self) -> tuple[datetime, datetime]:
        """The time (UTC) by this machine's clock and by the gateway's, the earlier one
        first."""
        now = self.clock.now()
        told = now + timedelta(seconds=self.broker.line().skew)
        return min(now, told), max(now, told)

    def blocks(
        self, readiness: Readiness, purpose: Purpose = Purpose.PICKS
    ) -> tuple[str, ...]:
        """Why a Yes to a card of *purpose* that was made now would not be sent under
        *readiness*; empty means that it would."""
        return yes_blocks(readiness, self.instructions.read().limits, purpose)

    def blocks_of(self, readiness: Readiness, proposal: Proposal) -> tuple[str, ...]:
        """Why a Yes to this card would not be sent under *readiness*, each limit being the
        stricter of its values at the card's making and now; empty means that it would."""
        limits = self.instructions.limits_of(proposal.made_at)
        return yes_blocks(readiness, limits, proposal.purpose)
