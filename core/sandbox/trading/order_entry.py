"""Checks each order: it is refused, parked, changed or passed to the engine."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from core.sandbox.market.abroad import hours_at, magnifier_of
from core.sandbox.market.hours import Hours, TradingPhase
from core.sandbox.market.quotes import Quotes
from core.sandbox.market.shapes import Shape
from core.sandbox.market.tape import Tape
from core.sandbox.market.universe import Stock, Universe
from core.sandbox.trading.accounts import MarkOf
from core.sandbox.trading.events import Notice, OrderChanged
from core.sandbox.trading.margin import preview, preview_of_other, require_funds
from core.sandbox.trading.matching import LIMITS, TRAILING
from core.sandbox.trading.order_engine import OrderEngine
from core.sandbox.trading.order_state import BookOrder, OrderStatus
from core.sandbox.trading.refusals import EntryContext, refuse
from core.sandbox.trading.tickets import OrderKey, OrderRefused, OrderTicket, WhatIf


_OPEN_CUTOFF: Final = timedelta(minutes=2)  # 09:28
_CLOSE_CUTOFF: Final = timedelta(minutes=10)
_BROKERS_OWN: Final = 201

_PRESET_TIF: Final = "Order TIF was set to DAY based on order preset."
_TWO_ACCOUNTS: Final = (  # https://github.com/ib-api-reloaded/ib_async/issues/75
    "One-cancels-all group of orders should contain orders with exactly the same"
    " account. OCA group '{}' contains orders for {}, {}."
)
_NO_TRAIL: Final = (
    "Trailing stop orders can be attached to limit or stop-limit orders only."
)
_LARGE_CHILD: Final = (
    "The child order quantity should be equivalent to the parent order size."
)
_NOT_KEPT: Final = (
    "Error validating request.-'bW' : cause - The simulated gateway does not keep a"
    " change of a working order until it is transmitted"
)
_FLAG_IGNORED: Final = (
    "Order Event Warning:Attribute 'Outside Regular Trading Hours' is ignored based on "
    "the order type and destination. PlaceOrder is now being processed."
)


class OrderEntry:
    """Checks every ticket before the engine gets it."""

    def __init__(
        self,
        *,
        universe: Universe,
        hours: Hours,
        tape: Tape,
        quotes: Quotes,
        engine: OrderEngine,
    ) -> None:
        self._universe, self._hours = universe, hours
        self._tape, self._quotes, self._engine = tape, quotes, engine

    def place(
        self, ticket: OrderTicket, now: datetime, *, by_hand: bool = False
    ) -> None:
        """Take a new order, or new terms for the live one with the same ids: check it, and
        pass it to the engine, park it until it is transmitted, or report its refusal. An
        order *by_hand* has a negative id, which counts as new."""
        book = self._engine.book
        existing = book.orders.get(ticket.key)
        waited = book.parked.pop(ticket.key, None) is not None
        try:
            if existing is not None and not existing.done:
                self._change(existing, ticket, now)
                return
            if not waited and not by_hand:
                self._require_new_id(ticket, existing)
            checked = self._checked(ticket, now)
        except OrderRefused as no:
            self._refused(ticket, no, now)
            return
        book.use_id(ticket.key)
        if not ticket.transmit:
            book.parked[ticket.key] = ticket
            return
        for member in self._family(checked):
            self._accept(member, now)

    def cancel(self, key: OrderKey, now: datetime) -> None:
        """Cancel an order that is live or parked; for any other, a Notice that says why
        not.
        """
        order = self._engine.book.orders.get(key)
        if self._engine.book.parked.pop(key, None) is not None:
            self._say(key, 202, "Order Canceled - reason:", now)
            return
        if order is not None and not order.done:
            self._engine.ask_to_cancel(order, now)
            return
        code, text = (
            10147,
            f"OrderId {key.order_id} that needs to be cancelled is not found.",
        )
        if order is not None:
            code, text = (
                10148,
                (
                    f"OrderId {key.order_id} that needs to be cancelled cannot be "
                    f"cancelled, state: {order.status}."
                ),
            )
        self._engine.tell(Notice(at=now, key=key, code=code, text=text))

    def preview(self, ticket: OrderTicket, now: datetime) -> WhatIf:
        """What the order would do to its account.

        Raises:
            OrderRefused: it would be refused.
        """
        checked = self._checked(ticket, now)
        account = self._engine.accounts[checked.account]
        others = self._engine.book.live()
        seen = preview(checked, account, others, self.marks(now), now)
        return replace(seen, warning=self._engine.warning(checked, now))

    def preview_of_other(
        self, ticket: OrderTicket, contract: Stock, price: float, now: datetime
    ) -> WhatIf:
        """What an order for a contract other than a stock would do to its account.

        Raises:
            OrderRefused: it would be refused.
        """
        named = ticket.account or next(iter(self._engine.accounts))
        account = self._engine.accounts.get(named)
        if account is None:
            raise OrderRefused(321, f"Invalid account code '{named}'.")
        return preview_of_other(
            ticket, contract, price, account.figures(self.marks(now))
        )

    def marks(self, now: datetime) -> MarkOf:
        """Last prices by conId, in the currency that each trades in."""
        stocks, tape = self._universe.by_con_id, self._tape
        return lambda con_id: (
            tape.today(stocks[con_id], now).last(now) / magnifier_of(con_id)
        )

    def previous_closes(self, now: datetime) -> MarkOf:
        """Closes of the session before, by conId, as ``marks``."""
        stocks, tape = self._universe.by_con_id, self._tape
        return lambda con_id: (
            tape.today(stocks[con_id], now).previous_close / magnifier_of(con_id)
        )

    def _require_new_id(self, ticket: OrderTicket, existing: BookOrder | None) -> None:
        book = self._engine.book
        if ticket.order_id > book.highest.get(ticket.client_id, 0):
            return
        if existing is not None and existing.status is OrderStatus.FILLED:
            raise OrderRefused(104, "Cannot modify a filled order.")
        raise OrderRefused(103, "Duplicate order id")

    def _checked(self, ticket: OrderTicket, now: datetime) -> OrderTicket:
        """The ticket with its account filled in.

        Raises:
            OrderRefused: a rule is broken, or the money is not there.
        """
        accounts = tuple(self._engine.accounts)
        stock = self._universe.by_con_id.get(ticket.con_id)
        named = ticket
        if not ticket.account and len(accounts) == 1:
            named = replace(ticket, account=accounts[0])
        working = self._engine.book.working(named.account, ticket.con_id, ticket.side)
        halted = 0 if stock is None else self._quotes.halted(stock, now)
        around = self._around(ticket, now)
        refuse(ticket, replace(around, working=working, halted=halted))
        self._require_one_account(named)
        if ticket.parent_id:
            self._require_parent(ticket)
        else:
            self._require_funds(named, now)
        return named

    def _around(self, ticket: OrderTicket, now: datetime) -> EntryContext:
        """The circumstances of the rules, without a halt and without a limit on working
        orders.
        """
        stock = self._universe.by_con_id.get(ticket.con_id)
        exchange = "" if stock is None else stock.primary_exchange
        hours = hours_at(exchange, self._hours)
        return EntryContext(
            stock=stock,
            shape=Shape() if stock is None else self._tape.shape(stock),
            accounts=tuple(self._engine.accounts),
            halted=0,
            working=0,
            too_late_for_close=_too_late_for_close(hours, now),
            too_late_for_open=_too_late_for_open(hours, now),
            now=now,
            known=self._universe.by_con_id,
        )

    def _require_funds(self, ticket: OrderTicket, now: datetime) -> None:
        others = [each for each in self._engine.book.live() if each.key != ticket.key]
        account = self._engine.accounts[ticket.account]
        require_funds(ticket, account, others, self.marks(now), now)

    def _require_one_account(self, ticket: OrderTicket) -> None:
        for other in self._engine.book.live() if ticket.oca_group else ():
            theirs = other.ticket.account
            same = other.ticket.oca_group == ticket.oca_group
            if same and theirs != ticket.account:
                between = (ticket.oca_group, theirs, ticket.account)
                raise OrderRefused(10224, _TWO_ACCOUNTS.format(*between))

    def _require_parent(self, ticket: OrderTicket) -> None:
        book, key = self._engine.book, OrderKey(ticket.client_id, ticket.parent_id)
        parent = book.orders.get(key)
        if key not in book.parked and (parent is None or parent.done):
            raise OrderRefused(10006, "Missing parent order.")
        terms = book.parked.get(key) or (parent and parent.ticket)
        if ticket.order_type in TRAILING and terms and terms.order_type not in LIMITS:
            raise OrderRefused(328, _NO_TRAIL)
        if terms and ticket.quantity > terms.quantity:
            raise OrderRefused(405, _LARGE_CHILD)

    def _family(self, ticket: OrderTicket) -> list[OrderTicket]:
        """The ticket, after the parked parent and siblings that it sets free."""
        parked = self._engine.book.parked
        root = ticket.parent_id or ticket.order_id
        freed = [
            waiting
            for waiting in parked.values()
            if waiting.client_id == ticket.client_id
            and root in {waiting.order_id, waiting.parent_id}
        ]
        for waiting in freed:
            del parked[waiting.key]
        return [*freed, ticket]

    def _accept(self, ticket: OrderTicket, now: datetime) -> None:
        kept = replace(
            ticket, account=ticket.account or next(iter(self._engine.accounts))
        )
        if not ticket.tif:
            kept = replace(kept, tif="DAY")
            self._say(ticket.key, 10349, _PRESET_TIF, now)
        if ticket.outside_rth and ticket.order_type not in LIMITS:
            kept = replace(kept, outside_rth=False)
            self._say(ticket.key, 2109, _FLAG_IGNORED, now)
        self._engine.accept(kept, now)

    def _change(self, order: BookOrder, ticket: OrderTicket, now: datetime) -> None:
        """New terms for a live order.

        Raises:
            OrderRefused: 105 for another contract, side or account, or a rule is broken.
        """
        same = (order.ticket.con_id, order.ticket.action)
        whose = {"", order.ticket.account}
        if (ticket.con_id, ticket.action) != same or ticket.account not in whose:
            raise OrderRefused(
                105, "Order being modified does not match original order."
            )
        if not ticket.transmit:
            raise OrderRefused(321, _NOT_KEPT)
        kept = replace(
            ticket,
            account=order.ticket.account,
            tif=ticket.tif or order.ticket.tif,
            parent_id=order.ticket.parent_id,
            oca_group=ticket.oca_group or order.ticket.oca_group,
            oca_type=ticket.oca_type or order.ticket.oca_type,
            perm_id=order.perm_id,
        )
        refuse(kept, self._around(kept, now))
        if ticket.quantity < order.filled:
            raise OrderRefused(
                201, "Order rejected - reason:The size is below what is filled already."
            )
        if kept.quantity > order.ticket.quantity and not kept.parent_id:
            self._require_funds(
                replace(kept, quantity=kept.quantity - order.filled), now
            )
        self._engine.change(order, kept, now)

    def _refused(self, ticket: OrderTicket, no: OrderRefused, now: datetime) -> None:
        """Tell the refusal; what IB itself turns down stays to be seen as Inactive."""
        self._say(ticket.key, no.code, no.text, now)
        existing = self._engine.book.orders.get(ticket.key)
        if no.code != _BROKERS_OWN or existing is not None:
            return
        self._engine.book.use_id(ticket.key)
        dead = BookOrder(
            ticket=ticket,
            perm_id=self._engine.book.new_perm_id(),
            status=OrderStatus.INACTIVE,
            placed_at=now,
            completed_at=now,
            completed_status="Inactive",
            warning=no.text,
        )
        self._engine.book.put(dead)
        self._engine.tell(OrderChanged(at=now, order=dead))

    def _say(self, key: OrderKey, code: int, text: str, now: datetime) -> None:
        self._engine.tell(Notice(at=now, key=key, code=code, text=text))


def _too_late_for_close(hours: Hours, now: datetime) -> bool:
    close = hours.current(now).close
    return close - _CLOSE_CUTOFF <= now < close


def _too_late_for_open(hours: Hours, now: datetime) -> bool:
    if hours.state(now) is not TradingPhase.PRE:
        return True
    return now >= hours.current(now).open - _OPEN_CUTOFF
