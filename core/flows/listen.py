"""What IB says, taken into the journal in the order in which it was said."""

import logging
from dataclasses import dataclass
from typing import Final, Protocol

from core.flows.outage import Outage
from core.flows.quote_watch import QuoteWatch
from core.flows.reconcile import Reconciler
from core.ledger.orders import Ledger
from core.model.evidence import (
    BrokerEvent,
    ChargeHeard,
    CodeHeard,
    FillHeard,
    LineChanged,
    Names,
    StatusHeard,
)
from core.model.order import REF_PREFIX, Order, OrderRef
from core.ports.account import BrokerEvents, LineReader
from core.ports.journal import OrderReader
from core.rules.hearing import events_heard, wants_evidence


_log: Final = logging.getLogger(__name__)


class HeardBroker(BrokerEvents, LineReader, Protocol):
    """Is listened to, and can be told nothing."""


@dataclass(slots=True, kw_only=True)
class Listener:
    """The one consumer of what IB says."""

    broker: HeardBroker
    orders: OrderReader
    ledger: Ledger
    reconciler: Reconciler
    watch: QuoteWatch
    outage: Outage

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
                self.ledger.charge(heard.exec_id, heard.commission)
            case StatusHeard() | FillHeard():
                self._hear_of_order(self._named(heard.names), heard)
            case _:
                client = self.broker.line().client_id
                order = self.orders.by_order_id(
                    client_id=client, order_id=heard.order_id
                )
                self._hear_of_order(order, heard)

    def _named(self, names: Names) -> Order | None:
        """Our order under any of the names that IB used (orders.md 2.7, step 5)."""
        if names.ref.startswith(REF_PREFIX):
            order = self.orders.by_ref(OrderRef(names.ref))
            if order is None:
                text = f"IB speaks of an order {names.ref} that is not in the journal"
                self.ledger.meet_ghost(names.ref, text)
            return order
        return self.orders.by_order_id(
            client_id=names.client_id, order_id=names.order_id
        )

    def _hear_of_order(
        self, order: Order | None, heard: StatusHeard | FillHeard | CodeHeard
    ) -> None:
        if order is None:
            return
        for event in events_heard(order, heard):
            order = self.ledger.learn(event)
        if self.ledger.halted:  # so it is, when a ghost has turned up
            self.reconciler.take_back()
        if wants_evidence(order, heard):
            self.reconciler.request_pass(order.ref, heard)
