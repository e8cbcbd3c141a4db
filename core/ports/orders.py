"""Orders of ours on disk. See core.ports.journal for what *write* means."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from core.model.market import ConId
from core.model.order import Order, OrderRef, OrderState
from core.model.proposal import ProposalId


class OrderLookup(Protocol):
    """Looks one order of ours up, by a name that it has."""

    def by_ref(self, ref: OrderRef) -> Order | None: ...
    def by_order_id(self, *, client_id: int, order_id: int) -> Order | None: ...
    def by_exec(self, exec_id: str) -> Order | None:
        """The order that has a fill of this stem."""


class OrderLists(Protocol):
    """Lists orders of ours."""

    def of_stock(self, con_id: ConId) -> tuple[Order, ...]:
        """All orders of one stock, in the order of creation."""

    def in_states(self, states: Iterable[OrderState]) -> tuple[Order, ...]:
        """The orders in these states, in the order of creation."""


class KnownOrders(OrderLookup, OrderLists, Protocol):
    """Finds the orders that a message or a listing of IB speaks of."""


class CardOrders(OrderLists, Protocol):
    """Also lists the orders that a card approved."""

    def of_proposal(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        """The orders of its legs, by leg."""

    def exits_of(self, proposal_id: ProposalId) -> tuple[Order, ...]:
        """The exit orders of the plans that it approved, by leg."""


class CountedOrders(OrderLists, Protocol):
    """Also lists the orders that count against a limit, or for a day."""

    def sent_on(self, day: date) -> tuple[Order, ...]:
        """The orders whose sent_day is *day* (New York)."""

    def counting_since(self, at: datetime) -> tuple[Order, ...]:
        """The orders that can count against a limit: those not ended, or closed by the
        owner, whenever they were sent; and those with a fill at *at* (UTC) or later. In
        the order of creation."""


class CardAndCountedOrders(CardOrders, CountedOrders, Protocol):
    """What a card and its limits are judged by."""


class OrderWriter(Protocol):
    """Writes orders of ours and their fills."""

    def add(self, order: Order) -> None:
        """*write* Raises Contradiction if the (proposal, stock) already has an order
        that is not an exit."""

    def update(self, order: Order, *, was: OrderState) -> bool:
        """*write* Compare-and-set on the state *was*; fills by stem. False if the state
        was another, or if it is no longer of its stock, card, leg, account and exit, which
        never change.

        Raises:
            Contradiction: another order has its order_id.
        """


class WrittenOrders(OrderLists, OrderWriter, Protocol):
    """Orders as they begin."""


class LedgerOrders(KnownOrders, CardOrders, OrderWriter, Protocol):
    """Orders as they change state."""


class Orders(LedgerOrders, CardAndCountedOrders, Protocol):
    """All of it; each part is given only what it uses."""
