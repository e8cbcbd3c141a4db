"""What queries for orders have found, kept until it changes.

A list that says which orders belong to it follows what is written, so that no query is
needed right behind a write, where an order waits.

Tested by tests/core/store/cached/test_found_orders.py."""

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from core.model.order import Order, OrderRef


MOST: Final = 100
"""More than the distinct queries between two writes."""

MOST_FOLLOWED: Final = 8
"""Two are asked for all day; others begin at a moment, and are asked for once."""

Query: TypeAlias = tuple[object, ...]
"""An SQL query and its parameters."""

Belongs: TypeAlias = Callable[[Order], bool]


class _Followed(NamedTuple):
    """Every order that *belongs*, in the order of creation."""

    belongs: Belongs
    orders: dict[OrderRef, Order]


class FoundOrders:
    """The list of each query."""

    def __init__(self) -> None:
        self._lists: dict[Query, tuple[Order, ...]] = {}
        self._followed: dict[Query, _Followed] = {}

    def listed(self, query: Query) -> tuple[Order, ...] | None:
        """What *query* would find; None if that is not known."""
        if query in self._followed:
            return tuple(self._followed[query].orders.values())
        return self._lists.get(query)

    def keep(
        self, query: Query, found: tuple[Order, ...], belongs: Belongs | None
    ) -> None:
        """Keep what *query* has found: every order that *belongs*, in the order of
        creation, or with None until any order is written."""
        if len(self._lists) >= MOST or len(self._followed) >= MOST_FOLLOWED:
            self.clear()
        if belongs is None:
            self._lists[query] = found
        else:
            orders = {order.ref: order for order in found}
            self._followed[query] = _Followed(belongs, orders)

    def add(self, order: Order) -> None:
        """*order* is new, so that it is the last of each list that it belongs to."""
        self._lists.clear()
        for belongs, orders in self._followed.values():
            if belongs(order):
                orders[order.ref] = order

    def change(self, order: Order) -> None:
        """*order* has changed. The place of one that comes back is not known: that list
        is found anew."""
        self._lists.clear()
        for query, (belongs, orders) in tuple(self._followed.items()):
            if not belongs(order):
                orders.pop(order.ref, None)
            elif order.ref in orders:
                orders[order.ref] = order
            else:
                del self._followed[query]

    def clear(self) -> None:
        """Keep nothing."""
        self._lists.clear()
        self._followed.clear()
