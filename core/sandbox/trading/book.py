"""The orders of all clients: live, parked and done, with their parents, groups and ids."""

from dataclasses import dataclass, field, replace
from datetime import date

from core.sandbox.market.hours import NEW_YORK
from core.sandbox.trading.events import Executed
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.tickets import OrderKey, OrderTicket, Side


_FIRST_PERM_ID = 1_724_100_000
_EXEC_STEM = "0001f4e8"
_FIRST_EXEC = 0x6741A200


@dataclass(slots=True)
class OrderBook:
    """Orders by client id and order id. Ids only grow; a finished order stays."""

    orders: dict[OrderKey, BookOrder] = field(default_factory=dict)
    parked: dict[OrderKey, OrderTicket] = field(default_factory=dict)
    completed: list[BookOrder] = field(default_factory=list)
    executions: list[Executed] = field(default_factory=list)
    highest: dict[int, int] = field(default_factory=dict)
    perm_ids: int = _FIRST_PERM_ID
    exec_ids: int = _FIRST_EXEC
    _living: dict[OrderKey, BookOrder] = field(init=False)

    def __post_init__(self) -> None:
        self._living = {k: order for k, order in self.orders.items() if not order.done}

    def new_perm_id(self) -> int:
        """The next permanent id; IB gives every order one."""
        self.perm_ids += 1
        return self.perm_ids

    def new_exec_id(self) -> str:
        """An execution id in IB's form; its last pair of digits counts corrections."""
        self.exec_ids += 1
        return f"{_EXEC_STEM}.{self.exec_ids:08x}.01.01"

    def hand_id(self) -> int:
        """A negative order id for an order typed into the terminal."""
        return min([0, *(key.order_id for key in self.orders)]) - 1

    def use_id(self, key: OrderKey) -> None:
        """Record that the client has used that order id."""
        used = self.highest.get(key.client_id, 0)
        self.highest[key.client_id] = max(used, key.order_id)

    def live(self) -> list[BookOrder]:
        """Orders that may still trade, oldest first."""
        return sorted(self._living.values(), key=lambda order: order.perm_id)

    def put(self, order: BookOrder) -> BookOrder:
        """Store the order as it is now, and return it."""
        self.orders[order.key] = order
        if order.done:
            self.completed.append(order)
            self._living.pop(order.key, None)
        else:
            self._living[order.key] = order
        return order

    def completed_on(self, day: date) -> list[BookOrder]:
        """Orders that ended on that New York day, oldest first."""
        found: list[BookOrder] = []
        for order in reversed(self.completed):
            ended = _day_of_end(order)
            if ended is not None and ended < day:
                break
            if ended == day:
                found.append(order)
        return found[::-1]

    def ended_after(self, number: int) -> list[BookOrder]:
        """Orders that have ended, oldest first, without the first *number*."""
        return self.completed[number:]

    def working(self, account: str, con_id: int, side: Side) -> int:
        """How many live orders an account has for one side of a stock."""
        return sum(
            order.ticket.account == account
            and order.ticket.con_id == con_id
            and order.ticket.side is side
            for order in self.live()
        )

    def children(self, parent: BookOrder) -> list[BookOrder]:
        """Live orders attached to that one."""
        return [
            order
            for order in self.live()
            if order.ticket.parent_id == parent.ticket.order_id
            and order.ticket.client_id == parent.ticket.client_id
        ]

    def parent(self, ticket: OrderTicket) -> BookOrder | None:
        """The order that this one is attached to; None where there is none."""
        if not ticket.parent_id:
            return None
        return self.orders.get(OrderKey(ticket.client_id, ticket.parent_id))

    def waits_for_parent(self, order: BookOrder) -> bool:
        """Whether nothing of the order's parent is filled yet."""
        parent = self.parent(order.ticket)
        return parent is not None and not parent.done and not parent.filled

    def workable(self, order: BookOrder) -> float:
        """Shares that may trade now. While the parent is partly filled: no more than it
        has filled and its children have not closed.
        """
        parent = self.parent(order.ticket)
        if parent is None or parent.done:
            return order.remaining
        closed = sum(
            other.filled
            for other in self.orders.values()
            if other.ticket.client_id == parent.ticket.client_id
            and other.ticket.parent_id == parent.ticket.order_id
        )
        return max(0.0, min(order.remaining, parent.filled - closed))

    def in_family(self, ticket: OrderTicket) -> OrderTicket:
        """The ticket of a child order with the OCA group that IB gives all children of
        a parent.
        """
        parent = self.parent(ticket)
        if parent is None or ticket.oca_group:
            return ticket
        return replace(ticket, oca_group=str(parent.perm_id))

    def oca_members(self, order: BookOrder) -> list[BookOrder]:
        """The other live orders of its OCA group."""
        group = _group(order.ticket)
        return [
            other
            for other in self.live()
            if group is not None
            and other.key != order.key
            and _group(other.ticket) == group
        ]


def _day_of_end(order: BookOrder) -> date | None:
    ended = order.completed_at
    return None if ended is None else ended.astimezone(NEW_YORK).date()


def _group(ticket: OrderTicket) -> tuple[str, str] | None:
    return (ticket.account, ticket.oca_group) if ticket.oca_group else None
