"""Orders of ours on disk. See core.ports.journal for what *write* means."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from core.model.market import ConId
from core.model.order import Order, OrderRef, OrderState
from core.model.proposal import ProposalId


class OrderReader(Protocol):
    """Looks orders of ours up."""

    def by_ref(self, ref: OrderRef) -> Order | None: ...
    def by_order_id(self, *, client_id: int, order_id: int) -> Order | None: ...
    def by_exec(self, exec_id: str) -> Order | None:
        """The order that has a fill of this stem."""

    def of_stock(self, con_id: ConId) -> tuple[Order, ...]:
        """All orders of one stock, in the order of creation."""

    def in_states(self, states: Iterable[OrderState]) -> tuple[Order, ...]:
        """The orders in these states, in the order of creation."""

    def of_proposal(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        """The orders of its legs, by leg."""

    def exits_of(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        """The exit orders of the plans that it approved, by leg."""

    def sent_on(self, day: date) -> tuple[Order, ...]:
        """Those whose sent_day is *day* (New York)."""

    def counting_since(self, at: datetime) -> tuple[Order, ...]:
        """The orders that can count against a limit: those not ended, or closed by the
        owner, whenever they were sent; and those with a fill at *at* (UTC) or later. In
        the order of creation."""


class Orders(OrderReader, Protocol):
    """Orders of ours and their fills."""

    def add(self, order: Order) -> None:
        """*write* Raises Contradiction if the (proposal, stock) already has an order
        that is not an exit."""

    def update(self, order: Order, *, was: OrderState) -> bool:
        """*write* Compare-and-set on the state *was*; fills by stem. False if the state
        was another.

        Raises:
            Contradiction: another order has its order_id.
        """
