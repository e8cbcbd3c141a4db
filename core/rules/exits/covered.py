"""How many shares an approval of exits covers, and with which exits."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from core.model.exits.protection import Protection
from core.model.fills import Fill
from core.model.market import Side
from core.model.order import Order


def approved_shares(
    protection: Protection | None, orders: Sequence[Order], room: int
) -> int:
    """How many shares *protection* covers: those that its purchases bought and none of
    our orders has sold since; or all of *room* if it names no purchases. A sale of more
    than that included other shares, and does not reduce what is bought after it."""
    if protection is None or not protection.open_kinds:
        return 0
    if not protection.entries:
        return room
    left = 0
    for _, _, shares in sorted(_traded(protection, orders)):
        left = max(0, left + shares)
    return left


def unsold(protection: Protection, orders: Sequence[Order]) -> int:
    """How many of the shares that had exits by *protection* none of our *orders* has sold."""
    held = protection.shares or 0
    if protection.entries or not protection.open_kinds:
        return approved_shares(protection, orders, held)
    return max(0, held + sum(sold for _, _, sold in _traded(protection, orders)))


def _traded(
    protection: Protection, orders: Iterable[Order]
) -> Iterator[tuple[datetime, bool, int]]:
    """The purchases of *protection* and our sales since the approval: the time, whether
    it was a sale (which sort last within one second), and the shares, negative for a
    sale."""
    for order in orders:
        for fill in order.fills:
            if order.ref in protection.entries:
                yield fill.at, False, fill.shares
            elif order.side is Side.SELL and _is_since(protection, order, fill):
                yield fill.at, True, -fill.shares


def _is_since(protection: Protection, order: Order, fill: Fill) -> bool:
    """Whether *fill* came after the approval. IB's clock may be behind, so a sale that
    was sent after it counts whatever its time stamp."""
    left_later = order.sent_at is not None and order.sent_at >= protection.since
    return left_later or fill.at >= protection.since
