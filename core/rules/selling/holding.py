"""How many shares of a stock can be sold: those held, minus those being sold."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from math import ceil, floor
from typing import Final

from core.model.fills import Fill
from core.model.identity import Identity
from core.model.market import ConId, Instrument, Side
from core.model.money import Shares
from core.model.order import FINAL, Order, OrderRef
from core.model.portfolio import LISTING_LAG, Inventory, OpenOrder, Position
from core.rules.circumstances import may_execute_unseen
from core.rules.exits.coverage import groups_of, unseen_exits
from core.rules.listings.unknown_orders import is_copy
from core.rules.new_york import day_of


_EVERYTHING: Final = 10**15

_WINDOW: Final = 2 * LISTING_LAG
"""How long sales are taken into account: the listing that a sale was based on may
itself have lacked the fill before it."""


def held_of(instrument: Instrument, held: Iterable[Position]) -> Decimal:
    """The shares of *instrument* in *held*, including fractions; negative if short."""
    con_id = instrument.con_id
    listed = (each.shares for each in held if each.instrument.con_id == con_id)
    return sum(listed, Decimal(0))


def sellable_shares(
    instrument: Instrument,
    *,
    held: Iterable[Position] | None,
    ours: Sequence[Order],
    inventory: Inventory | None,
    now: datetime,
    without: Callable[[Order], bool] = lambda _: False,
) -> Shares:
    """The whole shares that a new sale may take. Fractions stay, since IB's API refuses
    them (10243).

    *held* is the account window, *inventory* what IB lists on request. The smaller of
    the two counts, because sold shares may be listed as held for minutes; purchases
    since then are added. *ours* are our orders in the account that can still count
    (CountedOrders.counting_since); orders for which *without* is true do not count as
    selling."""
    sales = [o for o in ours if o.side is Side.SELL and _is_of(o, instrument)]
    counted = [order for order in sales if not without(order)]
    selling = _being_sold([o for o in counted if o.exit is None], now)
    selling += _exits_may_sell(counted, now)
    bought = bought_in(ours, instrument)
    new = just_filled(bought, now)
    listed = [] if held is None else [held_of(instrument, held) + new]
    if inventory is not None:
        listed.append(inventory.shares.get(instrument.con_id, Decimal(0)))
        selling += _sold_by_others(sales, inventory.open_orders, instrument)
    whole = floor(min(listed, default=Decimal(0)))
    sold = _not_listed_yet(sales, bought, whole, now)
    return Shares(max(0, whole - sold - selling))


def without_just_sold(
    position: Position, ours: Sequence[Order], now: datetime
) -> Position:
    """*position* without the shares that *ours*, as for sellable_shares, have sold and that
    IB's listing may still include."""
    stock = position.instrument
    sales = [o for o in ours if o.side is Side.SELL and _is_of(o, stock)]
    bought = bought_in(ours, stock)
    sold = _not_listed_yet(sales, bought, floor(position.shares), now)
    return replace(position, shares=position.shares - sold) if sold else position


def orders_in(account: str, orders: Iterable[Order]) -> Sequence[Order]:
    """The *orders* that were placed for *account*."""
    return [order for order in orders if order.account == account]


def is_exit(order: Order) -> bool:
    """Whether *order* is an exit of a holding."""
    return order.exit is not None


def is_ended_first(order: Order, identity: Identity | None) -> bool:
    """Whether *order* is an exit that *identity* cancels before another sale of its
    stock. One that the owner closed by word cannot be cancelled, and one of another
    login only by that login."""
    return is_exit(order) and order.state not in FINAL and order.is_of(identity)


def just_filled(fills: Iterable[Fill], now: datetime) -> int:
    """The shares of *fills* that IB may not have listed by *now*."""
    return sum(fill.shares for fill in fills if now - fill.at < LISTING_LAG)


def is_just_filled(orders: Iterable[Order], now: datetime) -> bool:
    """Whether IB's account window may lack an execution of *orders* by *now*."""
    return any(now - f.at < LISTING_LAG for order in orders for f in order.fills)


def held_before(
    order: Order, inventory: Inventory, orders: Iterable[Order], now: datetime
) -> Decimal:
    """The holding right before *order*, a sale, is sent: what IB has just listed, minus
    purchases among *orders* with a time stamp in the future (IB's clock may be ahead),
    which count as bought after it was sent."""
    listed = inventory.shares.get(order.instrument.con_id, Decimal(0))
    bought = bought_in(orders, order.instrument)
    return listed - sum(fill.shares for fill in bought if fill.at > now)


def oversold(sales: Iterable[Order], held: Sequence[Position]) -> tuple[Order, ...]:
    """The working *sales* of stocks of which they sell more than is *held*."""
    rest: Counter[ConId] = Counter()
    for each in (sales := tuple(sales)):
        rest[each.instrument.con_id] += each.shares - each.filled
    return tuple(
        each
        for each in sales
        if rest[each.instrument.con_id] > held_of(each.instrument, held)
    )


def bought_here(instrument: Instrument, orders: Iterable[Order]) -> Shares:
    """The shares that *orders*, all of one journal, bought and did not sell."""
    of_it = [order for order in orders if _is_of(order, instrument)]
    bought = sum(order.filled for order in of_it if order.side is Side.BUY)
    sold = sum(order.filled for order in of_it if order.side is Side.SELL)
    return Shares(max(0, bought - sold))


def _is_of(order: Order | OpenOrder, instrument: Instrument) -> bool:
    return order.instrument.con_id == instrument.con_id


def bought_in(orders: Iterable[Order], instrument: Instrument) -> tuple[Fill, ...]:
    """The fills of the purchases of *instrument* among *orders*."""
    buys = (o for o in orders if o.side is Side.BUY and _is_of(o, instrument))
    return tuple(fill for order in buys for fill in order.fills)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """What is known of the moment ``since``: at least ``held`` shares were held then,
    and at least ``came`` were bought after it. Of what was sold before it, ``sold``
    shares may not be listed yet."""

    since: datetime
    held: int
    came: int
    sold: int = 0


def _not_listed_yet(
    sales: Sequence[Order], bought: Sequence[Fill], listed: int, now: datetime
) -> int:
    """Shares that were sold just now and that *listed* may still include. Each of the
    latest sales says what was held before it: what was traded by hand between two of
    them is known with the later one alone, so the largest number counts."""
    known = _known_before(sales, bought, now)
    return max((_lacked(before, sales, listed) for before in known), default=0)


def _lacked(before: _Before, sales: Sequence[Order], listed: int) -> int:
    """At most all that were sold, and no more than *listed* has beyond what must be held
    by now."""
    sold = sum(_sold_since(order, before.since) for order in sales)
    beyond = listed - (before.held + before.came - sold)
    return max(0, min(sold + before.sold, beyond))


def _known_before(
    sales: Sequence[Order], bought: Sequence[Fill], now: datetime
) -> Sequence[_Before]:
    """What is known of the time before each of the latest sales; empty where IB lists
    everything that was sold.

    What was held when a sale was sent is kept with the sale. If that is long ago (a
    stop, a sale for the open), it says nothing any more: there may have been trades by
    hand and sales on other days since. Then at least what our sales could still sell
    was held when the first of the latest fills came.
    """
    if sent := {_begun(each, sales) for each in _sent_before(now, sales)}:
        return [_by_listing(each, sales, bought, now) for each in sent]
    times = (fill.at for order in sales for fill in order.fills)
    filled = min((at for at in times if now - at < LISTING_LAG), default=None)
    return [] if filled is None else [_by_sales(filled, sales, bought)]


def _sent_before(at: datetime, sales: Sequence[Order]) -> Sequence[datetime]:
    """When those of *sales* that have fills were sent, if not long before *at*."""
    times = (o.sent_at for o in sales if o.sent_at and o.fills)
    return [each for each in times if at - each < _WINDOW]


def _begun(sent: datetime, sales: Sequence[Order]) -> datetime:
    """The listing that a sale was based on, *sent* then, may itself lack what was sold
    just before it: then it is the moment of the first of those sales."""
    lacking = [o for o in sales if _sold_before(o, sent, sent - LISTING_LAG)]
    times = _sent_before(sent, lacking)
    return _begun(min(times), lacking) if times else sent


def _sold_before(order: Order, sent: datetime, since: datetime) -> int:
    """Shares that *order* sold between *since* and *sent*, if it was sent before
    *sent*."""
    if order.sent_at is not None and order.sent_at >= sent:
        return 0
    return sum(fill.shares for fill in order.fills if since < fill.at < sent)


def _by_listing(
    sent: datetime, sales: Sequence[Order], bought: Sequence[Fill], now: datetime
) -> _Before:
    """What is known by IB's listing for the sale that was sent at *sent*, less what
    that listing may have lacked of sales sent before."""
    of_then = [o for o in sales if o.sent_at == sent and o.fills]
    listed = min(floor(o.position_before or 0) for o in of_then)
    lacked = sum(_sold_before(order, sent, sent - LISTING_LAG) for order in sales)
    earlier = sum(order.filled - _sold_since(order, sent) for order in sales)
    held = listed - lacked
    return _Before(
        since=sent,
        held=held,
        came=_came_since(sent, bought, held + earlier),
        sold=sum(_sold_before(order, sent, now - LISTING_LAG) for order in sales),
    )


def _by_sales(
    filled: datetime, sales: Sequence[Order], bought: Sequence[Fill]
) -> _Before:
    """What is known by what *sales* could sell right before *filled*: those sent by
    then that are alive, or have sold since; of one OCA group the largest. Exits for
    shares that came later do not count."""
    sent = [o for o in sales if o.sent_at is not None and o.sent_at < filled]
    groups = [group.orders for group in groups_of(sent)]
    others = [(order,) for order in sent if order.exit is None]
    held = sum(_size_at(each, filled) for each in (*groups, *others))
    came = sum(fill.shares for fill in bought if fill.at > filled)
    return _Before(since=filled, held=held, came=came)


def _size_at(group: Sequence[Order], since: datetime) -> int:
    sold = sum(_sold_since(order, since) for order in group)
    is_of_then = sold or any(order.state not in FINAL for order in group)
    if not is_of_then:
        return 0
    earlier = sum(order.filled for order in group) - sold
    return max(order.shares for order in group) - earlier


def _came_since(since: datetime, bought: Sequence[Fill], known: int) -> int:
    """Shares that were *bought* after *since*. IB's time stamps are whole seconds, so
    shares stamped with the very second of *since* may have been listed before it: they
    count as far as the *known* shares (held at *since*, or sold before it) do not
    include them."""
    later = sum(fill.shares for fill in bought if fill.at > since)
    second = since.replace(microsecond=0)
    unsure = sum(fill.shares for fill in bought if second <= fill.at <= since)
    missing = sum(fill.shares for fill in bought) - later - known
    return later + min(unsure, max(0, missing))


def _sold_since(order: Order, since: datetime) -> int:
    """Shares that *order* has sold since then. IB's clock may differ from ours: of a
    sale that was sent after *since*, every fill counts whatever its time stamp."""
    if order.sent_at is not None and order.sent_at >= since:
        return order.filled
    return sum(fill.shares for fill in order.fills if fill.at >= since)


def _being_sold(sales: Iterable[Order], now: datetime) -> int:
    """The shares that our sales may still sell: planned, sent, or in doubt."""
    alive = (
        order
        for order in sales
        if order.state not in FINAL or may_execute_unseen(order, day_of(now))
    )
    return sum(order.rest for order in alive)


def _exits_may_sell(sales: Iterable[Order], now: datetime) -> int:
    """For each OCA group the largest exit: a fill of one reduces the others."""
    sales = tuple(sales)
    return sum(group.rest for group in groups_of(sales)) + unseen_exits(sales, now)


def _sold_by_others(
    ours: Iterable[Order], listed: Iterable[OpenOrder], instrument: Instrument
) -> int:
    """The shares in working sales that are not this journal's: by hand, or by another
    tool. What IB does not say to be another stock's, or a purchase, may sell it."""
    return sum(
        _most_sold_by(each)
        for each in _of_others(listed, ours)
        if each.side != Side.BUY and _may_be_of(each, instrument)
    )


def _may_be_of(order: OpenOrder, instrument: Instrument) -> bool:
    """By its contract number, or by its symbol where IB does not say that."""
    named = order.instrument
    if named.con_id:
        return named.con_id == instrument.con_id
    return named.symbol in {instrument.symbol, ""}


def _most_sold_by(order: OpenOrder) -> int:
    """Its rest; more than anybody holds where its size is not known, or less than what
    it has filled."""
    rest = ceil(order.shares - order.filled)
    return rest if order.shares > 0 and rest >= 0 else _EVERYTHING


def _of_others(
    listed: Iterable[OpenOrder], ours: Iterable[Order]
) -> Iterator[OpenOrder]:
    """What of *listed* is none of *ours* that are alive. One that has ended here and is
    listed counts, unless IB only keeps it, as inactive."""
    known = {order.ref: order for order in ours}
    for each in listed:
        order = known.get(OrderRef(each.ref))
        if order is None or is_copy(order, each) or _ended_and_works(order, each):
            yield each


def _ended_and_works(order: Order, listed: OpenOrder) -> bool:
    return order.state in FINAL and not listed.is_inactive


def without_others(inventory: Inventory, ours: Iterable[Order]) -> Inventory:
    """What IB listed, without the working orders that are not this journal's."""
    others = tuple(_of_others(inventory.open_orders, ours))
    left = tuple(each for each in inventory.open_orders if each not in others)
    return replace(inventory, open_orders=left)
