"""Takes IB's messages into the journal, in the order in which they came."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Final, Protocol

from core.flows.outage import Outage
from core.flows.quote_watch import QuoteWatch
from core.flows.reconcile import LIVE, Reconciler
from core.flows.sent.late_fills import LateFills
from core.ledger.orders import Ledger
from core.ledger.others import Others
from core.model.evidence import (
    BrokerEvent,
    ChargeMessage,
    CodeMessage,
    FillMessage,
    Line,
    LineChanged,
    StatusMessage,
)
from core.model.identity import Names
from core.model.order import WORKING, Order, OrderRef
from core.ports.account import BrokerEvents, LineReader
from core.ports.orders import KnownOrders
from core.rules.exits.reduced import is_cut, is_grown
from core.rules.listings.unknown_orders import is_copy, unknown_order
from core.rules.order_messages import events_of_message, is_of, wants_evidence


_log: Final = logging.getLogger(__name__)


class EventSource(BrokerEvents, LineReader, Protocol):
    """The roles of the broker that are read; nothing can be sent by them."""


@dataclass(slots=True, kw_only=True)
class Listener:
    """The only consumer of IB's messages. *orders_due* is set when exits may be due."""

    broker: EventSource
    orders: KnownOrders
    ledger: Ledger
    others: Others
    reconciler: Reconciler
    watch: QuoteWatch
    outage: Outage
    late_fills: LateFills
    orders_due: asyncio.Event

    async def run(self) -> None:
        """Listen; never ends."""
        while True:
            self._take(await self.broker.next_event())

    def _take(self, message: BrokerEvent) -> None:
        match message:
            case LineChanged():
                _log.info(
                    "line=%s epoch=%s %s",
                    message.line.state,
                    message.line.epoch,
                    message.line.reason or "",
                )
                self.reconciler.forget()
                self.watch.line_changed()
                self.outage.line_changed(message.line)
            case ChargeMessage():
                self.ledger.charge(
                    message.exec_id, message.commission, message.currency
                )
                self.others.meet_charge(
                    message.exec_id, message.commission, message.currency
                )
            case StatusMessage() | FillMessage():
                self._take_order_message(self._meant(message), message)
                if isinstance(message, FillMessage):
                    self.others.meet_trades((message.trade,))
            case _:
                self._take_order_message(self._under(message), message)

    def _meant(self, message: StatusMessage | FillMessage) -> Order | None:
        """The order that *message* may be about. A copy of it is met: its status says
        nothing of the order, and its fills cannot be told from the order's own."""
        order = self._named(message.names)
        if order is None or not is_copy(order, message.names):
            return order
        self.others.meet_copy(order, message.names.perm_id)
        return order if isinstance(message, FillMessage) else None

    def _named(self, names: Names) -> Order | None:
        """The order that one of IB's *names* may mean; the rules decide with its terms
        whether it really is. A ref that is not ours matches none."""
        if names.ref:
            order = self.orders.by_ref(OrderRef(names.ref))
            if order is None:
                self._meet(names.ref)
            return order
        by_id = self.orders.by_order_id(
            client_id=names.client_id, order_id=names.order_id
        )
        if by_id is not None:
            return by_id
        live = self.orders.in_states(LIVE)
        return next((order for order in live if is_of(order, names)), None)

    def _under(self, message: CodeMessage) -> Order | None:
        """The order that a code is about. A code has only an order id: it means the
        order that IB has shown under it in this session, or else the one that we
        sent."""
        if message.names is not None:
            return self._named(message.names)
        return self.orders.by_order_id(
            client_id=self.broker.line().client_id, order_id=message.order_id
        )

    def _meet(self, ref: str) -> None:
        """R17. IB reports an order that this journal never wrote."""
        where, journal = "IB speaks of an order", self.others.journal_names
        unknown = unknown_order(ref, where, journal)
        if unknown is not None:
            self.others.note_unknown_order(unknown)

    def _take_order_message(
        self, order: Order | None, message: StatusMessage | FillMessage | CodeMessage
    ) -> None:
        """R18. Messages in a session of another identity are not about this order."""
        line = self.broker.line()
        if order is None or not order.is_of(line.identity):
            return
        before = order.state
        if _is_sure(order, message, line):
            for event in events_of_message(order, message):
                order = self.ledger.learn(event)
        if isinstance(message, StatusMessage):
            self.late_fills.note(order, message)
        if isinstance(message, FillMessage) or order.exit is not None:
            self.orders_due.set()  # what was bought is to be protected at once
        if order.state in WORKING and before not in WORKING:
            self.reconciler.note_alive(order.ref)
            self.reconciler.ask_cancels()  # what was wanted before can be asked now
        if wants_evidence(order, message) or self._is_by_hand(order, message):
            self.reconciler.request_pass(order.ref, message)

    def _is_by_hand(
        self, order: Order, message: StatusMessage | FillMessage | CodeMessage
    ) -> bool:
        """Whether it may be an exit that somebody made smaller or larger by hand."""
        if not isinstance(message, StatusMessage) or not order.oca_group:
            return False
        if not is_of(order, message.names, message.terms):
            return False
        group = self.orders.of_stock(order.instrument.con_id)
        is_other = is_cut(order, message.shares, group)
        return is_other or is_grown(order, message.shares, group)


def _is_sure(
    order: Order, message: StatusMessage | FillMessage | CodeMessage, line: Line
) -> bool:
    """Whether more than an order id shows that the message is about *order*. A code for
    an id that IB has not shown in this session can only be about an order sent in
    it."""
    is_bare = isinstance(message, CodeMessage) and message.names is None
    return not is_bare or order.epoch == line.epoch
