"""An order's states at the exchange: accepted, acknowledged, released, ended."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from core.sandbox.market.hours import Hours
from core.sandbox.market.quotes import Quotes
from core.sandbox.market.tape import Tape
from core.sandbox.market.universe import Stock
from core.sandbox.trading.accounts import Account
from core.sandbox.trading.book import OrderBook
from core.sandbox.trading.events import ExchangeEvent, Notice, OrderChanged
from core.sandbox.trading.matching import capped, first_stop, waits_for_trigger
from core.sandbox.trading.order_state import BookOrder, OrderStatus
from core.sandbox.trading.order_timers import OrderTimers, Step
from core.sandbox.trading.terms.market_seen import MarketSeen
from core.sandbox.trading.terms.start import waits_until
from core.sandbox.trading.terms.times import ends
from core.sandbox.trading.tickets import OrderTicket
from core.sandbox.trading.trading_hours import TradingHours


Delay = Callable[[str], float]

TRIGGER: Final = "trigger"  # why a stop is held
CHILD: Final = "child"  # why what waits for its parent is held
BY_TRADER: Final = "Cancelled by Trader"  # completed statuses, as captured
BY_SYSTEM: Final = "Cancelled by System:\n"
CANCEL_OTHERS: Final = 1  # OCA type; 2 and 3 reduce, and 3 is what none means
_WORKING: Final = OrderStatus.SUBMITTED


class OrderLife:
    """Holds the order book, the timed steps, the accounts, and the events not yet
    returned.
    """

    def __init__(
        self,
        *,
        tape: Tape,
        quotes: Quotes,
        hours: Hours,
        stocks: Callable[[int], Stock],
        delay: Delay,
    ) -> None:
        self._tape, self._quotes, self._hours = tape, quotes, hours
        self._stock = stocks
        self._delay = delay
        self._trading_hours = TradingHours(tape=tape, hours=hours, stocks=stocks)
        self.book = OrderBook()
        self.timers = OrderTimers()
        self.accounts: dict[str, Account] = {}
        self._told: list[ExchangeEvent] = []
        self._now = datetime.min.replace(tzinfo=UTC)

    def accept(self, ticket: OrderTicket, now: datetime) -> None:
        """Put an order that passed the checks on the book; its next steps come with
        ``advance``.
        """
        ticket = self.book.in_family(ticket)
        number = ticket.perm_id or self.book.new_perm_id()
        order = self.book.put(self._begun(ticket, number, now))
        self._later(Step.ACKNOWLEDGE, order, now, "ack")

    def warning(self, ticket: OrderTicket, now: datetime) -> str:
        """IB's warning if the order were placed; empty for none."""
        return self._begun(ticket, 0, now).warning

    def _begun(self, ticket: OrderTicket, number: int, now: datetime) -> BookOrder:
        status = OrderStatus.PRE_SUBMITTED
        order = BookOrder(ticket=ticket, perm_id=number, status=status, placed_at=now)
        order = replace(
            order,
            stop_price=first_stop(order, self._last(order, now)),
            why_held=self._held(order),
        )
        return capped(order, self._tape.shape(self._stock(ticket.con_id)).price_cap)

    def change(self, order: BookOrder, ticket: OrderTicket, now: datetime) -> None:
        """Give a live order new terms."""
        changed = replace(order, ticket=ticket)
        if _trigger_of(ticket) != _trigger_of(order.ticket):
            stop = first_stop(changed, self._last(order, now))
            changed = replace(changed, stop_price=stop, triggered=False)
            changed = replace(changed, why_held=self._held(changed))
        self._change(changed, now)
        if changed.remaining <= 0:
            self.end(changed, OrderStatus.CANCELLED, now)
        else:
            self._activate(changed, now)

    def ask_to_cancel(self, order: BookOrder, now: datetime) -> None:
        """Cancel after the exchange's delay; a working order is PendingCancel until
        then.
        """
        if order.status is _WORKING:
            order = replace(order, status=OrderStatus.PENDING_CANCEL)
            self._change(order, now, terms=False)
        self._later(Step.CANCEL, order, now, "cancel")

    def tell(self, event: ExchangeEvent) -> None:
        """Add an event that the next ``advance`` returns before all later ones."""
        self._told.append(event)

    def _acknowledge(self, order: BookOrder, at: datetime) -> None:
        if not self._trading_hours.serves(order, at):
            text = self._trading_hours.held(order, at)
            self.tell(Notice(at=at, key=order.key, code=399, text=text))
        self._change(order, at)
        self._activate(order, at)

    def _activate(self, order: BookOrder, at: datetime) -> None:
        """Let the order trade from now on, or from the moment when it may."""
        if self.book.waits_for_parent(order):
            return
        if order.why_held == CHILD:
            order = self._change(replace(order, why_held=""), at)
        self._plan_end(order)
        seen = self._seen(order, at)
        later = waits_until(order, seen, self._trading_hours)
        if later is not None:
            self.timers.plan(Step.RELEASE, order.key, later)
            return
        order = self.book.put(replace(order, conditions_met=True))
        auction = self._trading_hours.auction(order, at)
        if auction is not None:
            self.timers.plan(Step.MATCH, order.key, auction)
            return
        if order.ticket.tif == "DAY":
            today = self._trading_hours.of(order).current(at)
            late = order.ticket.outside_rth
            expires = today.post_close if late else today.close
            self.timers.plan(Step.EXPIRE, order.key, expires)
        held = order.status is OrderStatus.PRE_SUBMITTED
        if order.ticket.order_type == "LMT" and held:
            order = self._change(replace(order, status=_WORKING), at)
        self._later(Step.MATCH, order, at, "fill")

    def _plan_end(self, order: BookOrder) -> None:
        over = ends(order.ticket, order.placed_at)
        if over is not None:
            self.timers.plan(Step.EXPIRE, order.key, over)

    def _seen(self, order: BookOrder, at: datetime) -> MarketSeen:
        return MarketSeen(
            now=at,
            tape=self._tape,
            stocks=self._stock,
            order=order,
            account=self.accounts[order.ticket.account],
            executions=self.book.executions,
        )

    def _settle_family(self, order: BookOrder, shares: float, at: datetime) -> None:
        """After a fill of *shares*: settle the order's OCA group, and let its children
        work.

        A complete fill cancels the others. A partial fill cancels those of type 1 and
        reduces the rest by as many shares (IB's user guide, "One Cancels Other").
        """
        for oca_member in self.book.oca_members(order):
            cancels = order.done or oca_member.ticket.oca_type == CANCEL_OTHERS
            if cancels or oca_member.remaining <= shares:
                self.end(oca_member, OrderStatus.CANCELLED, at, reason="")
            else:
                self._resize(oca_member, oca_member.ticket.quantity - shares, at)
        if order.done:
            self.timers.forget_order(order.key)
        if order.filled == shares:
            for child in self.book.children(order):
                self._activate(child, at)

    def _resize(self, order: BookOrder, quantity: float, at: datetime) -> None:
        self._change(
            replace(order, ticket=replace(order.ticket, quantity=quantity)), at
        )

    def cancel(self, order: BookOrder, at: datetime) -> None:
        """Cancel an order on somebody's request, and with it, as IB does, the others of
        its OCA group.
        """
        oca_members = self.book.oca_members(order)
        self.end(order, OrderStatus.CANCELLED, at, reason="", said=BY_TRADER)
        for each in oca_members:
            self.end(each, OrderStatus.CANCELLED, at, reason="")

    def end(
        self,
        order: BookOrder,
        status: OrderStatus,
        at: datetime,
        *,
        reason: str | None = None,
        said: str = BY_SYSTEM,
    ) -> None:
        """Take the rest of the order off; 202 if there is a reason.

        Its children go with it. Of a part that was filled (assumed) they stay for that.
        """
        done = replace(order, status=status, completed_at=at, completed_status=said)
        self.timers.forget_order(order.key)
        self._change(done, at, terms=False)
        if reason is not None:
            text = f"Order Canceled - reason:{reason}"
            self.tell(Notice(at=at, key=order.key, code=202, text=text))
        for child in self.book.children(done):
            if not done.filled:
                self.end(child, status, at, reason=reason, said=said)
            elif child.ticket.quantity > done.filled:
                self._resize(child, done.filled, at)

    def _held(self, order: BookOrder) -> str:
        """IB's word for what the order waits for; empty where it waits for nothing."""
        if waits_for_trigger(order):
            return TRIGGER
        return CHILD if self.book.waits_for_parent(order) else ""

    def _change(
        self, order: BookOrder, at: datetime, *, terms: bool = True
    ) -> BookOrder:
        self.book.put(order)
        self.tell(OrderChanged(at=at, order=order, terms=terms))
        return order

    def _later(self, step: Step, order: BookOrder, at: datetime, kind: str) -> None:
        self.timers.plan(step, order.key, at + timedelta(seconds=self._delay(kind)))

    def _last(self, order: BookOrder, at: datetime) -> float:
        return self._tape.today(self._stock(order.ticket.con_id), at).last(at)


def _trigger_of(ticket: OrderTicket) -> tuple[object, ...]:
    """What the trigger of an order hangs on: changed, it begins anew."""
    trail = (ticket.trail_percent, ticket.trail_stop)
    return ticket.order_type, ticket.aux_price, *trail
