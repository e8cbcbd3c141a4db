"""Other programs, and the owner by hand, that place orders in this account or use its
order ids: told once, with a halt if an order of ours could be duplicated; what they
trade is kept. R16 to R18 of the decision table in
core.rules.listings.reconciliation.

Nothing here awaits; see core.ledger.orders.
"""

from collections.abc import Iterable
from decimal import Decimal

from core.ledger.halts import Halts
from core.ledger.unit_of_work import UnitOfWork
from core.model.evidence import Evidence
from core.model.fills import Fill, Trade
from core.model.identity import Identity
from core.model.news import CountFellBack, Ghost, LookAlike, OtherName
from core.model.order import Order, OrderState
from core.model.order_events import FoundAbsent, OrderEvent
from core.model.status import THE_BOT, Halt
from core.ports.memory import OtherMemory
from core.ports.orders import KnownOrders
from core.ports.other_trades import OtherTrades
from core.rules.listings.unknown_orders import Origin, UnknownOrder
from core.rules.next_id import NextId, compare_next_id, doubted
from core.rules.order_messages import is_anothers


class Others:
    """Orders and order ids that this journal did not write, or under another
    identity."""

    def __init__(
        self,
        unit: UnitOfWork,
        *,
        memory: OtherMemory,
        halts: Halts,
        trades: OtherTrades,
        orders: KnownOrders,
    ) -> None:
        self._unit, self._memory, self._halts = unit, memory, halts
        self._trades, self._orders = trades, orders

    @property
    def journal_names(self) -> tuple[str, ...]:
        """The names of this journal in refs; see OwnNames."""
        return self._memory.journal_names()

    def meet_ghost(self, ref: str, text: str, *, old_copy: bool = False) -> None:
        """R17. IB lists an order with our prefix that this journal never wrote: tell it
        and halt, once for each *ref*."""
        if not self._memory.is_ghost(ref):
            with self._unit.writing():
                self._memory.add_ghost(ref, text)
                self.raise_ghost(ref, text, old_copy=old_copy)

    def raise_ghost(self, ref: str, text: str, *, old_copy: bool = False) -> None:
        """R16, R17. Tell it and halt, within an open transaction."""
        at, reason = self._unit.now(), f"{ref}: {text}"
        self._unit.notify(Ghost(ref=ref, text=text, old_copy=old_copy, at=at))
        self._halts.add(Halt(at=at, by=THE_BOT, reason=reason, old_copy=old_copy))
        self._unit.audit(ref, "ghost", text)

    def note_unknown_order(self, unknown: UnknownOrder) -> None:
        """R17. Another Openbell in this account halts trading; a tool whose refs only
        begin like ours is told once and left alone."""
        if unknown.halts:
            is_own_name = unknown.origin is Origin.OURS
            self.meet_ghost(unknown.ref, unknown.text, old_copy=is_own_name)
        else:
            self._notify_once(LookAlike(ref=unknown.ref, text=unknown.text))

    def meet_other_name(self, order: Order, belongs: str) -> None:
        """R18. *order* was sent under another identity than this session's; *belongs*
        describes it. Told once for each; the state of the order stays as it is."""
        self._notify_once(OtherName(ref=order.ref, text=belongs))

    def meet_doubled(self, execution: str, *, first: str, second: str) -> None:
        """IB told one *execution* of two orders of ours. It halts once for each."""
        self.halt_once(
            f"execution:{execution}:{second}",
            f"IB tells the execution {execution} of two orders, {first} and {second}. I"
            " count it for the first; compare both with IB",
        )

    def meet_repeated(self, execution: str, *, ref: str) -> None:
        """IB told one order's *execution* under a second id, or more than it counts as
        filled. It halts once for each."""
        self.halt_once(
            f"repeated:{execution}",
            f"IB tells the execution {execution} of {ref} beyond what it counts as filled"
            " of that order: the same trade under a second id? I do not count it; compare"
            " the order with IB",
        )

    def meet_excess(self, fill: Fill, *, ref: str) -> None:
        """IB told *fill*, an execution of the order *ref*, with more shares than it
        counts as filled of that order. It halts once for each."""
        self.halt_once(
            f"excess:{fill.stem}",
            f"IB tells the execution {fill.stem} of {ref} with {fill.shares} shares, and"
            f" counts {fill.cumulative} as filled of that order. I count no more than"
            " that; compare the order with IB",
        )

    def meet_unlisted(self, order: Order, count: Decimal) -> None:
        """*order* has ended, and IB counts *count* shares of it as filled without listing
        all executions: those of an earlier day are gone. It halts once for each."""
        self.halt_once(
            f"unlisted:{order.ref}:{count}",
            f"IB counts {count:f} of {order.side} {order.shares:,}"
            f" {order.instrument.symbol} ({order.ref}) as filled, and lists executions of"
            f" {order.filled:,}: those of an earlier day are gone. The rest is not in my"
            " books; compare the holding with IB",
        )

    def meet_copy(self, order: Order, perm_id: int) -> None:
        """IB lists a second order under *order*'s ref. It halts once for each: what the
        two fill cannot be told apart, and only one of them is known here."""
        self.halt_once(
            f"copy:{order.ref}:{perm_id}",
            f"IB has a second order in the name of {order.ref}, with the permId {perm_id}"
            f" besides {order.perm_id}: a copy made in TWS? It is not cancelled from"
            " here, and its fills count as that order's. Look at it in TWS",
        )

    def halt_once(self, key: str, reason: str) -> None:
        """Halt for *reason*, and tell it, unless that was done before under *key*."""
        if not self._memory.was_told(key):
            with self._unit.writing():
                self._memory.add_told(key)
                self._halts.halt(by=THE_BOT, reason=reason, notify=True)

    def meet_next_id(self, identity: Identity, next_id: int) -> None:
        """IB named *next_id* at a handshake. If it is ahead of what we know, another
        program uses the client id or the journal has lost orders: halt. If it fell
        back, our ids go on above all that were ever used, and it is only told."""
        high = self._memory.order_id_high()
        seen = self._memory.next_id_seen(identity)
        if next_id == seen:
            return
        found = compare_next_id(next_id, high=high, seen=seen)
        with self._unit.writing():
            self._memory.set_next_id_seen(identity, next_id)
            if found is not NextId.EXPECTED:
                text = f"IB's next order id is {next_id}; it was {seen}, ours is {high}"
                self._unit.audit("", "next id", text)
            if found is NextId.FELL_BACK:
                self._unit.notify(CountFellBack(at=self._unit.now(), next_id=next_id))
        if found is NextId.AHEAD:
            reason = _ahead(identity, next_id, high)
            self._halts.halt(by=THE_BOT, reason=reason, notify=True, old_copy=True)

    def doubt_count(
        self, verdict: OrderEvent, order: Order, evidence: Evidence
    ) -> OrderEvent:
        """*verdict* on *order*, as ``doubted`` where IB's next order id is not above every
        one before its own that IB has confirmed under this identity."""
        ours, next_id = order.order_id or 0, evidence.next_valid_id
        if not isinstance(verdict, FoundAbsent) or next_id >= ours:
            return verdict
        known = self._orders.in_states(OrderState)
        left_out = (each for each in known if next_id <= (each.order_id or 0) < ours)
        fell_back = any(o.perm_id and o.is_of(evidence.identity) for o in left_out)
        return doubted(verdict, order, evidence) if fell_back else verdict

    def meet_trades(self, listed: Iterable[Trade]) -> None:
        """Keep the executions among *listed* that are not ours, in stocks that were
        ordered here: the round trips need their price. What is known changes nothing.
        """
        counting = ((each, self._counting(each)) for each in listed)
        new = [
            after
            for each, after in counting
            if after is not None and self._is_of_others(each)
        ]
        if new:
            with self._unit.writing():
                for trade in new:
                    self._keep(trade)

    def meet_charge(self, exec_id: str, commission: Decimal, currency: str) -> None:
        """Apply a commission report to the trade that was kept under *exec_id*; without
        one it changes nothing."""
        known = self._trades.by_exec(exec_id)
        if known is not None and known.fill.exec_id == exec_id:
            self.meet_trades((known.charged(commission, currency),))

    def _is_of_others(self, trade: Trade) -> bool:
        names = trade.names
        if names is None or not trade.account:
            return False
        if self._orders.by_exec(trade.fill.exec_id) is not None:
            return False
        of_it = self._orders.of_stock(trade.con_id)
        return bool(of_it) and is_anothers(names, of_it)

    def _counting(self, reported: Trade) -> Trade | None:
        """What counts from now on; None if that is kept already."""
        known = self._trades.by_exec(reported.fill.exec_id)
        after = reported if known is None else known.amended(reported)
        return None if after == known else after

    def _keep(self, trade: Trade) -> None:
        self._trades.put(trade)
        ref = trade.names.ref if trade.names else ""
        text = f"{trade.account} {trade.side} {trade.shares} of {trade.con_id}"
        self._unit.audit(ref, "trade of another", f"{text}: {trade.fill}")

    def _notify_once(self, news: LookAlike | OtherName) -> None:
        if not self._memory.was_told(news.key):
            with self._unit.writing():
                self._memory.add_told(news.key)
                self._unit.audit(news.ref, type(news).__name__, news.text)
                self._unit.notify(news)


def _ahead(identity: Identity, next_id: int, high: int) -> str:
    return (
        f"IB's next order id for client id {identity.client_id} is {next_id}, and mine "
        f"have come to {high}: another program uses this client id, or this data folder "
        "is an old copy and IB may hold orders that it does not know"
    )
