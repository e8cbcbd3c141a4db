"""What one pass over IB's listings shows about one order."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.model.evidence import CompletedOrder, Evidence, FillMessage
from core.model.fills import Fill, with_fill
from core.model.identity import Names, Terms
from core.model.order import Order
from core.model.portfolio import OpenOrder
from core.rules.listings.unknown_orders import fill_in, is_copy
from core.rules.order_messages import ENDED_AT_IB, FILLED_WORD, is_of, is_same_trade


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The rows of one pass that are about *order*."""

    order: Order
    open: OpenOrder | None
    completed: CompletedOrder | None
    fills: tuple[FillMessage, ...]

    @property
    def nothing(self) -> bool:
        """Whether the order is in no listing."""
        return self.open is None and self.completed is None and not self.fills

    @property
    def accounted_for(self) -> bool:
        """Whether it is over and the fills are known for every share that IB counts as
        filled."""
        return self._is_over_with(sum(fill.shares for fill in self._known))

    @property
    def refutes_word(self) -> bool:
        """Whether it is over with the fills that IB has told, and the owner said that
        there were more."""
        told = [fill for fill in self._known if not fill.by_word]
        is_said = len(told) < len(self._known)
        return is_said and self._is_over_with(sum(fill.shares for fill in told))

    @property
    def booked(self) -> bool:
        """Whether it is over and the order itself has the fills for every share that IB
        counts as filled: an execution that IB lists for two orders is booked on the
        first."""
        return self._is_over_with(self.order.filled)

    @property
    def _known(self) -> tuple[Fill, ...]:
        """Its fills, with those that are listed."""
        known = self.order.fills
        for execution in self.fills:
            known = with_fill(known, fill_in(execution, self.order))
        return known

    def _is_over_with(self, shares: int) -> bool:
        return self.completed is not None and shares >= self._due(self.completed)

    def _due(self, completed: CompletedOrder) -> int:
        """How many shares IB counts as filled; all that were sent, where it gives no
        count for an order that it calls filled."""
        is_whole = completed.status == FILLED_WORD and not self.order.oca_group
        return completed.filled or (self.order.shares if is_whole else 0)


def find(order: Order, evidence: Evidence) -> Found:
    """The rows about *order*, as order_messages.is_of matches them.

    An order that completed during the pass is in both listings; it counts as completed.
    An inactive row of an order that was refused, or has ended, does not show it open.
    A copy under the same ref says nothing about the order: only its fills count.
    """
    completed = (
        each
        for each in evidence.completed
        if is_of(order, each.names) and not is_copy(order, each.names)
    )
    over = next(completed, None)
    row = row_of(order, evidence.open_orders) if over is None else None
    has_ended = order.refused is not None or order.state in ENDED_AT_IB
    return Found(
        order=order,
        open=None if row is not None and row.is_inactive and has_ended else row,
        completed=over,
        fills=tuple(
            execution
            for execution in evidence.fills
            if is_of(order, execution.names) and is_same_trade(order, execution)
        ),
    )


def row_of(order: Order, listed: Iterable[OpenOrder]) -> OpenOrder | None:
    """The row of *order* itself among the open orders *listed*: a copy under the same ref
    is another order. None if it is not among them."""
    rows = (
        each
        for each in listed
        if is_of(order, names_of(each), terms_of(each)) and not is_copy(order, each)
    )
    return next(rows, None)


def terms_of(listed: OpenOrder) -> Terms:
    return Terms(
        con_id=listed.instrument.con_id, side=listed.side, shares=listed.shares
    )


def names_of(listed: OpenOrder) -> Names:
    return Names(
        ref=listed.ref,
        client_id=listed.client_id,
        order_id=listed.order_id,
        perm_id=listed.perm_id,
    )
