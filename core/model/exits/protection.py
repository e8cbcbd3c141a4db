"""The exits approved for what is held of one stock."""

from dataclasses import dataclass
from datetime import date, datetime

from core.model.exits.plan import ExitKind, ExitPlan
from core.model.market import ConId, Instrument
from core.model.money import Price
from core.model.order import Order, OrderRef
from core.model.proposal import ProposalId


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """The approval in force for one stock of one account; a newer one replaces it.

    ``proposal_id`` is the card approved at ``since`` (UTC). ``entries`` are the
    purchases whose shares it covers; if empty, it covers everything held. ``basis`` is
    the price in dollars that distances are measured from, None for what the entries
    paid. ``shares`` is how many were held at the approval, if it covers all of them.
    ``off`` are exits that somebody has taken off since. ``close_day`` is the session
    (New York date) before whose close the rest is sold."""

    instrument: Instrument
    account: str
    plan: ExitPlan
    proposal_id: ProposalId
    since: datetime
    entries: tuple[OrderRef, ...] = ()
    basis: Price | None = None
    shares: int | None = None
    off: tuple[ExitKind, ...] = ()
    close_day: date | None = None

    @property
    def open_kinds(self) -> frozenset[ExitKind]:
        """The kinds of exit in its plan that nobody has taken off."""
        planned = {
            ExitKind.STOP: self.plan.stop,
            ExitKind.TRAIL: self.plan.trail,
            ExitKind.TARGET: self.plan.target,
            ExitKind.CLOSE: self.plan.sessions,
        }
        there = {kind for kind, distance in planned.items() if distance is not None}
        return frozenset(there - set(self.off))

    def has(self, order: Order) -> bool:
        """Whether *order* is an exit of it that nobody has taken off."""
        return order.proposal_id == self.proposal_id and order.exit not in self.off

    @property
    def stands_for(self) -> tuple[str, ConId]:
        """Its key: one protection exists for each account and stock."""
        return self.account, self.instrument.con_id
