"""Takes IB's messages into the journal, in the order in which they came."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Final, Protocol

from core.flows.outage import Outage
from core.flows.quote_watch import QuoteWatch
from core.flows.reconcile import LIVE, Reconciler
from core.ledger.orders import Ledger
from core.ledger.others import Others
from core.model.evidence import (
    BrokerEvent,
    ChargeHeard,
    CodeHeard,
    FillHeard,
    Line,
    LineChanged,
    StatusHeard,
)
from core.model.identity import Names
from core.model.order import WORKING, Order, OrderRef
from core.ports.account import BrokerEvents, LineReader
from core.ports.journal import OrderReader
from core.rules.exits.reduced import is_cut, is_grown
from core.rules.hearing import events_heard, is_of, wants_evidence
from core.rules.strangers import a_stranger, is_copy


_log: Final = logging.getLogger(__name__)


class HeardBroker(BrokerEvents, LineReader, Protocol):
    """The roles of the broker that are read; nothing can be sent by them."""


@dataclass(slots=True, kw_only=True)
class Listener:
    """The only consumer of IB's messages. *orders_due* is set when exits may be due."""

    broker: HeardBroker
    orders: OrderReader
    ledger: Ledger
    others: Others
    reconciler: Reconciler
    watch: QuoteWatch
    outage: Outage
    orders_due: asyncio.Event

    async def run(self) -> None:
        """Listen; never ends."""
        while True:
            self._hear(await self.broker.heard())

    def _hear(self, heard: BrokerEvent) -> None:
        match heard:
            case LineChanged():
                _log.info(
                    "line=%s epoch=%s %s",
                    heard.line.state,
                    heard.line.epoch,
                    heard.line.reason or "",
                )
                self.reconciler.forget()
                self.watch.line_changed()
                self.outage.line_changed(heard.line)
            case ChargeHeard():
                self.ledger.charge(heard.exec_id, heard.commission, heard.currency)
                self.others.meet_charge(heard.exec_id, heard.commission, heard.currency)
            case StatusHeard() | FillHeard():
                self._hear_of_order(self._meant(heard), heard)
                if isinstance(heard, FillHeard):
                    self.others.meet_trades((heard.trade,))
            case _:
                self._hear_of_order(self._under(heard), heard)

    def _meant(self, heard: StatusHeard | FillHeard) -> Order | None:
        """The order that *heard* may be about. A copy of it is met: its status says
        nothing of the order, and its fills cannot be told from the order's own."""
        order = self._named(heard.names)
        if order is None or not is_copy(order, heard.names):
            return order
        self.others.meet_copy(order, heard.names.perm_id)
        return order if isinstance(heard, FillHeard) else None

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

    def _under(self, heard: CodeHeard) -> Order | None:
        """The order that a code is about. A code has only an order id: it means the
        order that IB has shown under it in this session, or else the one that we
        sent."""
        if heard.names is not None:
            return self._named(heard.names)
        return self.orders.by_order_id(
            client_id=self.broker.line().client_id, order_id=heard.order_id
        )

    def _meet(self, ref: str) -> None:
        """R17. IB reports an order that this journal never wrote."""
        where, journal = "IB speaks of an order", self.others.journal_names
        stranger = a_stranger(ref, where, journal)
        if stranger is not None:
            self.others.meet_stranger(stranger)

    def _hear_of_order(
        self, order: Order | None, heard: StatusHeard | FillHeard | CodeHeard
    ) -> None:
        """R18. Messages in a session of another identity are not about this order."""
        line = self.broker.line()
        if order is None or not order.is_of(line.identity):
            return
        before = order.state
        if _is_sure(order, heard, line):
            for event in events_heard(order, heard):
                order = self.ledger.learn(event)
        if isinstance(heard, FillHeard) or order.exit is not None:
            self.orders_due.set()  # what was bought is to be protected at once
        if order.state in WORKING and before not in WORKING:
            self.reconciler.ask_cancels()  # what was wanted before can be asked now
        if wants_evidence(order, heard) or self._is_by_hand(order, heard):
            self.reconciler.request_pass(order.ref, heard)

    def _is_by_hand(
        self, order: Order, heard: StatusHeard | FillHeard | CodeHeard
    ) -> bool:
        """Whether it may be an exit that somebody made smaller or larger by hand."""
        if not isinstance(heard, StatusHeard) or not order.oca_group:
            return False
        if not is_of(order, heard.names, heard.terms):
            return False
        group = self.orders.of_stock(order.instrument.con_id)
        is_other = is_cut(order, heard.shares, group)
        return is_other or is_grown(order, heard.shares, group)


def _is_sure(
    order: Order, heard: StatusHeard | FillHeard | CodeHeard, line: Line
) -> bool:
    """Whether more than an order id shows that the message is about *order*. A code for
    an id that IB has not shown in this session can only be about an order sent in
    it."""
    is_bare = isinstance(heard, CodeHeard) and heard.names is None
    return not is_bare or order.epoch == line.epoch
