"""Compares our orders with IB's listings: after a start, a lost line, and every day.

Until that has succeeded, nothing may be sent. Silence is never taken for failure: an
order that cannot be found is proven absent by complete evidence, or the owner is asked."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final, Protocol

from core.flows.exits.split_ends import SplitEnds
from core.flows.signals import Signals
from core.flows.statuses_during_pass import StatusesDuringPass
from core.ledger.orders import Ledger
from core.ledger.others import Others
from core.model.errors import BrokerAway, BrokerSilent, OutOfReach
from core.model.evidence import (
    Evidence,
    Line,
    LineState,
    StatusMessage,
    charged_trades,
)
from core.model.identity import Identity
from core.model.instructions import Timeouts
from core.model.order import IN_DOUBT, WORKING, Order, OrderRef, OrderState
from core.model.order_events import (
    Amended,
    CancelAsked,
    FoundAbsent,
    OrderEvent,
    WentSilent,
)
from core.model.points import RECOVER_ABSENT, RECOVER_ADOPT, RECOVER_ASK, Reached
from core.model.status import THE_BOT
from core.ports.account import EvidenceSource, OrderCanceller
from core.ports.market import Clock
from core.ports.orders import KnownOrders
from core.rules.exits.reduced import cut_by_hand, grown, grown_by_hand
from core.rules.listings.absence import judge, undecided
from core.rules.listings.reconciliation import belongs_to, events_of
from core.rules.listings.unknown_orders import copies_of, listed, unknown_orders
from core.rules.new_york import NEW_YORK, day_of
from core.rules.order_messages import OrderMessage
from core.rules.sessions import AFTER_RESET


_log: Final = logging.getLogger(__name__)

LIVE: Final = tuple(IN_DOUBT | WORKING)
"""The states of orders that may be at IB."""


class ComparedBroker(EvidenceSource, OrderCanceller, Protocol):
    """The roles of the broker that list and cancel orders; they cannot place any."""


@dataclass(slots=True, kw_only=True)
class Reconciler:
    """Compares our orders with IB's listings; nothing else concludes absence."""

    broker: ComparedBroker
    orders: KnownOrders
    clock: Clock
    timeouts: Timeouts
    ledger: Ledger
    others: Others
    split_ends: SplitEnds
    signals: Signals
    reached: Reached
    _clean_epoch: int | None = None
    _outage: bool = False
    _due: asyncio.Event = field(default_factory=asyncio.Event)
    _pass: asyncio.Lock = field(default_factory=asyncio.Lock)
    _last: Evidence | None = None
    _not_asked: set[OrderRef] = field(default_factory=set)
    asked: set[OrderRef] = field(default_factory=set)
    _statuses: StatusesDuringPass = field(default_factory=StatusesDuringPass)

    @property
    def reconciled(self) -> bool:
        """Whether the orders have been compared in this session with the gateway."""
        return self.holds_for(self.broker.line())

    def holds_for(self, line: Line) -> bool:
        """Whether the orders have been compared in the session of *line*."""
        return line.state is LineState.UP and line.epoch == self._clean_epoch

    @property
    def comparing(self) -> bool:
        """Whether a pass is under way."""
        return self._pass.locked()

    @property
    def highest_order_id(self) -> int:
        """The highest order id of ours that IB had shown by the last pass; 0 before one."""
        return self._last.highest_order_id if self._last else 0

    def forget(self) -> None:
        """The line was lost or has come back: everything must be compared again, and a
        request may be lost."""
        self.asked.clear()
        self._make_due()

    def _make_due(self) -> None:
        self._outage = self._outage or self._clean_epoch is not None
        self._clean_epoch = None
        self._due.set()

    def request_pass(self, ref: OrderRef, message: OrderMessage) -> None:
        """Request a pass to find out what *message* means for the order. A message during
        a pass may be caused by it; that is decided when the pass ends."""
        if self.comparing and isinstance(message, StatusMessage):
            self._statuses.keep(ref, message.status)
        else:
            self._make_due()

    async def run(self) -> None:
        """Reconcile whenever it is due and the line is up; never ends."""
        while True:
            await self._due.wait()
            self._due.clear()
            if self.broker.line().state is LineState.UP:
                await self._reconcile()

    async def _reconcile(self) -> None:
        """Compare once. It counts if nothing happened meanwhile that makes another one
        due; an incomplete pass (R10) is repeated later."""
        try:
            async with self._pass:
                evidence = await self._compare()
        except BrokerSilent as silent:
            _log.warning("reconciliation is worth nothing: %s", silent)
            await asyncio.sleep(self.timeouts.retry)
            self._due.set()
        except BrokerAway as away:  # the next line makes it due
            _log.warning("reconciliation was cut: %s", away)
        else:
            if self._statuses.end_pass(evidence):
                self._due.set()
            if not self._due.is_set():
                self._clean_epoch, self._outage = evidence.epoch, False
                _log.info("reconciled epoch=%s", self._clean_epoch)
                self.signals.compared.set()
                self.signals.orders_due.set()

    def is_of_another_day(self, now: datetime) -> bool:
        """Whether the last pass was made on another New York date than *now*. It proves
        nothing about today, so the first order of a day waits for a pass."""
        return self._last is None or day_of(self._last.at) != day_of(now)

    def look(self) -> None:
        """Time has passed: send the cancels that the message rate did not allow before,
        and make the day's pass before an order needs it."""
        for order in self.ledger.cancels_wanted() if self._not_asked else ():
            if order.ref in self._not_asked:
                self.ask_cancel(order)
        now = self.clock.now()
        is_after_reset = now.astimezone(NEW_YORK).time() >= AFTER_RESET
        if is_after_reset and self.reconciled and self.is_of_another_day(now):
            self.forget()

    def note_alive(self, ref: OrderRef) -> None:
        """IB shows an order that was not known to work: if its cancel is wanted, IB is
        asked again, whatever it was asked before."""
        self.asked.discard(ref)

    def ask_cancels(self) -> None:
        """Ask IB again to cancel every working order whose cancel is wanted: by the
        owner, or because he was told that it does not exist (R16)."""
        for order in self.ledger.unwanted():
            self.ledger.learn(CancelAsked(ref=order.ref, by=THE_BOT))
        for order in self.ledger.cancels_wanted():
            if order.ref not in self.asked:
                self.ask_cancel(order)

    def ask_cancel(self, order: Order) -> None:
        """Ask IB to cancel *order*, whose cancel is on disk, if it works there and is of
        this identity (R18). The pass after a loss of the line asks again; no other does,
        for IB's refusal (161) brings one. Beyond the message rate the next look asks."""
        line = self.broker.line()
        self._not_asked.discard(order.ref)
        is_near = line.state is LineState.UP and order.is_of(line.identity)
        if order.state not in WORKING or not is_near:
            return
        try:
            self.broker.cancel(order)
        except BrokerAway as away:
            if not isinstance(away, OutOfReach):
                self._not_asked.add(order.ref)
            _log.warning("order=%s: IB is not asked to cancel yet: %s", order.ref, away)
        else:
            self.asked.add(order.ref)

    async def _compare(self) -> Evidence:
        """One pass, and a second one to judge the orders that the first leaves
        undecided.

        Only those: an order that ends during the second pass does not contradict a
        listing from before its end.
        """
        earlier = await self.broker.evidence()
        left_open = {order.ref for order in self._take(earlier)}
        if not left_open:
            return earlier
        timeouts = self.timeouts
        pause = timeouts.settle_after_outage if self._outage else timeouts.settle
        await asyncio.sleep(pause)
        evidence = await self.broker.evidence()
        still_open = (o for o in self._take(evidence) if o.ref in left_open)
        for order in still_open:
            for verdict in judge(order, evidence, earlier=earlier):
                self._conclude(order, verdict, evidence)
        self.ask_cancels()
        return evidence

    def _conclude(self, order: Order, verdict: OrderEvent, evidence: Evidence) -> None:
        verdict = self.split_ends.answer(verdict, order, evidence)
        verdict = self.others.doubt_count(verdict, order, evidence)
        absent = isinstance(verdict, FoundAbsent)
        self.reached(RECOVER_ABSENT if absent else RECOVER_ASK)
        if self.ledger.learn(verdict).state in WORKING:
            self.note_alive(order.ref)

    async def resolve(self, ref: OrderRef) -> None:
        """R15. Resolve an order that was sent and about which IB has said nothing.

        First make one pass over the current line, unless one is under way or has
        already not shown the order. Then tell the owner. Absence is only proven after
        the socket was dropped and a new handshake was made under the same client id
        (the fence)."""
        if self._is_sending(ref) and not self.comparing:
            await self._look_for(ref)
        if self._is_sending(ref):
            self._notify_of_silence(ref)
        order = self.orders.by_ref(ref)
        assert order is not None
        if order.state in IN_DOUBT and self.broker.line().epoch == order.epoch:
            await self._fence(ref)

    def _is_sending(self, ref: OrderRef) -> bool:
        order = self.orders.by_ref(ref)
        return order is not None and order.state is OrderState.SENDING

    async def _look_for(self, ref: OrderRef) -> None:
        try:
            async with self._pass:
                self._take(await self.broker.evidence())
        except (BrokerAway, BrokerSilent) as problem:
            _log.warning("order=%s is in doubt: %s", ref, problem)

    def _notify_of_silence(self, ref: OrderRef) -> None:
        order = self.orders.by_ref(ref)
        assert order is not None
        why, held = "IB has not confirmed it, nor lists it", self._shares_held(order)
        self.ledger.learn(WentSilent(ref=ref, reason=why, position_now=held))

    async def _fence(self, ref: OrderRef) -> None:
        self.forget()
        try:
            await self.broker.reconnect()
        except BrokerAway as away:
            _log.warning("order=%s waits for a new handshake: %s", ref, away)

    def _shares_held(self, order: Order) -> Decimal | None:
        """By the last pass; None if that is from before *order* was sent."""
        last, sent = self._last, order.sent_at
        if last is None or sent is None or last.at < sent:
            return None
        return last.position_in(order.instrument, order.account)

    def _take(self, evidence: Evidence) -> tuple[Order, ...]:
        """Learn everything that one pass shows. Returns the orders left undecided."""
        earlier, self._last = self._last, evidence
        self.others.meet_next_id(evidence.identity, evidence.next_valid_id)
        for order in self._concerned(evidence):
            self._learn(order, evidence)
        for event in self._exits_changed_by_hand(evidence, earlier):
            self.ledger.learn(event)
        for charge in evidence.charges:
            self.ledger.charge(charge.exec_id, charge.commission, charge.currency)
        self.others.meet_trades(charged_trades(evidence.fills, evidence.charges))
        names = self.others.journal_names
        for unknown in unknown_orders(evidence, known=self._known, journal=names):
            self.others.note_unknown_order(unknown)
        self._notify_of_other_names(evidence.identity)
        self.ask_cancels()
        return (*self._undecided(evidence), *self._grown(evidence))

    def _learn(self, order: Order, evidence: Evidence) -> None:
        for perm_id in copies_of(order, evidence):
            self.others.meet_copy(order, perm_id)
        if order.state not in WORKING:
            self.note_alive(order.ref)
        for event in events_of(order, evidence):
            if order.state in IN_DOUBT:
                self.reached(RECOVER_ADOPT)
            self.ledger.learn(event)

    def _undecided(self, evidence: Evidence) -> tuple[Order, ...]:
        return tuple(o for o in self._concerned(evidence) if undecided(o, evidence))

    def _exits_changed_by_hand(
        self, evidence: Evidence, earlier: Evidence | None
    ) -> Iterator[Amended]:
        """Exits of another size at IB, once all fills are learned."""
        for group in self._with_exits(evidence):
            yield from cut_by_hand(group, evidence)
            yield from grown_by_hand(group, evidence, earlier=earlier)

    def _grown(self, evidence: Evidence) -> tuple[Order, ...]:
        """Exits that IB may be about to make smaller, or that somebody made larger."""
        found = (e for g in self._with_exits(evidence) for e in grown(g, evidence))
        orders = (self.orders.by_ref(event.ref) for event in found)
        return tuple(filter(None, orders))

    def _with_exits(self, evidence: Evidence) -> Iterator[Sequence[Order]]:
        """All orders of each stock in which exits of this identity work."""
        exits = [o for o in self.orders.in_states(tuple(WORKING)) if o.oca_group]
        ours = [order for order in exits if order.is_of(evidence.identity)]
        for con_id in {order.instrument.con_id for order in ours}:
            yield self.orders.of_stock(con_id)

    def _notify_of_other_names(self, identity: Identity) -> None:
        """R18. Tell of orders that were sent under another identity. One that was being
        sent becomes an order in doubt, so that other stocks need not wait; about the
        others nothing is learned."""
        for order in self.orders.in_states(LIVE):
            belongs = belongs_to(order, identity)
            if belongs is None:
                continue
            if order.state is OrderState.SENDING:
                self.ledger.learn(WentSilent(ref=order.ref, reason=belongs))
            elif order.reason != belongs:
                self.others.meet_other_name(order, belongs)

    def _concerned(self, evidence: Evidence) -> tuple[Order, ...]:
        """The orders that should be at IB, and those that IB lists although they should
        not be."""
        live = self.orders.in_states(LIVE)
        shown = (self.orders.by_ref(ref) for ref in listed(evidence))
        both = {order.ref: order for order in (*live, *filter(None, shown))}
        return tuple(both.values())

    def _known(self, ref: str) -> bool:
        return self.orders.by_ref(OrderRef(ref)) is not None
