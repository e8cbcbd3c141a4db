"""The exit plans of the account, kept up to date: exits ended by others, splits, the
day of a timed exit, and whether a plan is over.

Tested by tests/core/flows/exits/test_keeper.py.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from core.ledger.exits import ExitBook
from core.model.exits.plan import ExitKind
from core.model.exits.protection import Protection
from core.model.market import Instrument, Side
from core.model.order import FINAL, Order, OrderState
from core.model.portfolio import Position
from core.ports.account import PositionReader
from core.ports.market import Calendar, Clock
from core.ports.orders import OrderLists
from core.ports.settings import InstructionReader
from core.rules.exits.coverage import taken_off
from core.rules.exits.covered import approved_shares, bought_after, is_sold_out, unsold
from core.rules.exits.splits import split_since
from core.rules.exits.timing import close_day, put_off_to
from core.rules.new_york import day_of
from core.rules.selling.holding import (
    bought_in,
    held_of,
    is_exit,
    is_just_filled,
    just_filled,
    orders_in,
)


_ALIVE: Final = tuple(frozenset(OrderState) - FINAL)

_ENDED: Final = "it was ended at IB and not by me"

_SPLIT: Final = (
    "it looks like a split, {}: the exits were priced in the old shares, so what stands"
    " of them is cancelled"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plans:
    """Reads the plans, and writes how they have changed."""

    broker: PositionReader
    orders: OrderLists
    book: ExitBook
    calendar: Calendar
    clock: Clock
    instructions: InstructionReader

    def update(self, stock: Instrument) -> Protection | None:
        """Write what has happened to the stock's protection: a split, which ends its
        exits; exits that others have ended; or the day of its timed exit, once that is
        known. Returns the protection as it is now; None if the stock has none."""
        protection = self.approved(stock)
        if protection is None:
            return None
        orders, held = self.orders_of(stock), self._held(stock)
        if held is not None and (
            split := split_since(protection, orders, (held,), now=self.clock.now())
        ):
            return self._split(protection, held, split)
        if ended := dict(taken_off(protection, orders)):
            shares = None if held is None else held.whole_shares
            protection = self.book.take_off(
                protection,
                ended.values(),
                why=_why_ended(ended),
                notify=True,
                shares=shares,
            )
        return self._dated(protection)

    def has_ended(self, stock: Instrument) -> bool:
        """Whether others have ended exits of the stock, and that was not told yet."""
        protection = self.approved(stock)
        return protection is not None and any(
            taken_off(protection, self.orders_of(stock))
        )

    def _held(self, stock: Instrument) -> Position | None:
        """The stock in the account window."""
        listed = self.broker.positions() or ()
        return next((p for p in listed if p.instrument.con_id == stock.con_id), None)

    def _split(self, protection: Protection, held: Position, split: str) -> Protection:
        """*protection* without its exits, and from now on of the shares of after the
        split, so that it is told once."""
        anew = replace(
            protection,
            since=self.clock.now(),
            entries=(),
            basis=held.price,
            shares=held.whole_shares,
        )
        return self.book.take_off(
            anew,
            protection.open_kinds,
            why=_SPLIT.format(split),
            notify=True,
            shares=held.whole_shares,
        )

    def _dated(self, protection: Protection) -> Protection:
        """*protection* with the day of its timed exit, once something was bought."""
        count = protection.plan.sessions
        since = self.begun(protection)
        if count is None or protection.close_day is not None or since is None:
            return protection
        day = close_day(self.calendar.sessions(), since, count)
        return protection if day is None else self.book.end_on(protection, day)

    def has_missed(self, protection: Protection, now: datetime) -> bool:
        """Whether the session of its timed exit has closed by *now* (UTC) and its shares
        are held. What may have sold just now has not missed it."""
        later = put_off_to(protection, self.calendar.sessions(), now)
        is_off = ExitKind.CLOSE in protection.off
        orders = self.orders_of(protection.instrument)
        if later is None or is_off or self._may_be_selling(orders):
            return False
        return self._left(protection, orders) > 0

    def put_off(self, protection: Protection, now: datetime) -> None:
        """Give the timed exit of *protection*, which has missed its session by *now* (UTC),
        a later day, and tell it."""
        later = put_off_to(protection, self.calendar.sessions(), now)
        assert later is not None
        left = self._left(protection, self.orders_of(protection.instrument))
        self.book.put_off(protection, later, shares=left)

    def _left(self, protection: Protection, orders: Sequence[Order]) -> int:
        """The shares of *protection* that the account window lists."""
        held = self._held(protection.instrument)
        listed = 0 if held is None else held.whole_shares
        return min(listed, approved_shares(protection, orders, listed))

    def _may_be_selling(self, orders: Sequence[Order]) -> bool:
        """Whether something was executed a moment ago, or a timed exit has not ended."""
        alive = (order for order in orders if order.state not in FINAL)
        is_timed = any(order.exit is ExitKind.CLOSE for order in alive)
        return is_timed or self._is_just_filled(orders)

    def _is_just_filled(self, orders: Sequence[Order]) -> bool:
        return is_just_filled(orders, self.clock.now())

    def begun(self, protection: Protection) -> datetime | None:
        """When (UTC) its first share was bought, None before that; for a holding, when it
        was approved."""
        if not protection.entries:
            return protection.since
        orders = self.orders_of(protection.instrument)
        fills = [f.at for o in orders if o.ref in protection.entries for f in o.fills]
        return min(fills, default=None)

    def is_over(self, protection: Protection) -> bool:
        """Whether nothing is left to protect and nothing more can be bought: everything
        is sold, or nothing was bought. A holding that IB no longer lists was sold by
        hand; what was bought after we had sold it, by us or by others, is another one."""
        orders = self.orders_of(protection.instrument)
        if any(order.state not in FINAL for order in orders):
            return False
        entries = [order for order in orders if order.ref in protection.entries]
        if entries and not any(order.filled for order in entries):
            return not any(self._may_still_fill(order) for order in entries)
        stock, listed = protection.instrument, self.broker.positions()
        if listed is None or self._is_just_filled(orders):
            return False  # the account window may lack what was executed just now
        if protection.open_kinds and is_sold_out(protection, orders):
            return True
        return self.is_sold(protection, held_of(stock, listed))

    def is_sold(self, protection: Protection, held: Decimal | int) -> bool:
        """Whether no whole share of those *held* is one of *protection*: IB sells no part of
        one by an exit."""
        orders = self.orders_of(protection.instrument)
        return int(held) <= bought_after(protection, orders)

    def others_bought(self, protection: Protection, held: Decimal) -> int:
        """How many of the shares that are *held* others bought, once we have sold all that
        *protection* is for; 0 while not."""
        orders = self.orders_of(protection.instrument)
        if not is_sold_out(protection, orders):
            return 0
        return max(0, int(held) - bought_after(protection, orders))

    def _may_still_fill(self, order: Order) -> bool:
        """Whether a fill may still be reported: on its day that can happen even after
        the order's end."""
        return order.sent_day is not None and order.sent_day == day_of(self.clock.now())

    def unsold(self, protection: Protection) -> int:
        """How many of the shares that it protects no order of ours has sold."""
        return unsold(protection, self.orders_of(protection.instrument))

    def supposed_room(
        self, stock: Instrument, *, without: Callable[[Order], bool]
    ) -> int:
        """The shares that its exits may sell, as far as is known without asking IB. Orders
        for which *without* is true take none of them."""
        now, orders = self.clock.now(), self.orders_of(stock)
        listed = int(held_of(stock, self.broker.positions() or ()))
        if self._is_just_filled(orders):
            new = just_filled(bought_in(orders, stock), now)
            approved = approved_shares(self.approved(stock), orders, listed + new)
            listed = max(listed, approved)
        sales = [o for o in orders if o.side is Side.SELL and not without(o)]
        return max(0, listed - sum(o.rest for o in sales if o.state not in FINAL))

    def orders_of(self, stock: Instrument) -> Sequence[Order]:
        """All orders of the stock in the account."""
        return orders_in(self.account(), self.orders.of_stock(stock.con_id))

    def exits(self) -> Iterable[Order]:
        """All exit orders that have not ended, of any account."""
        return filter(is_exit, self.orders.in_states(_ALIVE))

    def exits_of(self, stock: Instrument) -> Iterable[Order]:
        """Those of one stock."""
        return (o for o in self.exits() if o.instrument.con_id == stock.con_id)

    def approved(self, stock: Instrument) -> Protection | None:
        """The protection in force for the stock in the account; None if there is
        none."""
        return self.book.of(stock.con_id, account=self.account())

    def account(self) -> str:
        """The account that may trade."""
        return self.instructions.read().limits.account


def _why_ended(orders: Iterable[Order]) -> str:
    """Why these exits have ended; IB's own words where it refused one."""
    refused = (o for o in orders if o.state is OrderState.REJECTED and o.reason)
    first = next(refused, None)
    return _ENDED if first is None else f"IB refused the {first.exit}: {first.reason}"
