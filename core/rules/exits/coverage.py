"""Which shares of a holding are covered by exits, which exits must end, and which are
missing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from core.model.exits.plan import ExitKind
from core.model.exits.protection import Protection
from core.model.money import Price
from core.model.order import FINAL, WORKING, Order, OrderState
from core.model.portfolio import OpenOrder
from core.rules.circumstances import may_execute_unseen
from core.rules.exits.covered import approved_shares
from core.rules.exits.exposure import PROTECTS
from core.rules.listings.found import row_of
from core.rules.new_york import day_of


SETTLING: Final = timedelta(seconds=5)
"""How long IB may take to cancel the rest of a group that has sold everything."""


@dataclass(frozen=True, slots=True)
class Group:
    """The exits of one OCA group, including ended ones: a fill of one reduces the
    others (IB's type 2). Exits in doubt that the owner closed count as possibly alive
    on ``day`` (New York date), and never if it is not given."""

    orders: tuple[Order, ...]
    day: date = date.max

    @property
    def alive(self) -> tuple[Order, ...]:
        return tuple(order for order in self.orders if order.state not in FINAL)

    @property
    def unseen(self) -> tuple[Order, ...]:
        """The exits that the owner closed and that may still sell."""
        return tuple(o for o in self.orders if may_execute_unseen(o, self.day))

    @property
    def stranded(self) -> tuple[Order, ...]:
        """Targets, not sent yet, that wait for a stop which the owner closed. Nobody
        follows that stop any more, so they would wait for ever."""
        if not any(order.exit in PROTECTS for order in self.unseen):
            return ()
        unsent = (o for o in self.alive if o.state is OrderState.PLANNED)
        return tuple(order for order in unsent if order.exit is ExitKind.TARGET)

    @property
    def rest(self) -> int:
        """The shares that the group may still sell."""
        if not self.alive and not self.unseen:
            return 0
        size = max(order.shares for order in self.orders)
        return max(0, size - sum(order.filled for order in self.orders))

    @property
    def last_fill(self) -> datetime:
        """When (UTC) the group last had a fill; the earliest datetime before the
        first."""
        long_ago = datetime.min.replace(tzinfo=UTC)
        fills = (fill.at for order in self.orders for fill in order.fills)
        return max(fills, default=long_ago)

    @property
    def kinds(self) -> frozenset[ExitKind]:
        """The kinds of its exits that are, or may be, alive."""
        of_it = (*self.alive, *self.unseen)
        return frozenset(order.exit for order in of_it if order.exit is not None)

    @property
    def name(self) -> str:
        """The name of its OCA group; the ref of an exit that has none."""
        return self.orders[0].oca_group or self.orders[0].ref

    def lacks(self, due: frozenset[ExitKind]) -> frozenset[ExitKind]:
        """The exits among *due* that are missing and may be added: they were never placed,
        or lapsed. None once an exit of the group has sold, because IB would not reduce
        an added one by that."""
        has_sold = any(order.fills for order in self.orders)
        return frozenset() if has_sold else due - self.kinds

    def sells_at(self, listed: Sequence[OpenOrder]) -> bool:
        """Whether one of its exits has sold or ended by the rows that IB has
        *listed*."""
        return any(_sells_at(order, listed) for order in self.alive)


def groups_of(orders: Iterable[Order], day: date = date.max) -> tuple[Group, ...]:
    """The exits among *orders* by OCA group, oldest first, as of *day* (see Group)."""
    found: dict[str, list[Order]] = {}
    for order in orders:
        if order.exit is not None:
            found.setdefault(order.oca_group or order.ref, []).append(order)
    return tuple(Group(tuple(each), day) for each in found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What has to happen so that the exits of one stock are as approved: those to
    ``cancel`` end, so many ``shares`` get a group of exits, and what each group of
    ``incomplete`` lacks is placed in it."""

    cancel: tuple[Order, ...] = ()
    shares: int = 0
    incomplete: tuple[Group, ...] = ()

    @property
    def places(self) -> bool:
        """Whether exits are to be sent."""
        return self.shares > 0 or bool(self.incomplete)


NOTHING = Need()


def need(
    protection: Protection | None,
    orders: Sequence[Order],
    *,
    room: int,
    closing: bool,
    now: datetime,
    listed: Iterable[OpenOrder] | None = None,
) -> Need:
    """By *protection*, None where nothing is approved. *orders* are all of the stock,
    *room* is how many shares are held and not being sold otherwise; *closing* says that
    the timed exit is due. *listed* are IB's open orders, None where it was not asked.

    What covers more than there is room for ends, the newest first; so does what belongs
    to an older approval, a group that lacks its stop, and a target that waits for one
    that is followed no longer. A group that lacks only its target stays: the target
    joins it. New groups come only beside those that live, so that the two never sell
    more than that together: an exit counts until evidence ends it.
    """
    groups = [group for group in groups_of(orders, day_of(now)) if group.alive]
    room = max(0, room - unseen_exits(orders, now))
    is_due = protection is not None and due_kinds(protection, closing=closing)
    wanted = min(room, approved_shares(protection, orders, room)) if is_due else 0
    kept, left = [], wanted
    for group in groups:
        is_right = _stands(group, protection, closing=closing, now=now)
        if is_right and group.rest <= left:
            kept.append(group)
            left -= group.rest
    ending = [group for group in groups if group not in kept]
    stranded = tuple(order for group in kept for order in group.stranded)
    alive = sum(group.rest for group in groups)
    joinable = kept if alive <= room else ()
    return Need(
        cancel=(
            *(o for g in ending for o in g.alive if not o.cancel_asked),
            *stranded,
        ),
        shares=max(0, wanted - alive),
        incomplete=_incomplete(joinable, protection, listed, closing=closing),
    )


def _incomplete(
    kept: Iterable[Group],
    protection: Protection | None,
    listed: Iterable[OpenOrder] | None,
    *,
    closing: bool,
) -> tuple[Group, ...]:
    if protection is None:
        return ()
    due = due_kinds(protection, closing=closing)
    found = tuple(group for group in kept if group.lacks(due))
    if listed is None:
        return found
    rows = tuple(listed)
    return tuple(group for group in found if not group.sells_at(rows))


def unseen_exits(orders: Iterable[Order], now: datetime) -> int:
    """Shares that may still be sold by groups whose last exit the owner closed. It is
    no longer followed, and until that day is over, or the owner approves others in its
    place, no exit is placed for these shares."""
    groups = groups_of(orders, day_of(now))
    return sum(group.rest for group in groups if not group.alive)


def group_has_sold(
    order: Order, orders: Iterable[Order], listed: Iterable[OpenOrder]
) -> bool:
    """Whether other orders of *order*'s group have sold or ended at IB, by our *orders*
    or by IB's *listed* ones, which may be ahead of the events. IB reduces a new order
    only by what the others sell afterwards, not by what they sold before."""
    rows = tuple(listed)
    group = (o for o in orders if o.oca_group and o.oca_group == order.oca_group)
    others = [each for each in group if each.ref != order.ref]
    return any(each.filled or _sells_at(each, rows) for each in others)


def _sells_at(order: Order, listed: Sequence[OpenOrder]) -> bool:
    """Whether *order*, which works by our journal, has sold or ended by the rows that
    IB has *listed*. Only its own row counts: a copy made in TWS has the same ref."""
    row = row_of(order, listed)
    return order.state in WORKING and (row is None or row.filled > 0)


def _stands(
    group: Group, protection: Protection | None, *, closing: bool, now: datetime
) -> bool:
    """Whether *group* is as approved and not about to end. A group that has sold
    everything is ended by IB, or by us if IB does not show that in time. A group whose
    sale was taken back by IB covers too few shares, because the other exits were
    already reduced."""
    if protection is None or any(order.cancel_asked for order in group.alive):
        return False
    if any(not fill.shares for order in group.orders for fill in order.fills):
        return False
    if group.rest == 0:
        return now - group.last_fill <= SETTLING
    is_of_it = all(o.proposal_id == protection.proposal_id for o in group.orders)
    return is_of_it and _does_for(group.kinds, due_kinds(protection, closing=closing))


def _does_for(kinds: frozenset[ExitKind], due: frozenset[ExitKind]) -> bool:
    """Whether a group of *kinds* may stay where those *due* are approved: it has no kind
    that is not, and it has an exit that protects if one is due."""
    return kinds <= due and bool(kinds & PROTECTS) == bool(due & PROTECTS)


def due_kinds(protection: Protection, *, closing: bool) -> frozenset[ExitKind]:
    """The kinds of exit that must be in place now; empty if only a timed exit is
    planned."""
    timed = frozenset({ExitKind.CLOSE})
    return timed if closing else protection.open_kinds - timed


def taken_off(
    protection: Protection, orders: Iterable[Order]
) -> Iterator[tuple[Order, ExitKind]]:
    """The exits that were ended without our asking: by hand at IB, or by IB itself (a
    split, a refusal). They are not placed again."""
    for group in groups_of(orders):
        if not _is_short_of(group):
            continue
        for order in group.orders:
            is_its = order.proposal_id == protection.proposal_id
            if is_its and _was_ended(order) and order.exit not in protection.off:
                assert order.exit is not None
                yield order, order.exit


def _is_short_of(group: Group) -> bool:
    """Whether the group ended before it sold everything."""
    size = max(order.shares for order in group.orders)
    return sum(order.filled for order in group.orders) < size


_ENDED = frozenset({OrderState.REJECTED, OrderState.CANCELLED, OrderState.PARTIAL_DONE})


def _was_ended(order: Order) -> bool:
    return order.state in _ENDED and not order.cancel_asked


def basis_of(protection: Protection, orders: Iterable[Order]) -> Price | None:
    """The price in dollars that its distances are measured from; None before the first
    fill."""
    if protection.basis is not None:
        return protection.basis
    fills = [f for o in orders if o.ref in protection.entries for f in o.fills]
    shares = sum(fill.shares for fill in fills)
    if not shares:
        return None
    return Price(sum((f.shares * f.price for f in fills), Decimal(0)) / shares)
