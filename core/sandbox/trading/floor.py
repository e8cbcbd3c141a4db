"""The trading floor: takes accepted orders through their lives, one step at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from core.sandbox.market import dice
from core.sandbox.market.hours import Hours
from core.sandbox.market.quotes import Quotes
from core.sandbox.market.tape import Tape
from core.sandbox.market.universe import Stock
from core.sandbox.orders import (
    BookOrder,
    Commission,
    ExchangeEvent,
    Executed,
    Notice,
    OrderChanged,
    OrderStatus,
    OrderTicket,
    Side,
)
from core.sandbox.trading.accounts import Account
from core.sandbox.trading.book import REDUCE, OrderBook
from core.sandbox.trading.diary import Diary, Entry, Step
from core.sandbox.trading.fills import execution_of, filled
from core.sandbox.trading.matching import (
    AT_CLOSE,
    STOPS,
    Match,
    capped,
    first_stop,
    match,
    trailed,
    trips,
    waits_for_trigger,
)
from core.sandbox.trading.trading_hours import TradingHours


Delay = Callable[[str], float]

_AT_ONCE: Final = frozenset({"IOC", "FOK"})


class Floor:
    """Holds no state of its own beside what it has to tell and how far it got."""

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
        self.diary = Diary()
        self.accounts: dict[str, Account] = {}
        self._told: list[ExchangeEvent] = []
        self._now = datetime.min.replace(tzinfo=UTC)

    # What comes in

    def accept(self, ticket: OrderTicket, now: datetime) -> None:
        """Put a good order on the book; its life goes on with ``advance``."""
        number = ticket.perm_id or self.book.new_perm_id()
        status = OrderStatus.PRE_SUBMITTED
        order = BookOrder(ticket=ticket, perm_id=number, status=status, placed_at=now)
        order = replace(order, stop_price=first_stop(order, self._last(order, now)))
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
        """The tape of that stock was bent: what waits for its price looks at once."""
        for entry in tuple(self.diary.pending()):
            if entry.step is Step.MATCH:
                order = self.book.orders[entry.key]
                if order.ticket.con_id == con_id and order.ticket.order_type != "MOC":
                    self.diary.add(Step.MATCH, entry.key, min(entry.due, self._now))

    def advance(self, now: datetime) -> list[ExchangeEvent]:
        """All that happens by then, in order."""
        self._now = max(self._now, now)
        while (entry := self.diary.due(now)) is not None:
            self._take(entry)
        told, self._told = self._told, []
        return told

    # The steps

    def _take(self, entry: Entry) -> None:
        if entry.report is not None:
            self.tell(entry.report)
            return
        order = self.book.orders[entry.key]
        if order.done:
            return
        if entry.step is Step.ACKNOWLEDGE:
            self._acknowledge(order, entry.due)
        elif entry.step is Step.RELEASE:
            self._activate(order, entry.due)
        elif entry.step is Step.MATCH:
            self._match(order, entry.due)
        elif entry.step is Step.CANCEL:
            self.end(order, OrderStatus.CANCELLED, entry.due, reason="")
        elif order.ticket.tif == "DAY":  # it may have been changed since
            self.end(order, OrderStatus.CANCELLED, entry.due)

    def _acknowledge(self, order: BookOrder, at: datetime) -> None:
        if (
            not self._trading_hours.may_trade(order, at)
            and order.ticket.order_type not in AT_CLOSE
        ):
            self.tell(
                Notice(
                    at=at,
                    key=order.key,
                    code=399,
                    text=self._trading_hours.held(order, at),
                )
            )
        self._change(order, at)
        self._activate(order, at)

    def _activate(self, order: BookOrder, at: datetime) -> None:
        """Let the order trade from now on, or from the moment when it may."""
        if self.book.sleeps(order):
            return
        if order.ticket.order_type in AT_CLOSE:
            today = self._hours.current(at)
            if at >= today.close:
                today = self._hours.next(today.day)
            self.diary.add(Step.MATCH, order.key, today.close)
            return
        if not self._trading_hours.may_trade(order, at):
            self.diary.add(
                Step.RELEASE, order.key, self._trading_hours.opens(order, at)
            )
            return
        if order.ticket.tif == "DAY":
            today = self._hours.current(at)
            late = order.ticket.outside_rth
            ends = today.post_close if late else today.close
            self.diary.add(Step.EXPIRE, order.key, ends)
        if order.ticket.order_type == "LMT" and order.status is not _WORKING:
            order = self._change(replace(order, status=_WORKING), at)
        self._later(Step.MATCH, order, at, "fill")

    def _match(self, order: BookOrder, at: datetime) -> None:
        """Trade what can be traded at this moment, and come back for the rest."""
        if order.ticket.order_type in AT_CLOSE:
            close = self._tape.today(self._stock(order.ticket.con_id), at).close
            self._fill(order, Match(shares=order.remaining, price=close), at)
            return
        if not self._trading_hours.may_trade(order, at):
            self.diary.add(
                Step.RELEASE, order.key, self._trading_hours.opens(order, at)
            )
            return
        unopened = self._trading_hours.unopened(order, at)
        if unopened is not None:
            self.diary.add(Step.MATCH, order.key, unopened)
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

    def _come_back(self, order: BookOrder, at: datetime, *, traded: bool) -> None:
        if order.ticket.tif in _AT_ONCE:
            self.end(order, OrderStatus.CANCELLED, at)
        elif traded:
            again = at + timedelta(seconds=self._refill(order, at))
            self._later(Step.MATCH, order, again, "partial")
        else:
            self.diary.add(
                Step.MATCH, order.key, self._trading_hours.next_look(order, at)
            )

    def _watch(self, order: BookOrder, at: datetime) -> BookOrder:
        """Pull a trailing stop along, and wake a stop that the market has reached."""
        if order.ticket.order_type not in STOPS or order.triggered:
            return order
        last = self._last(order, at)
        order = self.book.put(trailed(order, last))
        if trips(order, last):
            woken = replace(order, triggered=True, status=_WORKING)
            order = self._change(woken, at)
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
        before, order = order, filled(order, found, at)
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
        self.diary.add(Step.REPORT, order.key, report.at, report)
        self._settle_family(order, found.shares, at)
        return order

    def _settle_family(self, order: BookOrder, shares: float, at: datetime) -> None:
        """A fill wakes the order's children and takes its rivals off, or some of them."""
        for rival in self.book.rivals(order):
            reduces = rival.ticket.oca_type in REDUCE or not rival.ticket.oca_group
            if reduces and rival.remaining > shares:
                smaller = rival.ticket.quantity - shares
                ticket = replace(rival.ticket, quantity=smaller)
                self._change(replace(rival, ticket=ticket), at)
            else:
                self.end(rival, OrderStatus.CANCELLED, at, reason="")
        if order.done:
            self.diary.forget(order.key)
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
        self.diary.forget(order.key)
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
        self.diary.add(step, order.key, at + timedelta(seconds=self._delay(kind)))

    def _last(self, order: BookOrder, at: datetime) -> float:
        return self._tape.today(self._stock(order.ticket.con_id), at).last(at)

    def _refill(self, order: BookOrder, at: datetime) -> float:
        """Seconds until somebody stands where the last one was taken away."""
        shape = self._tape.shape(self._stock(order.ticket.con_id))
        if shape.refill_seconds is not None:
            return shape.refill_seconds
        return dice.between(0.4, 2.0, order.perm_id, int(at.timestamp() * 10))


_WORKING: Final = OrderStatus.SUBMITTED
