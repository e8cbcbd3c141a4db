"""News for the owner about one order of ours."""

from dataclasses import dataclass

from core.model.fills import Fill
from core.model.order import OrderRef
from core.model.proposal import ProposalId


@dataclass(frozen=True, slots=True, kw_only=True)
class FillChanged:
    """IB has corrected an execution of ours, or taken it back (0 shares)."""

    ref: OrderRef
    was: Fill
    now: Fill

    @property
    def key(self) -> str:
        return f"fill-changed:{self.now.exec_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enlarged:
    """An order that was filled is for more ``shares`` at IB, it turns out: somebody made
    it larger, and what is not filled of it works or was cancelled there."""

    ref: OrderRef
    shares: int

    @property
    def key(self) -> str:
        return f"enlarged:{self.ref}:{self.shares}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelUnconfirmed:
    """IB has not confirmed the cancel of an order for a minute or more; *is_asked* is
    whether it could be asked at all."""

    ref: OrderRef
    is_asked: bool = True

    @property
    def key(self) -> str:
        return f"cancel-unconfirmed:{self.ref}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFilled:
    """*filled_orders* of a card's orders have fills, whole or in part, and the card is
    not at its end: another order, or the rest of one, still works at IB."""

    proposal_id: ProposalId
    filled_orders: int

    @property
    def key(self) -> str:
        return f"part-filled:{self.proposal_id}:{self.filled_orders}"
