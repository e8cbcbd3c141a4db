"""How long bought shares were without their stop, and which exits wait for it.

Tested by tests/core/flows/exits/test_exposure.py.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from core.model.exits.plan import ExitKind
from core.model.market import Side
from core.model.order import WORKING, Order


PROTECTS: Final = frozenset({ExitKind.STOP, ExitKind.TRAIL})

_AHEAD: Final = timedelta(seconds=60)
"""How far IB's clock, which stamps fills, may be ahead of ours, which stamps when an
exit was confirmed. With a larger difference nothing is sent at all."""


def waits_for_its_stop(
    order: Order, due: frozenset[ExitKind], orders: Iterable[Order]
) -> bool:
    """Whether *order*, a target beside which a stop is *due*, has to wait: none among
    *orders* of its OCA group is known to work at IB. A target that IB holds alone can
    sell, and protects nothing. One that is cancelled waits for nothing."""
    if order.exit is not ExitKind.TARGET or order.cancel_asked or not due & PROTECTS:
        return False
    return not any(
        each.exit in PROTECTS
        and each.oca_group == order.oca_group
        and (each.state in WORKING or each.filled)
        for each in orders
    )


def time_bare(order: Order, orders: Iterable[Order]) -> timedelta | None:
    """The time from the newest purchase among *orders* (all of the stock in the
    account) to IB's confirmation of *order*, a stop or trailing stop. It is as exact as
    the two clocks agree, and never negative. None for other orders, before IB has
    confirmed it, and for a stop that replaced another."""
    if order.exit not in PROTECTS or order.acked_at is None:
        return None
    others = tuple(orders)
    bought = [
        fill.at
        for each in others
        if each.side is Side.BUY
        for fill in each.fills
        if fill.shares and fill.at <= order.acked_at + _AHEAD
    ]
    since = max(bought, default=None)
    if since is None or _replaces(order, others, since):
        return None
    return max(timedelta(), order.acked_at - since)


def _replaces(order: Order, others: Sequence[Order], since: datetime) -> bool:
    """Whether another stop was confirmed earlier, but after the last purchase."""
    assert order.acked_at is not None
    return any(
        each.exit in PROTECTS
        and each.ref != order.ref
        and each.acked_at is not None
        and since <= each.acked_at < order.acked_at
        for each in others
    )
