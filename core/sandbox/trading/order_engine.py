"""Executes accepted orders: acknowledged, released, matched, filled, cancelled, expired."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from core.sandbox.market import rng
from core.sandbox.market.hours import Hours
from core.sandbox.market.quotes import Quotes
from core.sandbox.market.tape import Tape
from core.sandbox.market.universe import Stock
from core.sandbox.trading.accounts import Account
from core.sandbox.trading.book import REDUCE, OrderBook
from core.sandbox.trading.events import (
    Commission,
    ExchangeEvent,
    Executed,
    Notice,
    OrderChanged,
)
from core.sandbox.trading.fills import execution_of, filled, market_to_limit
from core.sandbox.trading.matching import (
    SLICED,
    TRIGGERED,
    Match,
    beyond_limit,
    capped,
    first_stop,
    match,
    trailed,
    trips,
    waits_for_trigger,
)
from core.sandbox.trading.order_state import BookOrder, OrderStatus
from core.sandbox.trading.order_timers import OrderStep, OrderTimers, Step
from core.sandbox.trading.terms.market_seen import MarketSeen
from core.sandbox.trading.terms.start import conditions_hold, waits_until
from core.sandbox.trading.terms.times import ends
from core.sandbox.trading.tickets import OrderTicket, Side
from core.sandbox.trading.trading_hours import TradingHours


Delay = Callable[[str], float]

SLICE_SECONDS: Final = 30.0  # assumed: between two parts of a TWAP or VWAP order
TRIGGER: Final = "trigger"  # why a stop is held
_AT_ONCE: Final = frozenset({"IOC", "FOK"})


class OrderEngine:
    """Holds the order book, the steps to come, the accounts, and events not told yet."""

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

    # What comes in

    def accept(self, ticket: OrderTicket, now: datetime) -> None:
        """Put a good order on the book; its life goes on with ``advance``."""
        number = ticket.perm_id or self.book.new_perm_id()
        status = OrderStatus.PRE_SUBMITTED
        order = BookOrder(ticket=ticket, perm_id=number, status=status, placed_at=now)
        order = replace(
            order,
            stop_price=first_stop(order, self._last(order, now)),
            why_held=TRIGGER if waits_for_trigger(order) else "",
        )
        shape = self._tape.shape(self._stock(ticket.con_id))
        self.book.put(capped(order, shape.price_cap))
        self._later(Step.ACKNOWLEDGE, order, now, "ack")

    def change(self, order: BookOrder, ticket: OrderTicket, now: datetime) -> None:
        """Give a live order new terms."""
        changed = replace(order, ticket=ticket)
        moved = ticket.aux_price != order.ticket.aux_price
        if moved or ticket.order_type != order.ticket.order_type:
            stop = first_stop(changed, self._last(order, now))
            changed = replace(changed, stop_price=stop, triggered=False)
            held = TRIGGER if waits_for_trigger(changed) else ""
            changed = replace(changed, why_held=held)
        self._change(changed, now)
        if changed.remaining <= 0:
            self.end(changed, OrderStatus.CANCELLED, now)
        else:
            self._activate(changed, now)

    def ask_to_cancel(self, order: BookOrder, now: datetime) -> None:
        """Cancel when the exchange gets to it."""
        self._later(Step.CANCEL, order, now, "cancel")

    def tell(self, event: ExchangeEvent) -> None:
        """Say something at the next ``advance``, before everything that follows."""
        self._told.append(event)

    def look_again(self, con_id: int) -> None:
        """The stock's tape was changed: orders that wait for its price are matched now."""
        for timer in tuple(self.timers.pending()):
            if timer.what.step is Step.MATCH:
                order = self.book.orders[timer.what.key]
                if order.ticket.con_id == con_id and order.ticket.order_type != "MOC":
                    self.timers.plan(Step.MATCH, order.key, min(timer.due, self._now))

    def advance(self, now: datetime) -> list[ExchangeEvent]:
        """All that happens by then, in order."""
        self._now = max(self._now, now)
        for timer in self.timers.due(now):
            self._take(timer.what, timer.due)
        told, self._told = self._told, []
        return told

    # The steps

    def _take(self, step: OrderStep, at: datetime) -> None:
        if step.report is not None:
            self.tell(step.report)
            return
        order = self.book.orders[step.key]
        if order.done:
            return
        if step.step is Step.ACKNOWLEDGE:
            self._acknowledge(order, at)
        elif step.step is Step.RELEASE:
            self._activate(order, at)
        elif step.step is Step.MATCH:
            self._match(order, at)
        elif step.step is Step.CANCEL:
            self.end(order, OrderStatus.CANCELLED, at, reason="")
        elif order.ticket.tif in {"DAY", "GTD"} or ends(order.ticket, order.placed_at):
            self.end(order, OrderStatus.CANCELLED, at)

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
        self._plan_end(order)
        seen = self._seen(order, at)
        later = waits_until(order, seen, self._hours, self._trading_hours)
        if later is not None:
            self.timers.plan(Step.RELEASE, order.key, later)
            return
        order = self.book.put(replace(order, conditions_met=True))
        auction = self._trading_hours.auction(order, at)
        if auction is not None:
            self.timers.plan(Step.MATCH, order.key, auction)
            return
        if order.ticket.tif == "DAY":
            today = self._hours.current(at)
            late = order.ticket.outside_rth
            expires = today.post_close if late else today.close
            self.timers.plan(Step.EXPIRE, order.key, expires)
        if order.ticket.order_type == "LMT" and order.status is not _WORKING:
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

    def _match(self, order: BookOrder, at: datetime) -> None:
        """Trade what can be traded at this moment, and come back for the rest."""
        if order.ticket.conditions_cancel and conditions_hold(
            order, self._seen(order, at), self._hours
        ):
            self.end(order, OrderStatus.CANCELLED, at, reason="")
            return
        if self._trading_hours.auction(order, at) is not None:
            self._auction(order, at)
            return
        if not self._trading_hours.may_trade(order, at):
            self.timers.plan(
                Step.RELEASE, order.key, self._trading_hours.opens(order, at)
            )
            return
        unopened = self._trading_hours.unopened(order, at)
        if unopened is not None:
            self.timers.plan(Step.MATCH, order.key, unopened)
            return
        order = self._watch(order, at)
        found = None
        if not waits_for_trigger(order):
            quote = self._quotes.quote(self._stock(order.ticket.con_id), at)
            found = match(order, quote)
        if found is not None:
            order = self._fill(order, found, at)
        if not order.done:
            self._come_back(order, at, traded=found is not None)

    def _auction(self, order: BookOrder, at: datetime) -> None:
        """Fill at the official opening or closing price, or cancel beyond the limit."""
        today = self._tape.today(self._stock(order.ticket.con_id), at)
        if order.ticket.tif == "OPG":
            late = self._trading_hours.unopened(order, at)
            if late is not None:
                self.timers.plan(Step.MATCH, order.key, late)
                return
        price = today.open if order.ticket.tif == "OPG" else today.close
        if beyond_limit(order, price):
            self.end(order, OrderStatus.CANCELLED, at)
        else:
            self._fill(order, Match(shares=order.remaining, price=price), at)

    def _come_back(self, order: BookOrder, at: datetime, *, traded: bool) -> None:
        if order.ticket.tif in _AT_ONCE:
            self.end(order, OrderStatus.CANCELLED, at)
        elif traded:
            sliced = order.ticket.algo in SLICED
            wait = SLICE_SECONDS if sliced else self._refill(order, at)
            again = at + timedelta(seconds=wait)
            self._later(Step.MATCH, order, again, "partial")
        else:
            self.timers.plan(
                Step.MATCH, order.key, self._trading_hours.next_look(order, at)
            )

    def _watch(self, order: BookOrder, at: datetime) -> BookOrder:
        """Pull a trailing stop along, and trigger a stop that the market has reached."""
        if order.ticket.order_type not in TRIGGERED or order.triggered:
            return order
        last = self._last(order, at)
        order = self.book.put(trailed(order, last))
        quote = self._quotes.quote(self._stock(order.ticket.con_id), at)
        if trips(order, last, quote):
            triggered = replace(order, triggered=True, status=_WORKING, why_held="")
            order = self._change(triggered, at)
        return order

    def _fill(self, order: BookOrder, found: Match, at: datetime) -> BookOrder:
        ticket, account = order.ticket, self.accounts[order.ticket.account]
        if ticket.side is Side.SELL:
            covered = account.coverable(ticket.con_id, found.shares)
            found = replace(found, shares=covered)
        if not found.shares:
            self.end(order, OrderStatus.CANCELLED, at, reason="Nothing left to sell.")
            return self.book.orders[order.key]
        account.begin(self._hours.current(at).day)
        before, order = order, market_to_limit(filled(order, found, at))
        fee = order.commission - before.commission
        shares = ticket.sign * found.shares
        realized = account.fill(ticket.con_id, shares, price=found.price, fee=fee)
        execution = execution_of(order, found, self.book.new_exec_id(), at)
        self.book.put(order)
        self.book.executions.append(Executed(at=at, order=order, execution=execution))
        self.tell(self.book.executions[-1])
        self.tell(OrderChanged(at=at, order=order))
        report = Commission(
            at=at + timedelta(seconds=self._delay("commission")),
            key=order.key,
            exec_id=execution.exec_id,
            amount=fee,
            realized_pnl=realized,
        )
        self.timers.plan(Step.REPORT, order.key, report.at, report)
        self._settle_family(order, found.shares, at)
        return order

    def _settle_family(self, order: BookOrder, shares: float, at: datetime) -> None:
        """A fill activates the order's children, and cancels or reduces its OCA group."""
        for rival in self.book.rivals(order):
            reduces = rival.ticket.oca_type in REDUCE or not rival.ticket.oca_group
            if reduces and rival.remaining > shares:
                smaller = rival.ticket.quantity - shares
                ticket = replace(rival.ticket, quantity=smaller)
                self._change(replace(rival, ticket=ticket), at)
            else:
                self.end(rival, OrderStatus.CANCELLED, at, reason="")
        if order.done:
            self.timers.forget_order(order.key)
            for child in self.book.children(order):
                self._activate(child, at)

    def end(
        self,
        order: BookOrder,
        status: OrderStatus,
        at: datetime,
        *,
        reason: str | None = None,
    ) -> None:
        """Take the rest of the order off, with its children; 202 if there is a reason."""
        said = "Cancelled by Trader" if reason is not None else "Cancelled by System"
        done = replace(order, status=status, completed_at=at, completed_status=said)
        self.timers.forget_order(order.key)
        self._change(done, at)
        if reason is not None:
            text = f"Order Canceled - reason:{reason}"
            self.tell(Notice(at=at, key=order.key, code=202, text=text))
        for child in self.book.children(done):
            self.end(child, status, at, reason=reason)

    # Small questions

    def _change(self, order: BookOrder, at: datetime) -> BookOrder:
        self.book.put(order)
        self.tell(OrderChanged(at=at, order=order))
        return order

    def _later(self, step: Step, order: BookOrder, at: datetime, kind: str) -> None:
        self.timers.plan(step, order.key, at + timedelta(seconds=self._delay(kind)))

    def _last(self, order: BookOrder, at: datetime) -> float:
        return self._tape.today(self._stock(order.ticket.con_id), at).last(at)

    def _refill(self, order: BookOrder, at: datetime) -> float:
        """Seconds until somebody stands where the last one was taken away."""
        shape = self._tape.shape(self._stock(order.ticket.con_id))
        if shape.refill_seconds is not None:
            return shape.refill_seconds
        return rng.between(0.4, 2.0, order.perm_id, int(at.timestamp() * 10))


_WORKING: Final = OrderStatus.SUBMITTED
