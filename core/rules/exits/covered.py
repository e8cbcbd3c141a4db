"""How many shares an approval of exits covers, and with which exits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from core.model.exits.protection import Protection
from core.model.fills import Fill
from core.model.market import Side
from core.model.order import FINAL, Order
from core.model.portfolio import LISTING_LAG


def approved_shares(
    protection: Protection | None, orders: Sequence[Order], room: int
) -> int:
    """How many shares *protection* covers: those that its purchases bought and none of
    our orders has sold since; or if it names no purchases, all of *room* but what was
    bought once the holding was sold. A sale of more than that included other shares,
    and does not reduce what is bought after it."""
    if protection is None or not protection.open_kinds:
        return 0
    if _is_done(protection, orders):
        return 0
    if not protection.entries:
        return max(0, room - bought_after(protection, orders))
    left = 0
    for trade in sorted(_traded(protection, orders)):
        left = max(0, left + trade.shares)
    return left


def bought_after(protection: Protection, orders: Iterable[Order]) -> int:
    """How many shares our *orders* bought, and have not sold again, after the whole
    holding that *protection* covers was sold, by us or by hand: it is not for these. 0 if
    it names purchases."""
    held, new = protection.shares, 0
    if protection.entries or not held:
        return 0
    for trade in _with_joined(protection, tuple(orders)):
        if held > 0 and not trade.is_anew:
            held += trade.shares
        elif not trade.by_exit:  # its exits sell what it is for
            new = max(0, new + trade.shares)
    return new


def is_sold_out(protection: Protection, orders: Iterable[Order]) -> bool:
    """Whether our *orders* have sold the whole holding that *protection* covers, with what
    was bought to it; never if it names purchases."""
    return left_of(protection, orders) == 0


def left_of(protection: Protection, orders: Iterable[Order]) -> int | None:
    """How many shares of the whole holding that *protection* covers, with what was bought
    to it, our *orders* have not sold; 0 once they had sold all of it. None if it names
    purchases, or if it is not known how many there were."""
    held = protection.shares
    if protection.entries or not held:
        return None
    traded = _with_joined(protection, tuple(orders))
    left = [*accumulate((trade.shares for trade in traded), initial=held)]
    return left[-1] if min(left) > 0 else 0


def _is_done(protection: Protection, orders: Iterable[Order]) -> bool:
    """Whether all that *protection* is for is sold, and none of its exits works on."""
    works = any(
        order.exit
        and order.proposal_id == protection.proposal_id
        and order.state not in FINAL
        for order in orders
    )
    return not works and is_sold_out(protection, orders)


def still_held(
    shares: int, orders: Iterable[Order], *, known: Mapping[str, int]
) -> int:
    """How many are left of a holding of so many *shares*, by what *orders* have traded
    beyond the shares that were *known* of each ref, with what joined it; 0 once all of it
    was sold, whatever was bought after that."""
    traded = [order for order in orders if order.fills]
    for order in sorted(traded, key=_last_traded):
        since = order.filled - known.get(order.ref, 0)
        shares += -since if order.side is Side.SELL else since
        if shares <= 0:
            return 0
    return shares


def _last_traded(order: Order) -> tuple[datetime, bool]:
    """When (UTC) an order with fills had its last; a sale comes last within one second."""
    return max(fill.at for fill in order.fills), order.side is Side.SELL


def unsold(protection: Protection, orders: Sequence[Order]) -> int:
    """How many of the shares that had exits by *protection* none of our *orders* has sold."""
    held = protection.shares or 0
    if protection.entries or not protection.open_kinds:
        return approved_shares(protection, orders, held)
    return max(0, held + sum(sale.shares for sale in _traded(protection, orders)))


class _Traded(NamedTuple):
    """A fill of ours since an approval: *at* (UTC), its *shares*, negative for a sale
    (which sort last within one second); *is_anew* if it bought where nothing was held,
    *by_exit* if an exit of that approval sold."""

    at: datetime
    is_sale: bool
    shares: int
    is_anew: bool = False
    by_exit: bool = False


def _with_joined(protection: Protection, orders: Sequence[Order]) -> Iterator[_Traded]:
    """What our *orders* have traded since the approval, and what others had bought to the
    holding by then: an order of ours that was sent found it listed. What may be listed
    although we have just sold it is nothing of theirs."""
    held, known = protection.shares or 0, protection.since.replace(microsecond=0)
    found = tuple(_found_by(protection, orders))
    for trade in sorted(_traded(protection, orders, every_purchase=True)):
        listed = max((n for at, n in found if known <= at <= trade.at), default=0)
        if 0 < held < listed:
            yield _Traded(trade.at, is_sale=False, shares=listed - held)
            held = listed
        yield trade
        held, known = held + trade.shares, trade.at + LISTING_LAG
        if held <= 0:
            found = ()  # what is bought after that is another holding


def _found_by(
    protection: Protection, orders: Iterable[Order]
) -> Iterator[tuple[datetime, int]]:
    """When (UTC) each of *orders* was sent since the approval, or had its first fill by
    IB's whole seconds, and the shares that were listed."""
    for order in orders:
        sent, listed = order.sent_at, order.position_before
        if sent is not None and sent >= protection.since and listed is not None:
            yield min((sent, *(fill.at for fill in order.fills))), int(listed)


def _traded(
    protection: Protection, orders: Sequence[Order], *, every_purchase: bool = False
) -> Iterator[_Traded]:
    """The purchases of *protection* and our sales since the approval, or *every_purchase*
    since then."""
    bought = [f.at for o in orders if o.side is not Side.SELL for f in o.fills]
    for order in orders:
        is_sale = order.side is Side.SELL
        by_exit = bool(order.exit) and order.proposal_id == protection.proposal_id
        for fill in order.fills:
            is_since = _is_since(protection, order, fill)
            if is_since and is_sale:
                yield _Traded(fill.at, is_sale, -fill.shares, by_exit=by_exit)
            elif order.ref in protection.entries or (is_since and every_purchase):
                is_anew = _is_anew(protection, order, fill, bought)
                yield _Traded(fill.at, is_sale, fill.shares, is_anew)


def _is_anew(
    protection: Protection, order: Order, fill: Fill, bought: Iterable[datetime]
) -> bool:
    """Whether *order* was sent after the approval, when nothing was held, and *fill* is of
    later, too. What we had *bought* a moment before it was sent may have been held and
    not listed yet."""
    since, sent = protection.since, order.sent_at
    if sent is None or sent < since or fill.at <= since:
        return False
    is_listed = not any(sent - LISTING_LAG < at < sent for at in bought)
    return (
        is_listed and order.position_before is not None and order.position_before <= 0
    )


def _is_since(protection: Protection, order: Order, fill: Fill) -> bool:
    """Whether *fill* came after the approval. IB's clock may be behind, so a sale that
    was sent after it counts whatever its time stamp."""
    left_later = order.sent_at is not None and order.sent_at >= protection.since
    return left_later or fill.at >= protection.since
