"""Whether orders could be sent now: one reading of everything that all orders share."""

from dataclasses import dataclass

from core.flows.reconcile import Reconciler
from core.ledger.orders import Ledger
from core.model.limits import Limits
from core.model.status import MarketState, Readiness
from core.ports.account import LineReader
from core.ports.market import Calendar, Clock
from core.rules.guards import standing_blocks
from core.rules.sessions import market_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Reads line, comparison, halt and market, each once, at one moment."""

    broker: LineReader
    reconciler: Reconciler
    ledger: Ledger
    calendar: Calendar
    clock: Clock
    limits: Limits

    def read(self) -> Readiness:
        """How they stand at this moment."""
        now, line = self.clock.now(), self.broker.line()
        return Readiness(
            at=now,
            line=line,
            reconciled=self.reconciler.holds_for(line),
            halted=self.ledger.halted,
            market=market_state(self.calendar.sessions(), now),
        )

    def market(self) -> MarketState:
        """The regular market at this moment, for those who ask for nothing else."""
        return market_state(self.calendar.sessions(), self.clock.now())

    def blocks(self, readiness: Readiness) -> tuple[str, ...]:
        """Why no order at all could be sent then; empty means ready."""
        return standing_blocks(readiness, self.limits)
