"""Whether a stock was split since its exit plan was made, so that its prices are wrong.

Tested by tests/core/flows/exits/test_splits.py.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from core.model.exits.protection import Protection
from core.model.fills import Trade
from core.model.market import ConId, Quote, Side
from core.model.money import Price
from core.model.order import Order, OrderRef
from core.model.portfolio import Position
from core.rules.exits.coverage import basis_of
from core.rules.figures.splits import (
    factor_in_words,
    is_of_before,
    split_between,
    split_in_words,
)
from core.rules.selling.holding import is_just_filled


def split_since(
    protection: Protection,
    orders: Sequence[Order],
    held: Iterable[Position],
    *,
    now: datetime,
) -> str | None:
    """ "10 for 1" if the shares that IB lists as *held*, and its mark price, differ
    from those of the plan in the way a split changes them; *orders* are all orders of
    the stock. None if they do not, or it is not known: by *now* (UTC) the listing may
    lack what was executed just now."""
    if is_just_filled(orders, now):
        return None
    stock = protection.instrument.con_id
    position = next((p for p in held if p.instrument.con_id == stock), None)
    before, basis = _shares(protection, orders), basis_of(protection, orders)
    if position is None or before is None or basis is None or position.price is None:
        return None
    return split_in_words(
        Decimal(before), position.shares, basis, position.price, position.average_cost
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitFound:
    """A split of a holding, in ``words``: "10 for 1". There were ``before`` shares
    after the order ``since``, which was sent at ``sent_at`` (UTC) and is the newest one
    from before the split. ``factor`` is what the split has multiplied prices by: 1/10
    for 10 for 1."""

    words: str
    before: Decimal
    since: OrderRef
    sent_at: datetime
    factor: Decimal


def split_of_holding(
    position: Position, orders: Iterable[Order], *, now: datetime
) -> SplitFound | None:
    """The split of *position* since the newest of *orders* was sent, which are all that
    were sent in the stock; None if there was none, or it is not known: by *now* (UTC)
    *position* may lack what was executed just now. The shares before it are those that
    IB listed before that order, and what the order has traded."""
    orders = tuple(orders)
    sent = [o for o in orders if o.sent_at and o.position_before is not None]
    if not sent or position.price is None or is_just_filled(orders, now):
        return None
    newest = max(sent, key=sent_at_of)
    assert newest.position_before is not None
    before = newest.position_before + signed_shares(newest)
    paid = newest.average_price or newest.about
    factor = split_between(
        before, position.shares, paid, position.price, position.average_cost
    )
    if factor is None:
        return None
    return SplitFound(
        words=factor_in_words(factor),
        before=before,
        since=newest.ref,
        sent_at=sent_at_of(newest),
        factor=factor,
    )


def unadjusted_closes(
    quotes: Mapping[ConId, Quote],
    held: Iterable[Position],
    orders_of: Callable[[ConId], Iterable[Order]],
    *,
    now: datetime,
) -> frozenset[ConId]:
    """The stocks *held* whose prior close in *quotes* IB has not adjusted for a split: a
    change since it would say -75 % after 4 for 1. *orders_of* has all orders of a
    stock."""
    return frozenset(
        position.instrument.con_id
        for position in held
        if (quote := quotes.get(position.instrument.con_id)) is not None
        and _is_unadjusted(quote, position, orders_of, now)
    )


def _is_unadjusted(
    quote: Quote,
    position: Position,
    orders_of: Callable[[ConId], Iterable[Order]],
    now: datetime,
) -> bool:
    if not quote.last or not quote.close:
        return False
    orders = orders_of(position.instrument.con_id)
    split = split_of_holding(position, orders, now=now)
    return split is not None and is_of_before(quote.close, quote.last, split.factor)


def in_shares_of_now(trade: Trade, split: SplitFound, held: Decimal) -> Trade:
    """*trade*, which was made before *split*, as if it had been made after it; *held*
    is what IB lists now. The fraction of a share that is paid out in cash is left
    out."""
    fill = replace(trade.fill, price=Price(trade.fill.price * split.factor))
    return replace(trade, shares=trade.shares * held / split.before, fill=fill)


def sent_at_of(order: Order) -> datetime:
    """When (UTC) *order*, which was sent, was sent."""
    assert order.sent_at is not None
    return order.sent_at


def _shares(protection: Protection, orders: Iterable[Order]) -> int | None:
    """How many shares there should be by our own trades since the plan, and what was held
    before its first purchase; None for a plan without purchases that does not say how
    many it was made for."""
    entry = next((o for o in orders if o.ref in protection.entries), None)
    before, since = protection.shares, protection.since
    if entry is not None and entry.position_before is not None:
        before, since = int(entry.position_before), sent_at_of(entry)
    elif protection.entries:
        return sum(signed_shares(order) for order in orders)
    if before is None:
        return None
    later = (o for o in orders if o.sent_at and o.sent_at >= since)
    return before + sum(signed_shares(order) for order in later)


def signed_shares(order: Order) -> int:
    """What *order* has added to the holding: below zero for a sale."""
    return order.filled if order.side is Side.BUY else -order.filled
