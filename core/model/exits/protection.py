"""The exits that stand for what is held of one stock, as the owner approved them."""

from dataclasses import dataclass
from datetime import date, datetime

from core.model.exits.plan import ExitKind, ExitPlan
from core.model.market import ConId, Instrument
from core.model.money import Price
from core.model.order import OrderRef
from core.model.proposal import ProposalId


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """One for each stock of an account; a newer approval takes its place.

    ``proposal_id`` is the card that was approved at ``since`` (UTC). ``entries`` are the
    purchases whose shares it covers; without any, it covers all that is held. ``basis``
    is the dollars that the distances count from; None: what the entries paid.
    ``shares`` is how many were held when it was approved, where it covers all of them.
    ``off`` are exits that were taken off since, by hand. ``close_day`` is the session
    (New York's date) before whose close the rest is sold.
    """

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
    def stands_for(self) -> tuple[str, ConId]:
        """The account and its stock: what there is one of."""
        return self.account, self.instrument.con_id
