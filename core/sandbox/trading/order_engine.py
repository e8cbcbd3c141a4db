"""Executes accepted orders: does each step when it is due, and matches."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from core.sandbox.market import rng
from core.sandbox.market.abroad import currency_of, magnifier_of
from core.sandbox.trading.events import (
    Commission,
    ExchangeEvent,
    Executed,
    Notice,
    OrderChanged,
)
from core.sandbox.trading.fills import (
    corrected,
    execution_of,
    filled,
    market_to_limit,
)
from core.sandbox.trading.matching import (
    SLICED,
    TRIGGERED,
    Match,
    beyond_limit,
    match,
    trailed,
    trips,
    waits_for_trigger,
)
from core.sandbox.trading.order_life import OrderLife
from core.sandbox.trading.order_state import BookOrder, OrderStatus
from core.sandbox.trading.order_timers import OrderStep, Step
from core.sandbox.trading.terms.start import conditions_hold
from core.sandbox.trading.terms.times import ends
from core.sandbox.trading.tickets import Side


SLICE_SECONDS: Final = 30.0  # assumed: between two parts of a TWAP or VWAP order
CORPORATE_ACTION: Final = "Corporate action"  # assumed: IB's words are not known
_WORKING: Final = OrderStatus.SUBMITTED
TURNED_DOWN: Final = "Order rejected - reason:The exchange does not take it."


class OrderEngine(OrderLife):
    """Does the steps of each order, and matches orders with quotes."""

    def look_again(self, con_id: int) -> None:
        """Match the stock's waiting orders again now: its tape was changed."""
        for timer in tuple(self.timers.pending()):
            if timer.what.step is Step.MATCH:
                order = self.book.orders[timer.what.key]
                if order.ticket.con_id == con_id and order.ticket.order_type != "MOC":
                    self.timers.plan(Step.MATCH, order.key, min(timer.due, self._now))

    def advance(self, now: datetime) -> list[ExchangeEvent]:
        """Do every step due until *now*, in order of time; return the events."""
        self._now = max(self._now, now)
        for timer in self.timers.due(now):
            self._take(timer.what, timer.due)
        told, self._told = self._told, []
        return told

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
            self.cancel(order, at)
        elif order.ticket.tif in {"DAY", "GTD"} or ends(order.ticket, order.placed_at):
            self.end(order, OrderStatus.CANCELLED, at)

    def _match(self, order: BookOrder, at: datetime) -> None:
        """Fill what can be filled at this moment, and plan the next attempt for the
        rest.
        """
        if order.ticket.conditions_cancel and conditions_hold(
            order, self._seen(order, at), self._trading_hours.of(order)
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
            found = match(order, quote, self.book.workable(order))
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
            self._fill(order, Match(shares=self.book.workable(order), price=price), at)

    def _come_back(self, order: BookOrder, at: datetime, *, traded: bool) -> None:
        if order.ticket.tif == "FOK":
            self.end(order, OrderStatus.INACTIVE, at, said="Inactive")
        elif order.ticket.tif == "IOC":
            pending = replace(order, status=OrderStatus.PENDING_CANCEL)
            self._change(pending, at, terms=False)
            self.end(pending, OrderStatus.CANCELLED, at)
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
        """Move a trailing stop along, and trigger a stop that the market has reached."""
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
        found = replace(found, price=found.price / magnifier_of(ticket.con_id))
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
            currency=currency_of(ticket.con_id),
        )
        self.timers.plan(Step.REPORT, order.key, report.at, report)
        self._settle_family(order, found.shares, at)
        return order

    def correct(
        self, at: datetime, *, shares: float | None, price: float | None
    ) -> None:
        """As Exchange.correct; without any execution, nothing."""
        if not self.book.executions:
            return
        done = self.book.executions[-1]
        now = corrected(done.execution, shares=shares, price=price)
        account, ticket = self.accounts[done.order.ticket.account], done.order.ticket
        for each, sign in ((done.execution, -ticket.sign), (now, ticket.sign)):
            if each.shares:
                moved = sign * each.shares
                account.fill(ticket.con_id, moved, price=each.price, fee=0.0)
        self.book.executions[-1] = replace(done, execution=now)
        self.tell(replace(done, at=at, execution=now))

    def turn_down(self, at: datetime) -> None:
        """As Exchange.turn_down; nothing without a live order."""
        live = self.book.live()
        if live:
            order = live[-1]
            self.tell(Notice(at=at, key=order.key, code=201, text=TURNED_DOWN))
            self.end(order, OrderStatus.INACTIVE, at, said="Inactive")

    def split(self, con_id: int, ratio: float, at: datetime) -> None:
        """End the stock's orders, and split it in the accounts; the tape has the new
        prices already.
        """
        for order in self.book.live():
            if order.ticket.con_id == con_id and not order.done:
                self.end(order, OrderStatus.CANCELLED, at, reason=CORPORATE_ACTION)
        price = self._quotes.quote(self._stock(con_id), at).last / magnifier_of(con_id)
        for account in self.accounts.values():
            account.split(con_id, ratio, price=price)

    def _refill(self, order: BookOrder, at: datetime) -> float:
        """Seconds until the size that the order has taken is quoted again."""
        shape = self._tape.shape(self._stock(order.ticket.con_id))
        if shape.refill_seconds is not None:
            return shape.refill_seconds
        return rng.between(0.4, 2.0, order.perm_id, int(at.timestamp() * 10))
