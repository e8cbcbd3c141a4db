"""One stock at IB, and what our journal knows of it, moved by steps of any kind: what is
truly held, what may truly still be sold, and a listing that lags behind."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, Final

from core.model.exits.plan import ExitKind
from core.model.market import Side
from core.model.money import Shares
from core.model.order import FINAL, Order, OrderRef, OrderState, order_ref
from core.model.order_events import (
    Cancelled,
    Filled,
    HumanClosed,
    OrderEvent,
    WentSilent,
)
from core.model.portfolio import LISTING_LAG, Inventory, OpenOrder
from core.rules.order_states import advance
from core.rules.selling.holding import held_before, sellable_shares
from tests.builders import JOURNAL, NOW, QRVX, a_fill, a_sent_order, an_open_order
from tests.core.rules.selling.sales import EARLIER


SECOND: Final = timedelta(seconds=1)

AT_FIRST: Final = 100
"""Shares that are held at first."""


@dataclass(kw_only=True)
class AtIb:
    """An order that may still sell ``rest`` shares; of one ``group`` one order does."""

    rest: int
    group: str
    filled: int = 0


@dataclass
class Books:
    """A step takes any number, and does nothing where it cannot be done."""

    held: int = AT_FIRST
    now: datetime = NOW
    listed_at: datetime = NOW
    past: list[tuple[datetime, int]] = field(default_factory=lambda: [(NOW, AT_FIRST)])
    orders: dict[OrderRef, Order] = field(default_factory=dict)
    working: dict[OrderRef, AtIb] = field(default_factory=dict)
    untold: list[Filled] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def inventory(self) -> Inventory:
        """All orders that work, and the holding of a while ago."""
        rows = tuple(self._row(ref, each) for ref, each in self.working.items())
        held = next(each for at, each in reversed(self.past) if at <= self.listed_at)
        return Inventory(open_orders=rows, shares={QRVX.con_id: Decimal(held)})

    @property
    def may_sell(self) -> int:
        """What IB may still sell, of one OCA group once."""
        groups: dict[str, int] = {}
        for each in self.working.values():
            groups[each.group] = max(groups.get(each.group, 0), each.rest)
        return sum(groups.values())

    # steps

    def wait(self, seconds: int) -> None:
        self.now += seconds * SECOND
        self.listed_at = max(self.listed_at, self.now - LISTING_LAG + SECOND)

    def list_anew(self, _: int) -> None:
        self.listed_at = self.now

    def buy(self, shares: int) -> None:
        ref = self._send(shares, Side.BUY)
        self._hold(shares)
        self._learn(self._filled(ref, shares))

    def sell(self, shares: int) -> None:
        if size := min(shares, self._free()):
            ref = self._send(size, Side.SELL)
            self.working[ref] = AtIb(rest=size, group=ref)

    def protect(self, shares: int) -> None:
        """A stop and a target for shares that nothing sells yet."""
        if size := min(shares, self._free()):
            group = f"group {next(self.numbers)}"
            for kind in (ExitKind.STOP, ExitKind.TARGET):
                ref = self._send(size, Side.SELL, exit=kind, oca_group=group)
                self.working[ref] = AtIb(rest=size, group=group)

    def fill(self, number: int) -> None:
        if ref := self._nth(number):
            self._learn(self._execute(ref, self.working[ref].rest))

    def fill_a_part(self, number: int) -> None:
        if ref := self._nth(number):
            self._learn(self._execute(ref, min(number + 1, self.working[ref].rest)))

    def fill_untold(self, number: int) -> None:
        """The journal hears of it later, or not at all."""
        if ref := self._nth(number):
            self.untold.append(self._execute(ref, self.working[ref].rest))

    def tell(self, _: int) -> None:
        while self.untold:
            self._learn(self.untold.pop())

    def cancel(self, number: int) -> None:
        if ref := self._nth(number):
            del self.working[ref]
            self._learn(Cancelled(ref=ref, reason=None))

    def close_by_word(self, number: int) -> None:
        """The owner says that one which nobody sees is not there; and it works on."""
        ref = self._nth(number)
        if ref in self.orders:
            self._learn(WentSilent(ref=ref, reason="."))
            self._learn(HumanClosed(ref=ref, there=False, reason="."))
            self.orders[ref] = replace(self.orders[ref], closed_at=self.now)

    def buy_by_hand(self, shares: int) -> None:
        self._hold(shares)

    def sell_by_hand(self, shares: int) -> None:
        """Of what no order sells, and listed at once: nothing else tells of it."""
        if not self._has_sent_just_now():
            self._hold(-min(shares, self.held - self.may_sell))
            self.listed_at = self.now

    def order_by_hand(self, shares: int) -> None:
        if size := min(shares, self.held - self.may_sell):
            ref = OrderRef(f"by hand {next(self.numbers)}")
            self.working[ref] = AtIb(rest=size, group=ref)

    def fill_by_hand(self, number: int) -> None:
        by_hand = [ref for ref in self.working if ref not in self.orders]
        if by_hand and not self._has_sent_just_now():
            ref = by_hand[number % len(by_hand)]
            self._execute(ref, self.working[ref].rest)
            self.listed_at = self.now

    # parts

    def _row(self, ref: OrderRef, order: AtIb) -> OpenOrder:
        return an_open_order(
            ref=ref if ref in self.orders else "",
            perm_id=0,
            side="SELL",
            shares=Decimal(order.filled + order.rest),
            filled=Decimal(order.filled),
        )

    def _free(self) -> int:
        return sellable_shares(
            QRVX,
            held=None,
            ours=tuple(self.orders.values()),
            inventory=self.inventory,
            now=self.now,
        )

    def _has_sent_just_now(self) -> bool:
        """Whether what is sold by hand could be taken for the fill of a sale that was
        sent before it: no listing tells them apart."""
        sales = (o for o in self.orders.values() if o.side is Side.SELL)
        times = [order.sent_at for order in sales if order.sent_at]
        return any(self.now - each < 2 * LISTING_LAG for each in times)

    def _nth(self, number: int) -> OrderRef | None:
        """One of ours that works at IB."""
        refs = [ref for ref in self.working if ref in self.orders]
        return refs[number % len(refs)] if refs else None

    def _send(self, size: int, side: Side, **named: Any) -> OrderRef:
        number = next(self.numbers)
        order = a_sent_order(
            ref=order_ref(JOURNAL, EARLIER, number),
            leg=number,
            instrument=QRVX,
            side=side,
            shares=Shares(size),
            state=OrderState.ACKED,
            sent_at=self.now,
            **named,
        )
        held = held_before(order, self.inventory, self.orders.values(), self.now)
        self.orders[order.ref] = replace(order, position_before=held)
        return order.ref

    def _execute(self, ref: OrderRef, shares: int) -> Filled:
        """*ref* sells, and IB takes as many off the others of its group."""
        self._hold(-shares)
        self.working[ref].filled += shares
        group = self.working[ref].group
        for each in [r for r, o in self.working.items() if o.group == group]:
            self.working[each].rest -= shares
            if not self.working[each].rest:
                del self.working[each]
        return self._filled(ref, shares)

    def _filled(self, ref: OrderRef, shares: int) -> Filled:
        """IB stamps whole seconds."""
        at = self.now.replace(microsecond=0)
        name = f"{next(self.numbers)}.1"
        return Filled(ref=ref, fill=a_fill(exec_id=name, shares=Shares(shares), at=at))

    def _learn(self, event: OrderEvent) -> None:
        """An exit of whose group nothing is left ends with it."""
        order = self.orders[event.ref] = advance(self.orders[event.ref], event)
        for each in self.orders.values():
            is_over = each.ref not in self.working and each.state not in FINAL
            if order.oca_group and each.oca_group == order.oca_group and is_over:
                ended = advance(each, Cancelled(ref=each.ref, reason=None))
                self.orders[each.ref] = ended

    def _hold(self, change: int) -> None:
        self.held += change
        self.past.append((self.now, self.held))
