"""Whether somebody has changed the size of an exit at IB by hand.

IB itself reduces an exit by what others of its OCA group sell. One that is smaller or
larger than those sales explain was changed by hand.

Tested by tests/core/flows/exits/test_reduced.py.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from core.model.evidence import Evidence
from core.model.money import Shares
from core.model.order import FINAL, WORKING, Order, OrderRef
from core.model.order_events import Amended
from core.model.portfolio import OpenOrder
from core.rules.exits.exposure import PROTECTS
from core.rules.listings.found import find


def is_cut(order: Order, shares: Decimal | None, orders: Iterable[Order]) -> bool:
    """Whether IB has *order*, an exit, for fewer *shares* than the sales of others of
    its group among *orders* explain, as far as is known."""
    if not order.oca_group or order.state not in WORKING or not shares:
        return False
    others = _others(order, orders)
    if any(not fill.shares for each in others for fill in each.fills):
        return False  # taken back: IB gives no share back for that
    return shares < order.shares - sum(each.filled for each in others)


def is_grown(order: Order, shares: Decimal | None, orders: Iterable[Order]) -> bool:
    """Whether IB has *order*, an exit, for more *shares* than the sales of others of
    its group among *orders* leave of it, as far as is known."""
    if not order.oca_group or order.state not in WORKING or not shares:
        return False
    others = _others(order, orders)
    return shares > order.shares - sum(each.filled for each in others)


def cut_by_hand(orders: Iterable[Order], evidence: Evidence) -> Iterator[Amended]:
    """The exits among *orders*, all of one stock, that IB lists for fewer shares than
    the sales of the others explain. Those are IB's executions, and what it lists as
    filled. The listing of the open orders came first, so every sale that had reduced
    them is known by now."""
    group = tuple(orders)
    listed = _listed(group, evidence)
    for order in group:
        row = listed.get(order.ref)
        if row is None or not is_cut(order, row.shares, group):
            continue
        sold = sum(_sold(each, listed.get(each.ref)) for each in _others(order, group))
        size = int(row.shares) + sold
        if size < order.shares:
            yield _amended(order, size, sold)


def grown(orders: Iterable[Order], evidence: Evidence) -> Iterator[Amended]:
    """The exits among *orders*, all of one stock, that IB lists for more shares than
    are left after what it lists as filled of the others. One pass proves nothing: IB
    may be about to reduce them."""
    group = tuple(orders)
    listed = _listed(group, evidence)
    for order in group:
        row = listed.get(order.ref)
        if row is None or order.state not in WORKING or not order.oca_group:
            continue
        sold = sum(_sold_by(each, listed) for each in _others(order, group))
        if (size := int(row.shares) + sold) > order.shares:
            yield _amended(order, size, sold)


def grown_by_hand(
    orders: Iterable[Order], evidence: Evidence, *, earlier: Evidence | None
) -> Iterator[Amended]:
    """The exits that are ``grown`` in two passes of one session: somebody made them
    larger, and together with the others they would sell more than their group is
    for."""
    if earlier is None or earlier.epoch != evidence.epoch:
        return
    group = tuple(orders)
    before = {each.ref: each for each in grown(group, earlier)}
    for each in grown(group, evidence):
        if each.ref in before:
            yield min(each, before[each.ref], key=lambda event: event.shares)


def bare_beside(order: Order, orders: Iterable[Order]) -> int:
    """Shares that others of *order*'s group may sell and that *order*, a stop, no
    longer protects; 0 for other exits, and where the rest gets exits of its own."""
    alive = (each for each in _others(order, orders) if each.state in WORKING)
    size = max((each.shares for each in alive), default=0)
    return max(0, size - order.shares) if order.exit in PROTECTS else 0


def _others(order: Order, orders: Iterable[Order]) -> list[Order]:
    return [
        each
        for each in orders
        if each.oca_group == order.oca_group and each.ref != order.ref
    ]


def _listed(orders: Iterable[Order], evidence: Evidence) -> dict[OrderRef, OpenOrder]:
    found = {order.ref: find(order, evidence).open for order in orders}
    return {ref: row for ref, row in found.items() if row is not None}


def _sold_by(order: Order, listed: dict[OrderRef, OpenOrder]) -> int:
    """The shares of *order* that IB has *listed* as filled; of one that it does not
    list and that has ended, those that are known here."""
    row = listed.get(order.ref)
    if row is not None:
        return int(row.filled)
    return order.filled if order.state in FINAL else 0


def _sold(order: Order, listed: OpenOrder | None) -> int:
    return max(order.filled, int(listed.filled) if listed else 0)


def _amended(order: Order, size: int, sold: int) -> Amended:
    by_others = f"others of its group have sold {sold}" if sold else "none was sold"
    return Amended(
        ref=order.ref,
        shares=Shares(size),
        limit=order.limit,
        reason=f"IB has it for {size - sold} shares, not {order.shares}, and {by_others}",
    )
