"""The one place where orders change state: written, then told.

Nothing here awaits except past_sending, which only reads. On the event loop that makes
every method atomic: what it reads, decides and writes cannot interleave with another's.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from core.ledger.halts import Halts
from core.ledger.others import Others
from core.ledger.unit_of_work import UnitOfWork
from core.model.errors import Contradiction, OutOfDate
from core.model.evidence import Line
from core.model.exits.news import ChangedAtIb, ExitDone, Unprotected
from core.model.fills import Fill, is_told_twice
from core.model.money import DOLLARS
from core.model.news import CardChanged, InDoubt, Settled
from core.model.order import FINAL, WORKING, Order, OrderRef, OrderState
from core.model.order_events import (
    Acked,
    Amended,
    CancelAsked,
    Charged,
    Filled,
    Held,
    HumanClosed,
    Noted,
    OrderEvent,
    Sent,
    WentSilent,
)
from core.model.order_news import CancelUnconfirmed, Enlarged, FillChanged
from core.model.points import NOTE, W2, W3, W4, W5, Write
from core.ports.account import LineReader
from core.ports.memory import OrderMemory
from core.ports.orders import LedgerOrders
from core.rules.exits.reduced import bare_beside
from core.rules.order_states import (
    advance,
    changed_fill,
    is_changed_at_ib,
    is_ghost,
    is_larger,
    is_unwanted,
)
from core.rules.sending import Judgement, out_of_date


_CUT: Final = (
    "{bare} of its shares have no {exit}: {reason}. Somebody made it smaller at IB"
)


class Ledger:
    """All our orders."""

    def __init__(
        self,
        unit: UnitOfWork,
        *,
        orders: LedgerOrders,
        memory: OrderMemory,
        halts: Halts,
        others: Others,
    ) -> None:
        self._unit = unit
        self._orders, self._memory = orders, memory
        self._halts, self._others = halts, others
        self._charges: dict[str, tuple[Decimal, str]] = {}
        self._left_sending: dict[OrderRef, asyncio.Event] = {}

    def send(self, sent: Sent, judgement: Judgement, *, broker: LineReader) -> Order:
        """W2. Write the order as SENDING, under an order id that is never used again.

        The order is read again in the transaction that writes it, so that nothing that
        happened since it was judged is missed.

        Raises:
            OutOfDate: the judgement no longer holds; nothing was written.
            Contradiction: the order id was used before; nothing was written.
            LookupError: the journal has no such order.
        """
        high = self._memory.order_id_high()
        if sent.order_id <= high:
            raise Contradiction(f"order id {sent.order_id} was used before ({high})")
        with self._unit.writing(W2):
            before = self._still_clear(sent.ref, judgement, broker.line())
            after = advance(before, sent)
            self._memory.raise_order_id_high(sent.order_id)
            self._write(before, after, sent)
        self._left_sending[sent.ref] = asyncio.Event()
        return after

    def give_away(self, order_id: int, *, asked_of: OrderRef) -> None:
        """I4. Reserve this id for a what-if question: no order ever gets it."""
        with self._unit.writing(NOTE):
            self._memory.raise_order_id_high(order_id)
            self._unit.audit(asked_of, "asked only", f"order id {order_id}")

    def _still_clear(self, ref: OrderRef, judgement: Judgement, line: Line) -> Order:
        order = self._known(ref)
        now, halted = self._unit.moment(), self._halts.halted
        why = out_of_date(order, judgement, now=now, line=line, halted=halted)
        if why is not None:
            raise OutOfDate(why)
        return order

    def _known(self, ref: OrderRef) -> Order:
        order = self._orders.by_ref(ref)
        if order is None:
            raise LookupError(ref)
        return order

    def learn(self, event: OrderEvent) -> Order:
        """Apply one event to its order. Repeated events change nothing.

        Raises:
            LookupError: the journal has no such order.
            Contradiction: the order on disk is no longer as it was read.
        """
        if isinstance(event, Filled) and self._is_anothers(event):
            return self._known(event.ref)
        before = self._known(event.ref)
        if isinstance(event, Filled):
            event = self._as_counted(event, before)
        after = self._stamped(before, self._with_charges(advance(before, event)))
        if after == before:
            return before
        with self._unit.writing(_POINTS.get(type(event), W5)):
            self._write(before, after, event)
        if after.state is not OrderState.SENDING and event.ref in self._left_sending:
            self._left_sending.pop(event.ref).set()
        return after

    def _as_counted(self, event: Filled, order: Order) -> Filled:
        """*event* with no more shares of *order* than IB counts as filled with it. It is
        told if there are more, or if they are counted already."""
        fill = event.fill
        if all(fill.stem != each.stem for each in order.fills):
            fill = fill.as_counted
        if fill != event.fill:
            self._others.meet_excess(event.fill, ref=event.ref)
        elif is_told_twice(fill, order.fills):
            self._others.meet_repeated(fill.stem, ref=event.ref)
        return replace(event, fill=fill)

    def _is_anothers(self, event: Filled) -> bool:
        """Whether IB has told this execution of another order of ours: it is of one of
        them, and nobody knows which. The first keeps it, and it is told."""
        first = self._orders.by_exec(event.fill.exec_id)
        if first is None or first.ref == event.ref:
            return False
        self._others.meet_doubled(event.fill.stem, first=first.ref, second=event.ref)
        return True

    def _stamped(self, before: Order, after: Order) -> Order:
        """*after* with the time when IB was first known to hold it, and when the owner
        closed it."""
        if after.perm_id is not None and before.perm_id is None:
            after = replace(after, acked_at=self._unit.now())
        if _is_closed(after) and not _is_closed(before):
            after = replace(after, closed_at=self._unit.now())
        return after

    def charge(
        self, exec_id: str, commission: Decimal, currency: str = DOLLARS
    ) -> None:
        """Apply a commission report, whether or not its fill has come yet."""
        self._charges[exec_id] = commission, currency
        order = self._orders.by_exec(exec_id)
        if order is not None:
            charged = Charged(
                ref=order.ref, exec_id=exec_id, commission=commission, currency=currency
            )
            self.learn(charged)

    async def past_sending(self, ref: OrderRef, *, within: float) -> bool:
        """Whether the order left SENDING within *within* seconds."""
        left = self._left_sending.get(ref)
        if left is None:
            return True
        try:
            async with asyncio.timeout(within):
                await left.wait()
        except TimeoutError:
            return False
        return True

    def _with_charges(self, order: Order) -> Order:
        fills = tuple(self._charged(fill) for fill in order.fills)
        return replace(order, fills=fills)

    def _charged(self, fill: Fill) -> Fill:
        """*fill* with the commission that was told before it came itself."""
        if fill.commission is not None or fill.exec_id not in self._charges:
            return fill
        commission, currency = self._charges[fill.exec_id]
        return replace(fill, commission=commission, currency=currency)

    def _write(self, before: Order, after: Order, event: OrderEvent) -> None:
        if not self._orders.update(after, was=before.state):
            raise Contradiction(f"{before.ref} was not {before.state} on disk")
        self._unit.audit(after.ref, type(event).__name__, f"{after.state} {event}")
        self._unit.notify(CardChanged(proposal_id=after.proposal_id))
        if isinstance(event, HumanClosed) and event.there:
            self._memory.add_seen(after.ref, event.reason)
        if isinstance(event, WentSilent) and before.state is not after.state:
            self._memory.add_doubt(after.ref)
            self._notify_of_doubt(after, event.position_now)
        if before.state is OrderState.UNKNOWN and after.state is not OrderState.UNKNOWN:
            self._notify_of_doubt(after)
        self._notify_of_trades(before, after)
        if is_ghost(before, after) and not self._memory.was_seen(before.ref):
            text = f"IB lists it; here it was {before.state}"
            if is_unwanted(before, after):
                self._memory.add_unwanted(after.ref, text)
                text = f"{text}, so it is being cancelled"
            was_sent = before.order_id is not None  # else by a newer journal than this
            self._others.raise_ghost(after.ref, text, old_copy=not was_sent)

    def _notify_of_doubt(
        self, order: Order, position_now: Decimal | None = None
    ) -> None:
        """Ask about *order*, or tell in the message that asked that it is in doubt no
        more. *position_now* is what IB lists, if known."""
        number = self._memory.doubts(order.ref)
        news = InDoubt(ref=order.ref, position_now=position_now, number=number)
        self._unit.notify(news)

    def _notify_of_trades(self, before: Order, after: Order) -> None:
        """Tell how an exit ended, and what IB has changed of a trade told before."""
        if _is_an_end(before, after):
            self._notify_of_end(after)
        if is_larger(before, after) and after.state is not OrderState.FILLED:
            self._unit.notify(Enlarged(ref=after.ref, shares=after.shares))
        if not self._notify_if_bare(before, after) and is_changed_at_ib(before, after):
            self._unit.notify(_changed_at_ib(before, after, self._unit.now()))
        if changed := changed_fill(before, after):
            self._unit.notify(
                FillChanged(ref=after.ref, was=changed[0], now=changed[1])
            )

    def _notify_if_bare(self, before: Order, after: Order) -> bool:
        """Tell that somebody made a stop smaller than its group, if so."""
        if after.exit is None or after.shares >= before.shares:
            return False
        bare = bare_beside(after, self._orders.of_stock(after.instrument.con_id))
        if bare:
            news = Unprotected(
                at=self._unit.now(),
                con_id=after.instrument.con_id,
                symbol=after.instrument.symbol,
                reason=_CUT.format(exit=after.exit, bare=bare, reason=after.reason),
                is_bare=False,
            )
            self._unit.notify(news)
        return bool(bare)

    def _notify_of_end(self, order: Order) -> None:
        """Tell that an exit has sold. One that sold nothing ended because another sold,
        or somebody ended it; the ExitKeeper tells that."""
        if order.exit is None:
            self._notify_if_settled(order)
        elif order.filled:
            self._unit.notify(ExitDone(ref=order.ref, filled=order.filled))

    def unwanted(self) -> tuple[Order, ...]:
        """R16. Unexpected orders that IB holds and whose cancel is not wanted yet."""
        return tuple(
            order
            for order in self._orders.in_states(WORKING)
            if self._memory.is_unwanted(order.ref) and not order.cancel_asked
        )

    def cancels_wanted(self) -> tuple[Order, ...]:
        """Orders that IB holds and whose cancel is wanted but not confirmed."""
        working = self._orders.in_states(WORKING)
        return tuple(order for order in working if order.cancel_asked)

    def notify_unconfirmed(self, order: Order, *, is_asked: bool) -> None:
        """Tell once that IB does not confirm the cancel of *order*."""
        self._unit.announce(CancelUnconfirmed(ref=order.ref, is_asked=is_asked))

    def _notify_if_settled(self, order: Order) -> None:
        """Tell each end of a card's orders once, unless nothing was sent and a new card
        asks again."""
        others = self._orders.of_proposal(order.proposal_id)
        asks_again = any(o.state is OrderState.NEEDS_RECONFIRM for o in others)
        was_sent = any(o.sent_at is not None for o in others)
        if all(o.state in FINAL for o in others) and (was_sent or not asks_again):
            self._unit.notify(_settled(others))


def _is_closed(order: Order) -> bool:
    return order.state is OrderState.CLOSED_BY_HUMAN


def _is_an_end(before: Order, after: Order) -> bool:
    """Whether *after* has ended and has something new to tell: an execution may be
    learned after the end, or take the place of the owner's answer. What IB has changed
    of one is told by itself."""
    is_told_apart = changed_fill(before, after) is not None
    is_another = after.filled != before.filled and not is_told_apart
    return after.state in FINAL and (before.state not in FINAL or is_another)


def _changed_at_ib(before: Order, after: Order, at: datetime) -> ChangedAtIb:
    return ChangedAtIb(
        at=at,
        ref=after.ref,
        shares=after.shares,
        was_shares=before.shares,
        tif=after.tif,
        was_tif=before.tif,
        limit=after.limit,
        was_limit=before.limit,
        stop=after.stop,
        was_stop=before.stop,
        distance=after.distance,
        was_distance=before.distance,
    )


def _settled(orders: Sequence[Order]) -> Settled:
    """The end of a card's *orders*, as it is now."""
    return Settled(
        proposal_id=orders[0].proposal_id,
        filled=sum(order.filled for order in orders),
        whole=all(order.state is OrderState.FILLED for order in orders),
        states=tuple(order.state for order in orders),
    )


_POINTS: Final[dict[type, Write]] = {
    Acked: W3,
    Filled: W4,
    Charged: NOTE,
    Held: NOTE,
    Noted: NOTE,
    Amended: NOTE,
    CancelAsked: NOTE,
}
