"""Which shares of each holding are covered by exits, and which are not.

Tested by tests/core/flows/exits/test_cards.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from core.model.exits.overview import ProtectedHolding
from core.model.exits.protection import Protection
from core.model.identity import Identity
from core.model.market import Instrument
from core.model.order import FINAL, GOOD_TILL_CANCELLED, WORKING, Order
from core.model.portfolio import Position
from core.rules.circumstances import may_execute_unseen
from core.rules.exits.coverage import Group, groups_of
from core.rules.exits.exposure import PROTECTS
from core.rules.new_york import day_of


def holdings(
    held: Iterable[Position],
    protections: Sequence[Protection],
    orders: Sequence[Order],
    *,
    identity: Identity | None,
    now: datetime,
    is_open: bool,
) -> tuple[ProtectedHolding, ...]:
    """Every held stock in dollars with its exits. *orders* are ours that have not ended
    or that the owner closed; *identity* is the session's, and *is_open* whether the
    market is."""
    here = [order for order in orders if order.is_of(identity)]
    elsewhere = [o for o in orders if o.state not in FINAL and o not in here]
    return tuple(
        replace(
            _holding(position, protections, here, day_of(now), is_open=is_open),
            elsewhere=tuple(_exits_of(position.instrument, elsewhere)),
        )
        for position in held
        if position.is_dollar_stock and position.whole_shares > 0
    )


def _holding(
    position: Position,
    protections: Sequence[Protection],
    orders: Sequence[Order],
    day: date,
    *,
    is_open: bool,
) -> ProtectedHolding:
    stock = position.instrument
    of_it = _exits_of(stock, orders)
    standing = [p for p in protections if p.instrument.con_id == stock.con_id]
    groups = groups_of(of_it)
    covered = sum(_covered(group, is_open=is_open) for group in groups)
    return ProtectedHolding(
        instrument=stock,
        shares=position.whole_shares,
        naked=max(0, position.whole_shares - covered),
        exits=tuple(o for o in of_it if o.state not in FINAL),
        closed=tuple(o for o in of_it if may_execute_unseen(o, day)),
        protection=standing[0] if standing else None,
    )


def _exits_of(stock: Instrument, orders: Iterable[Order]) -> list[Order]:
    return [o for o in orders if o.instrument.con_id == stock.con_id and o.exit]


def _covered(group: Group, *, is_open: bool) -> int:
    """The shares that the largest stop of *group* may still sell: somebody may have made
    it smaller than the target beside it. One that somebody made good for a day ends
    with the close, whenever IB says so: between two sessions it covers nothing."""
    stops = (
        order
        for order in group.alive
        if order.exit in PROTECTS and order.state in WORKING
        if is_open or order.tif == GOOD_TILL_CANCELLED
    )
    largest = max((order.shares for order in stops), default=0)
    return max(0, largest - sum(order.filled for order in group.orders))
